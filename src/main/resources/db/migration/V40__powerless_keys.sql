-- Application keys of earlier versions with an empty list of scopes: they can do nothing, and the start counts them.
CREATE INDEX application_keys_powerless ON application_keys (org_id) WHERE scopes = '{}';
