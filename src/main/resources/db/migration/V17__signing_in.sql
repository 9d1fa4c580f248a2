-- How people are to sign in, and what an organisation's SAML identity provider says of itself.

-- Without any, those of the organisation apply.
ALTER TABLE users ADD COLUMN login_methods text[] NOT NULL DEFAULT '{}';
CREATE INDEX users_bound ON users (org_id, id) WHERE login_methods <> '{}';

-- One at most in an organisation, from the metadata that was uploaded last.
CREATE TABLE saml_configurations (
    org_id      uuid NOT NULL,
    id          uuid NOT NULL,
    entity_id   text NOT NULL,
    sso_url     text,
    expires_at  timestamptz,
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    version     bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id)
);
CREATE INDEX saml_configurations_version ON saml_configurations (org_id, version);
