-- What users are told by e-mail about how their account is signed in to, and links that reset passwords.

SET lock_timeout = '2s';

CREATE TABLE notices (
    org_id  uuid NOT NULL,
    id      uuid NOT NULL,
    user_id uuid NOT NULL,
    what    text NOT NULL,                 -- 'password_set', 'unknown_browser', ...
    detail  text,                          -- as 'Firefox on Linux, from 192.0.2.7'
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX notices_version ON notices (org_id, version);
CREATE INDEX notices_user ON notices (org_id, user_id);

ALTER TABLE mail_links
    ADD COLUMN email    text,              -- where the link was sent; NULL: the operator has it
    ADD COLUMN bound_to text,              -- what else it is good for only: a keyed hash
    DROP CONSTRAINT mail_links_kind_check,
    ADD CONSTRAINT mail_links_kind_check CHECK (kind IN ('once', 'reset', 'confirm')) NOT VALID;
ALTER TABLE mail_links VALIDATE CONSTRAINT mail_links_kind_check;
