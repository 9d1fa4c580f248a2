-- From an address to the users who may sign in by it. No address is readable here.

SET lock_timeout = '2s';

CREATE TABLE sign_in_pointers (
    digest  bytea NOT NULL,                -- keyed hash (HMAC) of an address that the user has or had
    org_id  uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (digest, org_id, user_id)
);
CREATE INDEX sign_in_pointers_user ON sign_in_pointers (org_id, user_id);
