-- What the operations on keys show of them. When a key was used last changes without a version.

SET lock_timeout = '2s';

ALTER TABLE api_keys
    ADD COLUMN category text NOT NULL DEFAULT 'default',
    ADD COLUMN remote_config_read_enabled boolean NOT NULL DEFAULT true,
    ADD COLUMN last_used_at timestamptz;

ALTER TABLE application_keys
    ADD COLUMN last_used_at timestamptz;
