-- From which addresses an organisation may be called.

-- An organisation that never had one has no row.
CREATE TABLE ip_allowlists (
    org_id  uuid NOT NULL,
    enabled boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id)
);
CREATE INDEX ip_allowlists_version ON ip_allowlists (org_id, version);

CREATE TABLE ip_allowlist_entries (
    org_id      uuid NOT NULL,
    id          uuid NOT NULL,
    cidr_block  text NOT NULL,            -- as Roster writes it: 10.0.0.0/8, 2001:db8::/32
    note        text,
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    version     bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, cidr_block)
);
CREATE INDEX ip_allowlist_entries_version ON ip_allowlist_entries (org_id, version);
