-- What people who accept an invitation choose, for signing in; and that somebody asked for a new invitation.

CREATE TABLE passwords (
    org_id  uuid NOT NULL,
    user_id uuid NOT NULL,
    digest  text NOT NULL,               -- Argon2id in its own text form: parameters, salt and digest
    set_at  timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX passwords_version ON passwords (org_id, version);

-- One row for each link whose holder asked for a new one: nobody asks twice.
CREATE TABLE invitation_requests (
    org_id        uuid NOT NULL,
    invitation_id uuid NOT NULL,
    generation    integer NOT NULL,      -- of the link
    inviter_id    uuid NOT NULL,         -- who was told
    asked_at      timestamptz NOT NULL,
    version       bigint NOT NULL,
    PRIMARY KEY (org_id, invitation_id, generation),
    FOREIGN KEY (org_id, invitation_id) REFERENCES invitations (org_id, id)
);
CREATE INDEX invitation_requests_version ON invitation_requests (org_id, version);
CREATE INDEX invitation_requests_inviter ON invitation_requests (org_id, inviter_id, asked_at);
