-- Organisations that others have made through the API.
ALTER TABLE orgs
    ADD COLUMN parent_id uuid,                                   -- the organisation that made it; NULL: the operator
    ADD COLUMN may_have_children boolean NOT NULL DEFAULT false;
CREATE INDEX orgs_parent ON orgs (parent_id, created_at) WHERE parent_id IS NOT NULL;

-- The installation's first one may.
UPDATE orgs SET may_have_children = true WHERE id = (SELECT id FROM orgs ORDER BY created_at, id LIMIT 1);
