-- What an organisation has set, and what was answered under an idempotency key.

-- Only settings that were changed have a row; Roster knows the defaults.
CREATE TABLE org_configs (
    org_id      uuid NOT NULL,
    name        text NOT NULL,            -- '30d_invite_expiration'
    value       jsonb NOT NULL,
    modified_at timestamptz NOT NULL,
    version     bigint NOT NULL,
    PRIMARY KEY (org_id, name)
);
CREATE INDEX org_configs_version ON org_configs (org_id, version);

-- Answers to be given again, for a day. Written in the transaction of the work that was answered; without a version, as
-- nobody remembers them and no ETag covers them. Neither the key nor the request's body is kept, only their SHA-256.
CREATE TABLE idempotency_keys (
    org_id       uuid NOT NULL,
    user_id      uuid NOT NULL,           -- the caller
    route        text NOT NULL,           -- method and template
    key_digest   bytea NOT NULL,
    body_digest  bytea NOT NULL,          -- of the bytes as received
    status       integer NOT NULL,
    headers      text[] NOT NULL,         -- name, value, name, value, …
    content_type text,
    body         bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (org_id, user_id, route, key_digest)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (org_id, created_at);

-- For lists of invitations, newest first.
CREATE INDEX invitations_created ON invitations (org_id, created_at, id);
