-- What directories say of users over SCIM, beside what Roster knows of them itself.

SET lock_timeout = '2s';

-- Users of whom no SCIM client ever said anything have no row.
CREATE TABLE scim_users (
    org_id           uuid NOT NULL,
    user_id          uuid NOT NULL,
    user_name        text,                 -- as sent; NULL where no SCIM client gave one: then it is the e-mail
    user_name_folded text COLLATE "C",
    external_id      text COLLATE "C",     -- never an id of ours, and not unique
    email_sent       text,                 -- the address as sent, shown while it folds to users.email
    attributes       jsonb NOT NULL,       -- all else that is kept, under canonical names
    changed_at       timestamptz NOT NULL, -- of what stands here
    hidden           boolean NOT NULL,     -- deleted over SCIM: the user stays, disabled
    version          bigint NOT NULL,
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
    CHECK ((user_name IS NULL) = (user_name_folded IS NULL))
);
CREATE INDEX scim_users_version ON scim_users (org_id, version);
-- Taken names are looked for under the organisation's lock; this holds even after a write by hand.
CREATE UNIQUE INDEX scim_users_name ON scim_users (org_id, user_name_folded) WHERE NOT hidden;
CREATE INDEX scim_users_external ON scim_users (org_id, external_id) WHERE external_id IS NOT NULL;

-- What a directory says of a role of a user. It goes with the membership.
ALTER TABLE role_members
    ADD COLUMN scim_type    text,
    ADD COLUMN scim_primary boolean;
