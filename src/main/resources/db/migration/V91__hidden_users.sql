-- Whom directories have deleted: few, while each list of members asks it of everyone in it.

SET lock_timeout = '2s';

CREATE INDEX scim_users_hidden ON scim_users (org_id, user_id) WHERE hidden;
