-- How users want the console to look.

SET lock_timeout = '2s';

CREATE TABLE console_preferences (
    org_id    uuid NOT NULL,
    user_id   uuid NOT NULL,
    theme     text NOT NULL,               -- 'system', 'light', 'dark'
    density   text NOT NULL,               -- of rows: 'comfortable', 'compact'
    page_rows integer NOT NULL,            -- of lists: 25, 50, 100
    zone      text,                        -- by its name in the tz database; none: the organisation's
    keys      boolean NOT NULL,            -- whether single keys are shortcuts
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
