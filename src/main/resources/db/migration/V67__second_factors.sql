-- Second steps of signing in: codes of an authenticator app, and codes to recover by.

SET lock_timeout = '2s';

ALTER TABLE users ADD COLUMN second_factor boolean NOT NULL DEFAULT false; -- has a confirmed app or a passkey

CREATE TABLE totp_secrets (
    org_id       uuid NOT NULL,
    user_id      uuid NOT NULL,
    sealed       text NOT NULL,            -- AES-GCM, with organisation and user
    confirmed_at timestamptz NOT NULL,     -- the first code was right; a secret before that is in no table
    last_step    bigint NOT NULL,          -- of the last code that was used: each works once
    version      bigint NOT NULL,
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX totp_secrets_version ON totp_secrets (org_id, version);

-- A code that was used is deleted.
CREATE TABLE recovery_codes (
    org_id     uuid NOT NULL,
    user_id    uuid NOT NULL,
    digest     bytea NOT NULL,             -- SHA-256 of the code: 120 random bits
    created_at timestamptz NOT NULL,
    version    bigint NOT NULL,
    PRIMARY KEY (org_id, user_id, digest),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX recovery_codes_version ON recovery_codes (org_id, version);

ALTER TABLE sign_in_flows ADD COLUMN tries integer NOT NULL DEFAULT 0; -- codes that were looked at in it

ALTER TABLE sessions ADD COLUMN fresh_until timestamptz; -- some time after a factor was shown; NULL: not fresh

CREATE OR REPLACE VIEW audit_events AS
SELECT e.org_id, e.version, e.entry, e.at,
       CASE WHEN e.subject_kind IN ('org', 'org_config', 'ip_allowlist', 'domain_allowlist', 'saml_configuration')
            THEN 'Organization Management'
            WHEN e.subject_kind IN ('api_key', 'session')
              OR split_part(e.action, '.', 1) IN ('sign_in', 'password', 'sign_in_link', 'second_factor',
                                                   'recovery_codes') THEN 'Authentication'
            WHEN e.subject_kind = 'application_key' AND NOT COALESCE(o.service_account, false) THEN 'Authentication'
            ELSE 'Access Management' END AS evt_name,
       CASE e.actor_kind WHEN 'BOOTSTRAP' THEN 'SYSTEM' ELSE e.actor_kind END AS actor_type,
       CASE WHEN e.subject_kind = 'invitation' THEN 'modified' -- of the user who is invited
            WHEN split_part(e.action, '.', 1) = 'sign_in' THEN 'login'
            WHEN split_part(e.action, '.', 2) IN ('created', 'issued', 'made') THEN 'created'
            WHEN split_part(e.action, '.', 2) IN ('deleted', 'revoked', 'anonymized', 'ended') THEN 'deleted'
            WHEN split_part(e.action, '.', 2) = 'accessed' THEN 'accessed'
            ELSE 'modified' END AS verb,
       CASE e.subject_kind WHEN 'invitation' THEN 'user' WHEN 'org' THEN 'org_config' ELSE e.subject_kind END AS asset_type,
       CASE e.subject_kind WHEN 'invitation' THEN COALESCE(e.about, e.subject_id) ELSE e.subject_id END AS asset_id,
       e.subject_name AS asset_name, e.before, e.after, e.action,
       e.actor_name AS usr_id, COALESCE(a.email, e.actor_name) AS usr_email, e.actor_id AS usr_uuid,
       CASE WHEN e.session_id IS NOT NULL THEN 'SESSION'
            WHEN e.access_token_id IS NOT NULL THEN 'Access Token'
            WHEN e.application_key_id IS NOT NULL THEN 'API + App Key'
            WHEN e.actor_kind = 'INVITEE' THEN 'Invitation'
            WHEN e.actor_kind = 'CLI' THEN 'Command Line' END AS auth_method,
       e.api_key_id, e.application_key_id, e.access_token_id, e.address, e.request_id,
       concat_ws(' ', CASE e.subject_kind WHEN 'org' THEN 'organization' WHEN 'saml_configuration' THEN 'SAML configuration'
                      ELSE replace(e.subject_kind, '_', ' ') END,
                 e.subject_name, CASE split_part(e.action, '.', 1) WHEN 'sign_in' THEN 'sign-in' WHEN 'second_factor' THEN 'second factor'
                                                              WHEN 'recovery_codes' THEN 'recovery codes' END,
                 replace(split_part(e.action, '.', 2), '_', ' '), 'by', e.actor_name) AS message,
       e.session_id,
       CASE WHEN e.action IN ('sign_in.failed', 'sign_in.refused') THEN 'error' ELSE 'info' END AS status
  FROM audit_entries e
  LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
  LEFT JOIN users o ON o.org_id = e.org_id AND o.id = e.about;
