-- Which role somebody gets whom the identity provider says a certain thing of.

-- What an identity provider may say: a key and a value, under a number within the organisation. Kept when no mapping names it.
CREATE TABLE saml_assertion_attributes (
    org_id          uuid NOT NULL,
    id              bigint NOT NULL,
    attribute_key   text NOT NULL,
    attribute_value text NOT NULL,
    version         bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, attribute_key, attribute_value)
);
CREATE INDEX saml_assertion_attributes_version ON saml_assertion_attributes (org_id, version);

CREATE TABLE authn_mappings (
    org_id       uuid NOT NULL,
    id           uuid NOT NULL,
    attribute_id bigint NOT NULL,
    role_id      uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    modified_at  timestamptz NOT NULL,
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, attribute_id, role_id),
    FOREIGN KEY (org_id, attribute_id) REFERENCES saml_assertion_attributes (org_id, id),
    FOREIGN KEY (org_id, role_id) REFERENCES roles (org_id, id)
);
CREATE INDEX authn_mappings_version ON authn_mappings (org_id, version);
CREATE INDEX authn_mappings_role ON authn_mappings (org_id, role_id);
