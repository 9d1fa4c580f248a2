-- Roles that users have because of what their provider says of them.

SET lock_timeout = '2s';

ALTER TABLE role_members
    ADD COLUMN source text NOT NULL DEFAULT 'hand',   -- 'mapping': comes and goes with the claims
    ADD CONSTRAINT role_members_source_check CHECK (source IN ('hand', 'mapping')) NOT VALID;
ALTER TABLE role_members VALIDATE CONSTRAINT role_members_source_check;

ALTER TABLE authn_mappings ADD COLUMN changed_by uuid; -- the user who changed it last; NULL: the operator, or an earlier version
