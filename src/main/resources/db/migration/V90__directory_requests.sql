-- What directories asked lately over SCIM, and what they provision: for those who look after it. Nothing of this has a version.

SET lock_timeout = '2s';

-- The last request with each key. Keys that are gone may be left; the oldest go.
CREATE TABLE scim_clients (
    org_id uuid NOT NULL,
    key_id uuid NOT NULL,          -- of an access token or an application key
    at     timestamptz NOT NULL,
    method text NOT NULL,
    route  text NOT NULL,          -- a template, such as /scim/v2/Users/{id}: never what was sent
    status integer NOT NULL,
    agent  text NOT NULL,          -- what the client calls itself, without what may be an address; empty if it does not say
    PRIMARY KEY (org_id, key_id)
);
CREATE INDEX scim_clients_at ON scim_clients (at);

-- Requests that failed, those that are alike together. They name attributes and ids, and never what was sent.
CREATE TABLE scim_failures (
    org_id    uuid NOT NULL,
    method    text NOT NULL,
    route     text NOT NULL,
    status    integer NOT NULL,
    scim_type text NOT NULL,       -- empty if the error has none
    about     text NOT NULL,       -- an attribute, a permission or another word of ours; empty if there is none
    subject   text NOT NULL,       -- the id in the path, if it is one; else empty
    key_id    uuid NOT NULL,       -- with which it was asked last
    times     bigint NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (org_id, method, route, status, scim_type, about, subject)
);
CREATE INDEX scim_failures_last ON scim_failures (last_at);

-- Which user the directory is that said it last, as a rule a service account. NULL: it was not noted then.
ALTER TABLE scim_users ADD COLUMN changed_by uuid;

-- Roles that a directory made or changed as groups.
CREATE TABLE scim_groups (
    org_id     uuid NOT NULL,
    role_id    uuid NOT NULL,
    changed_by uuid,               -- as of scim_users
    PRIMARY KEY (org_id, role_id),
    FOREIGN KEY (org_id, role_id) REFERENCES roles (org_id, id) ON DELETE CASCADE
);
INSERT INTO scim_groups (org_id, role_id) SELECT org_id, id FROM roles WHERE external_id IS NOT NULL;
