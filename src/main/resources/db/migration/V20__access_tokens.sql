-- Tokens that authenticate alone: personal ones, and those of service accounts.

SET lock_timeout = '2s';

CREATE TABLE access_tokens (
    org_id         uuid NOT NULL,
    id             uuid NOT NULL,
    user_id        uuid NOT NULL,           -- the owner: a person or a service account
    name           text NOT NULL,
    public_portion text NOT NULL,           -- the middle part of the token, which tells nothing of the rest
    digest         bytea NOT NULL,          -- SHA-256 of the token, which is never readable again
    scopes         text[] NOT NULL,         -- permission names
    created_at     timestamptz NOT NULL,
    modified_at    timestamptz,             -- NULL until it was changed
    expires_at     timestamptz,             -- NULL: never, for service accounts only
    revoked_at     timestamptz,             -- revoking it again is no error, so it stays
    last_used_at   timestamptz,             -- changes without a version
    version        bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX access_tokens_version ON access_tokens (org_id, version);
CREATE INDEX access_tokens_user ON access_tokens (org_id, user_id) WHERE revoked_at IS NULL;

ALTER TABLE key_pointers
    DROP CONSTRAINT key_pointers_kind_check,
    ADD CONSTRAINT key_pointers_kind_check CHECK (kind IN ('api_key', 'application_key', 'access_token')) NOT VALID;
ALTER TABLE key_pointers VALIDATE CONSTRAINT key_pointers_kind_check;
