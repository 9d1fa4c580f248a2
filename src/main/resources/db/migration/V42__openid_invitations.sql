-- Where Google is the only way to sign in, invitations say so.
ALTER TABLE invitations DROP CONSTRAINT invitations_invite_type_check;
ALTER TABLE invitations
    ADD CONSTRAINT invitations_invite_type_check
        CHECK (invite_type IN ('basic_invite', 'basic_reminder', 'openid_invite'));
