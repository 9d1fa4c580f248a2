-- Organisations, users, roles, keys, invitations, letters, and what happened to them.
--
-- Every tenant table has org_id first in its primary key and in every unique constraint, and an index on
-- (org_id, version): the same schema can be distributed by org_id. A row's version is that of the write that last
-- touched it; the audit entries of that write carry it too.

CREATE TABLE installation (
    name  text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE orgs (
    id          uuid PRIMARY KEY,
    public_id   text NOT NULL UNIQUE,
    name        text NOT NULL,
    description text,
    disabled    boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    version     bigint NOT NULL,       -- of the last write
    stamp       bigint NOT NULL,       -- random; the audit entry at this version carries it too
    written_at  timestamptz NOT NULL   -- time of the last write; times never go back within an organisation
);

CREATE TABLE users (
    org_id          uuid NOT NULL,
    id              uuid NOT NULL,
    email           text NOT NULL,                            -- folded
    email_proved    boolean NOT NULL DEFAULT false,           -- by an accepted letter or a trusted sign-in
    handle          text NOT NULL,
    name            text,
    name_folded     text COLLATE "C",                         -- folded by Roster, for searching and sorting
    title           text,
    title_folded    text COLLATE "C",
    verified        boolean NOT NULL,
    disabled        boolean NOT NULL DEFAULT false,
    service_account boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    modified_at     timestamptz NOT NULL,
    last_login_at   timestamptz,
    version         bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX users_version ON users (org_id, version);
-- Taken addresses are looked for under the organisation's lock; these hold even if somebody writes by hand.
CREATE UNIQUE INDEX users_email ON users (org_id, email) WHERE NOT service_account;
CREATE UNIQUE INDEX users_handle ON users (org_id, handle);

CREATE TABLE roles (
    org_id      uuid NOT NULL,
    id          uuid NOT NULL,
    name        text NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    managed     text CHECK (managed IN ('READ_ONLY', 'STANDARD', 'ADMIN')),
    permissions text[],                   -- names; NULL for a managed role, whose permissions the catalogue says
    receives_permissions_from text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    created_by  text,                     -- handle of the acting user
    modified_by text,
    version     bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    CHECK ((managed IS NULL) = (permissions IS NOT NULL))
);
CREATE INDEX roles_version ON roles (org_id, version);
CREATE UNIQUE INDEX roles_name ON roles (org_id, name_folded);

CREATE TABLE role_members (
    org_id   uuid NOT NULL,
    user_id  uuid NOT NULL,
    role_id  uuid NOT NULL,
    added_by uuid,                        -- the user who gave the role; NULL: the command line or the bootstrap
    version  bigint NOT NULL,
    PRIMARY KEY (org_id, user_id, role_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
    FOREIGN KEY (org_id, role_id) REFERENCES roles (org_id, id)
);
CREATE INDEX role_members_version ON role_members (org_id, version);
CREATE INDEX role_members_role ON role_members (org_id, role_id, user_id);

CREATE TABLE api_keys (
    org_id      uuid NOT NULL,
    id          uuid NOT NULL,
    name        text NOT NULL,
    last4       text NOT NULL,
    digest      bytea NOT NULL,           -- SHA-256 of the key
    sealed      bytea NOT NULL,           -- the key, AES-GCM, for administrators to read again
    created_at  timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    created_by  uuid,                     -- NULL: the command line or the bootstrap
    modified_by uuid,
    version     bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX api_keys_version ON api_keys (org_id, version);

CREATE TABLE application_keys (
    org_id     uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    name       text NOT NULL,
    last4      text NOT NULL,
    digest     bytea NOT NULL,            -- SHA-256 of the key, which is never readable again
    scopes     text[],                    -- permission names; NULL: everything the owner may do
    created_at timestamptz NOT NULL,
    version    bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX application_keys_version ON application_keys (org_id, version);
CREATE INDEX application_keys_user ON application_keys (org_id, user_id);

CREATE TABLE invitations (
    org_id       uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    email        text NOT NULL,           -- the address it is for, and the only one that accepting proves
    inviter_id   uuid,                    -- NULL: the command line
    invite_type  text NOT NULL CHECK (invite_type IN ('basic_invite', 'basic_reminder')),
    generation   integer NOT NULL,        -- raised when it is sent again; earlier links end then
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    accepted_at  timestamptz,
    cancelled_at timestamptz,
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX invitations_version ON invitations (org_id, version);
CREATE INDEX invitations_user ON invitations (org_id, user_id);

-- Letters to people: written with what caused them, sent after the commit. Their delivery columns (from `state` on)
-- change without a version.
CREATE TABLE letters (
    org_id          uuid NOT NULL,
    id              uuid NOT NULL,
    kind            text NOT NULL,        -- 'invitation'
    subject_id      uuid NOT NULL,        -- what it is about: the invitation
    recipient       text NOT NULL,
    created_at      timestamptz NOT NULL,
    good_until      timestamptz NOT NULL, -- afterwards nobody tries to send it any more
    version         bigint NOT NULL,
    state           text NOT NULL DEFAULT 'queued'
                    CHECK (state IN ('queued', 'sent', 'deferred', 'failed', 'dropped')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    claimed_until   timestamptz,          -- a node is sending it; if it dies, others may from then on
    sent_at         timestamptz,
    last_error      text,                 -- why it is deferred, failed or dropped; no link, no password
    PRIMARY KEY (org_id, id)
);
CREATE INDEX letters_version ON letters (org_id, version);
CREATE INDEX letters_due ON letters (org_id, next_attempt_at, id) WHERE state IN ('queued', 'deferred');
CREATE INDEX letters_subject ON letters (org_id, subject_id);

-- Who did what. Written in the transaction of the change, never changed.
CREATE TABLE audit_entries (
    org_id       uuid NOT NULL,
    version      bigint NOT NULL,
    entry        integer NOT NULL,        -- from 1, within the write
    at           timestamptz NOT NULL,
    stamp        bigint NOT NULL,
    action       text NOT NULL,           -- user.created, role.member_added, …
    subject_kind text NOT NULL,           -- org, user, role, api_key, application_key, invitation
    subject_id   uuid NOT NULL,
    subject_name text NOT NULL,
    actor_kind   text NOT NULL CHECK (actor_kind IN ('USER', 'SERVICE_ACCOUNT', 'CLI', 'BOOTSTRAP', 'INVITEE', 'SQL')),
    actor_id     uuid,
    actor_name   text NOT NULL,           -- handle; cli:<operating system user>; bootstrap; invitee
    api_key_id   uuid,
    application_key_id uuid,
    request_id   text NOT NULL,
    address      text,
    before       jsonb,                   -- only what changed; no secret, ever
    after        jsonb,
    PRIMARY KEY (org_id, version, entry)
);
CREATE INDEX audit_entries_subject ON audit_entries (org_id, subject_id, version);

-- Deleted rows, for those who remember them. Deleting a role leaves one row, and none for its members.
CREATE TABLE gone (
    org_id  uuid NOT NULL,
    version bigint NOT NULL,
    kind    text NOT NULL,                -- role, role_member (the user's id), api_key, application_key
    id      uuid NOT NULL,
    PRIMARY KEY (org_id, version, kind, id)
);

-- Pointers: the few look-ups that do not start from an organisation. They are added and never changed; whether what
-- they point at is there and good is read from the organisation's own rows.
CREATE TABLE key_pointers (
    digest bytea NOT NULL,
    kind   text NOT NULL CHECK (kind IN ('api_key', 'application_key')),
    org_id uuid NOT NULL,
    id     uuid NOT NULL,
    PRIMARY KEY (digest)
);
CREATE TABLE invitation_pointers (
    digest     bytea NOT NULL,            -- SHA-256 of the link's token
    org_id     uuid NOT NULL,
    id         uuid NOT NULL,
    generation integer NOT NULL,
    PRIMARY KEY (digest)
);
CREATE TABLE address_pointers (
    email   text NOT NULL,                -- proved at some time by this user
    org_id  uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (email, org_id, user_id)
);

-- A hand edit or a data migration ends with SELECT roster_touch(org, 'why'): the organisation gets a new version, an
-- audit entry that says so, and whoever remembers it reads it anew.
CREATE FUNCTION roster_touch(touched uuid, why text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    next_version bigint;
    next_stamp   bigint := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))::bit(64)::bigint;
    this_moment  timestamptz;
    org_name     text;
BEGIN
    PERFORM 1 FROM orgs WHERE id = touched FOR UPDATE;
    SELECT version + 1, greatest(clock_timestamp(), written_at), name INTO STRICT next_version, this_moment, org_name
      FROM orgs WHERE id = touched;
    INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                               actor_kind, actor_name, request_id, after)
    VALUES (touched, next_version, 1, this_moment, next_stamp, 'org.touched', 'org', touched, org_name,
            'SQL', 'sql:' || session_user, gen_random_uuid()::text, jsonb_build_object('why', why));
    -- Nobody can tell what was edited: word that everything may be gone makes every node read the organisation anew.
    INSERT INTO gone (org_id, version, kind, id) VALUES (touched, next_version, 'everything', touched);
    UPDATE orgs SET version = next_version, stamp = next_stamp, written_at = this_moment WHERE id = touched;
    RETURN next_version;
END $$;
