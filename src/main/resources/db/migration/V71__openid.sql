-- Sign-in by OpenID Connect: providers as they are configured, and whose account an identity there is.

SET lock_timeout = '2s';

-- Rows of removed providers stay without their secret, so that what named them can be told from what never was.
CREATE TABLE oidc_providers (
    org_id               uuid NOT NULL,
    id                   uuid NOT NULL,
    kind                 text NOT NULL CHECK (kind IN ('google_oidc', 'oidc')),
    name                 text NOT NULL,
    profile              text NOT NULL CHECK (profile IN ('google', 'okta', 'entra', 'keycloak', 'generic')),
    issuer               text NOT NULL,
    client_id            text NOT NULL,
    secret_sealed        text,             -- with the organisation and the id; NULL: none, or removed
    secret_set_at        timestamptz,
    client_auth          text NOT NULL CHECK (client_auth IN ('basic', 'post')),
    scopes               text[] NOT NULL,
    domains              text[] NOT NULL,
    addresses            text NOT NULL CHECK (addresses IN ('claim', 'letter', 'trusted')),
    link                 text NOT NULL CHECK (link IN ('confirm', 'automatic')),
    create_users         boolean NOT NULL,
    default_role         uuid,
    second_factor        text NOT NULL CHECK (second_factor IN ('roster', 'provider')),
    second_factor_values text[] NOT NULL,
    enabled              boolean NOT NULL,
    changed_by           uuid,             -- the user who changed it last; NULL: the operator
    created_at           timestamptz NOT NULL,
    modified_at          timestamptz NOT NULL,
    removed_at           timestamptz,
    version              bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX oidc_providers_version ON oidc_providers (org_id, version);

-- From the id in an address to the organisation.
CREATE TABLE oidc_provider_pointers (
    id     uuid NOT NULL,
    org_id uuid NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE identities (
    org_id       uuid NOT NULL,
    id           uuid NOT NULL,
    provider_id  uuid NOT NULL,
    issuer       text NOT NULL,
    subject      text NOT NULL,            -- `sub`
    user_id      uuid NOT NULL,
    linked_at    timestamptz NOT NULL,
    how          text NOT NULL CHECK (how IN ('password', 'letter', 'automatic', 'invitation', 'created')),
    last_used_at timestamptz,              -- changes without a version
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, provider_id, subject),
    UNIQUE (org_id, provider_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX identities_version ON identities (org_id, version);
CREATE INDEX identities_user ON identities (org_id, user_id);

-- Logout tokens that were obeyed, so that none works twice. Of no organisation.
CREATE TABLE spent_tokens (
    digest     bytea NOT NULL,             -- SHA-256 of the provider and the token's `jti`
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX spent_tokens_expired ON spent_tokens (expires_at);

ALTER TABLE sessions
    ADD COLUMN provider_id     uuid,
    ADD COLUMN identity_id     uuid,
    ADD COLUMN provider_sid    text,       -- `sid`: the session at the provider
    ADD COLUMN id_token_sealed text;       -- to sign out there; erased when the session ends
CREATE INDEX sessions_identity ON sessions (org_id, identity_id) WHERE ended_at IS NULL AND identity_id IS NOT NULL;
