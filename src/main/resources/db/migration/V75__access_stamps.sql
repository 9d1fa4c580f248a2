-- The last write of an organisation that changed the access of anyone: as long as it is the same, a node need not look callers
-- up again after writes of other nodes. It counts only where access_version is the version: a node of an older version writes
-- without it.

SET lock_timeout = '2s';

ALTER TABLE orgs
    ADD COLUMN access_version bigint NOT NULL DEFAULT 0,
    ADD COLUMN access_stamp bigint NOT NULL DEFAULT 0;
