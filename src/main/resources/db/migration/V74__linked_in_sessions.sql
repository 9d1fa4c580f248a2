-- Users link identities in a session of theirs, too.

SET lock_timeout = '2s';

ALTER TABLE identities
    DROP CONSTRAINT identities_how_check,
    ADD CONSTRAINT identities_how_check
        CHECK (how IN ('password', 'letter', 'automatic', 'invitation', 'created', 'session')) NOT VALID;
ALTER TABLE identities VALIDATE CONSTRAINT identities_how_check;
