-- How many people an organisation had at the end of each day, and how often they signed in. Computed from the trail, later: no
-- write pays for it.

SET lock_timeout = '2s';

CREATE TABLE org_days (
    org_id   uuid NOT NULL,
    day      date NOT NULL,                -- in the organisation's time zone as of when the row was made
    active   bigint NOT NULL,
    pending  bigint NOT NULL,
    disabled bigint NOT NULL,
    sign_ins bigint NOT NULL,
    PRIMARY KEY (org_id, day)
);
