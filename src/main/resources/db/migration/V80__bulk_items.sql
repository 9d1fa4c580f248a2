-- Items are reached in order, so that how many were tells which are next. Without an index on their outcome, storing it changes
-- no index; and a job and its items are stored in one transaction, and swept together, without a check of each.

SET lock_timeout = '2s';

DROP INDEX bulk_items_open;
DROP INDEX bulk_items_outcome;
ALTER TABLE bulk_items DROP CONSTRAINT bulk_items_org_id_job_id_fkey;
ALTER TABLE bulk_items SET (fillfactor = 70);
