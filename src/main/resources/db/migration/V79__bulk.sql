-- Acts on many people: what was selected for them, and how far each has come. None of it has a version: what an act changes does.

SET lock_timeout = '2s';

-- People chosen on a page, until the act on them begins. Seen by their maker only; swept after good_until.
CREATE TABLE selections (
    org_id     uuid NOT NULL,
    id         uuid NOT NULL,
    maker_id   uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('people', 'invitations', 'query', 'pasted')),
    ids        uuid[] NOT NULL,          -- of people or invitations, in order
    words      text[] NOT NULL,          -- of a query: names and values in turn
    zone       text NOT NULL,            -- in which the days of a query begin
    pasted     text NOT NULL,            -- as it was read
    windows    boolean NOT NULL,         -- whether a file was read as Windows-1252
    role_ids   uuid[] NOT NULL,          -- for all who were pasted
    send       boolean NOT NULL,         -- whether those who were pasted are sent an e-mail
    created_at timestamptz NOT NULL,
    good_until timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, maker_id) REFERENCES users (org_id, id)
);
CREATE INDEX selections_good_until ON selections (good_until);
CREATE INDEX selections_maker ON selections (org_id, maker_id);

CREATE TABLE bulk_jobs (
    org_id          uuid NOT NULL,
    id              uuid NOT NULL,
    act             text NOT NULL,
    role_ids        uuid[] NOT NULL,     -- given or taken
    send            boolean NOT NULL,    -- whether those who are invited are sent an e-mail
    maker_id        uuid NOT NULL,
    request_id      text NOT NULL,       -- of the request that began it
    address         text,                -- of the client that began it
    undoes          uuid,                -- the job that this one undoes
    people          integer NOT NULL,
    done            integer NOT NULL DEFAULT 0,
    skipped         integer NOT NULL DEFAULT 0,
    refused         integer NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'running', 'finished', 'stopped', 'not_allowed', 'failed')),
    created_at      timestamptz NOT NULL,
    started_at      timestamptz,
    ended_at        timestamptz,
    next_attempt_at timestamptz NOT NULL,
    claimed_until   timestamptz,
    good_until      timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, maker_id) REFERENCES users (org_id, id)
);
CREATE INDEX bulk_jobs_due ON bulk_jobs (next_attempt_at) WHERE ended_at IS NULL;
CREATE INDEX bulk_jobs_ended ON bulk_jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX bulk_jobs_undoes ON bulk_jobs (org_id, undoes) WHERE undoes IS NOT NULL;
CREATE INDEX bulk_jobs_created ON bulk_jobs (org_id, created_at, id);

-- Whom a job is about, in the order in which it reaches them.
CREATE TABLE bulk_items (
    org_id        uuid NOT NULL,
    job_id        uuid NOT NULL,
    position      integer NOT NULL,
    user_id       uuid,                  -- none: not created yet
    invitation_id uuid,                  -- of those that are cancelled
    email         text,                  -- of a person who is to be created, until they are
    name          text,
    title         text,
    role_ids      uuid[] NOT NULL DEFAULT '{}',
    outcome       text CHECK (outcome IN ('done', 'skipped', 'refused')),
    reason        text,
    detail        text,
    PRIMARY KEY (org_id, job_id, position),
    FOREIGN KEY (org_id, job_id) REFERENCES bulk_jobs (org_id, id) ON DELETE CASCADE
);
CREATE INDEX bulk_items_open ON bulk_items (org_id, job_id, position) WHERE outcome IS NULL;
CREATE INDEX bulk_items_outcome ON bulk_items (org_id, job_id, outcome, position);
CREATE INDEX bulk_items_user ON bulk_items (org_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX bulk_items_email ON bulk_items (org_id, email) WHERE email IS NOT NULL;
