-- The invitations of a user that can still be cancelled, found without reading those that ended.
SET lock_timeout = '2s';
CREATE INDEX invitations_open ON invitations (org_id, user_id, expires_at)
    WHERE accepted_at IS NULL AND cancelled_at IS NULL;
