-- How many invitations were sent, for the limits. Not counted from e-mails any more: these go with whom they were for.

SET lock_timeout = '2s';

-- One row for each write, for as long as a limit's period. No address, and no one who was invited.
CREATE TABLE invitation_counts (
    org_id    uuid NOT NULL,
    id        uuid NOT NULL,
    sender_id uuid NOT NULL,        -- the user or service account
    at        timestamptz NOT NULL,
    number    integer NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX invitation_counts_at ON invitation_counts (org_id, at);

-- The longest period that can be set is below 42 days.
INSERT INTO invitation_counts (org_id, id, sender_id, at, number)
SELECT org_id, gen_random_uuid(), sender_id, max(created_at), count(*)
  FROM letters
 WHERE sender_id IS NOT NULL AND created_at > roster_now() - interval '42 days'
 GROUP BY org_id, sender_id, version;

ALTER TABLE letters DROP COLUMN sender_id; -- its indexes go with it

-- How often inviters were asked counts as well, whatever became of the invitations that were asked about.
ALTER TABLE invitation_requests DROP CONSTRAINT invitation_requests_org_id_invitation_id_fkey;
