-- What becomes of a letter after it is sent, and who caused it.

ALTER TABLE letters
    DROP CONSTRAINT letters_state_check,
    ADD CONSTRAINT letters_state_check
        CHECK (state IN ('queued', 'sent', 'deferred', 'failed', 'dropped', 'bounced')) NOT VALID,
    ADD COLUMN sender_id uuid; -- whoever caused it by a request; NULL: the command line, or Roster itself
ALTER TABLE letters VALIDATE CONSTRAINT letters_state_check;

-- For the limits against spam: what somebody, and what an organisation, had sent within an hour.
CREATE INDEX letters_of_sender ON letters (org_id, sender_id, created_at) WHERE sender_id IS NOT NULL;
CREATE INDEX letters_caused ON letters (org_id, created_at) WHERE sender_id IS NOT NULL;

-- How it stands with the mail about something: its newest letter.
CREATE VIEW deliveries AS
SELECT l.org_id, l.kind, l.subject_id, l.id AS letter_id, l.recipient, l.created_at, l.state, l.last_error AS why,
       l.attempts, CASE WHEN l.state IN ('queued', 'deferred') THEN l.next_attempt_at END AS next_attempt_at, l.sent_at
  FROM letters l
 WHERE NOT EXISTS (SELECT 1 FROM letters n
                    WHERE n.org_id = l.org_id AND n.subject_id = l.subject_id AND n.kind = l.kind
                      AND (n.created_at, n.id) > (l.created_at, l.id));
