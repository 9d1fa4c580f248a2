-- Answers that told of a user who was anonymised: only that the key was used stays.
SET lock_timeout = '2s';
ALTER TABLE idempotency_keys ADD COLUMN cleared boolean NOT NULL DEFAULT false;
