-- What people are signed in by. Ended rows stay for 30 days, so that the list of sessions and the trail can be compared.

SET lock_timeout = '2s';

CREATE TABLE sessions (
    org_id       uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    digest       bytea NOT NULL,           -- SHA-256 of the token, which is never readable again
    method       text NOT NULL,            -- a login method, or 'link'
    factors      text[] NOT NULL,          -- what was shown: 'password', 'link'
    created_at   timestamptz NOT NULL,
    ends_at      timestamptz,              -- earlier than settings say, as for a session by link; NULL: as they say
    address      text,                     -- of the client that signed in
    browser      text,                     -- its User-Agent, cut to 256 characters
    ended_at     timestamptz,
    ended_why    text,
    last_seen_at timestamptz NOT NULL,     -- changes without a version
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX sessions_version ON sessions (org_id, version);
CREATE INDEX sessions_user ON sessions (org_id, user_id, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_created ON sessions (created_at);

-- Unlike those of keys, the pointer of a session is deleted when it ends.
ALTER TABLE key_pointers
    DROP CONSTRAINT key_pointers_kind_check,
    ADD CONSTRAINT key_pointers_kind_check
        CHECK (kind IN ('api_key', 'application_key', 'access_token', 'session')) NOT VALID;
ALTER TABLE key_pointers VALIDATE CONSTRAINT key_pointers_kind_check;
