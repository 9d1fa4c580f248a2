-- What users did, for the pages about them.

SET lock_timeout = '2s';

CREATE INDEX audit_entries_actor ON audit_entries (org_id, actor_id, version) WHERE actor_id IS NOT NULL;
