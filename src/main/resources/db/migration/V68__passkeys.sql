-- Passkeys (WebAuthn): keys of users that never leave their devices.

SET lock_timeout = '2s';

CREATE TABLE passkeys (
    org_id        uuid NOT NULL,
    id            uuid NOT NULL,
    user_id       uuid NOT NULL,
    user_handle   bytea NOT NULL,          -- 32 random bytes, the same for all passkeys of a user: what a device knows them by
    credential_id bytea NOT NULL,
    public_key    bytea NOT NULL,          -- attested credential data, as the device sent it
    aaguid        uuid NOT NULL,           -- the model of the device; zeros: not told
    transports    text[] NOT NULL,
    name          text NOT NULL,
    backed_up     boolean NOT NULL,        -- whether the user's other devices have it too
    created_at    timestamptz NOT NULL,
    sign_count    bigint NOT NULL,         -- changes without a version, as does the next
    last_used_at  timestamptz,
    version       bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX passkeys_version ON passkeys (org_id, version);
CREATE INDEX passkeys_user ON passkeys (org_id, user_id, created_at, id);

-- From a credential to the passkey; deleted with it.
CREATE TABLE passkey_pointers (
    digest bytea NOT NULL,                 -- SHA-256 of the credential's id
    org_id uuid NOT NULL,
    id     uuid NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX passkey_pointers_passkey ON passkey_pointers (org_id, id);
