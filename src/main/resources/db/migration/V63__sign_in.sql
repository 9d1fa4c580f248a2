-- Signing in under way, how often it was tried, and links that let in once.

SET lock_timeout = '2s';

-- Failed tries, by what they are counted by. Of no organisation, as an address may be in several or none.
CREATE TABLE guesses (
    key      bytea NOT NULL,               -- keyed hash (HMAC): no address and no network is readable
    failures integer NOT NULL,             -- a place is taken before the password is looked at, and given back if it is right
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    next_at  timestamptz NOT NULL,         -- when the next try is looked at
    PRIMARY KEY (key)
);
CREATE INDEX guesses_last ON guesses (last_at);

-- What a browser has shown while it is not signed in yet.
CREATE TABLE sign_in_flows (
    digest     bytea NOT NULL,             -- SHA-256 of the browser's cookie
    content    text NOT NULL,              -- sealed
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX sign_in_flows_expired ON sign_in_flows (expires_at);

CREATE TABLE mail_links (
    org_id       uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('once')),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    cancelled_at timestamptz,
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX mail_links_version ON mail_links (org_id, version);
CREATE INDEX mail_links_user ON mail_links (org_id, user_id) WHERE used_at IS NULL AND cancelled_at IS NULL;

-- Deleted when the link was used or cancelled.
CREATE TABLE link_pointers (
    digest bytea NOT NULL,                 -- SHA-256 of the link's token
    org_id uuid NOT NULL,
    id     uuid NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX link_pointers_link ON link_pointers (org_id, id);
