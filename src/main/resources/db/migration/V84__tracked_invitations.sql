-- E-mails that were not sent, or came back: they are few, and the console counts on each page what of them needs attention.

SET lock_timeout = '2s';

CREATE INDEX letters_unsent ON letters (org_id, state, good_until) WHERE state <> 'sent';

-- All invitations that match can be selected, too.
ALTER TABLE selections
    DROP CONSTRAINT selections_kind_check,
    ADD CONSTRAINT selections_kind_check
        CHECK (kind IN ('people', 'invitations', 'query', 'invitation_query', 'pasted')) NOT VALID;
ALTER TABLE selections VALIDATE CONSTRAINT selections_kind_check;
