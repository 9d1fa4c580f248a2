-- How far audit trails were verified, and what was found. Nothing of this has a version.

SET lock_timeout = '2s';

CREATE TABLE trail_verifications (
    org_id          uuid NOT NULL,
    id              uuid NOT NULL,
    whole           boolean NOT NULL,               -- from the beginning, rather than from where the last good one ended
    state           text NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'running', 'good', 'broken', 'failed')),
    from_version    bigint NOT NULL,
    reached_version bigint NOT NULL,                -- the last entry that was looked at
    reached_entry   integer NOT NULL,
    seal            bytea NOT NULL,                 -- that the next one must be over; empty: it begins with the first
    proof           bytea,                          -- of a good one: over its last entry, by Roster
    entries         bigint NOT NULL DEFAULT 0,
    uncovered       bigint NOT NULL DEFAULT 0,
    erased          bigint NOT NULL DEFAULT 0,
    faults          text[] NOT NULL DEFAULT '{}',   -- what is where, never of whom
    broken_version  bigint,                         -- where the first of them is
    broken_entry    integer,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    next_attempt_at timestamptz NOT NULL,
    claimed_until   timestamptz,
    good_until      timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    last_error      text,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX trail_verifications_open ON trail_verifications (org_id) WHERE ended_at IS NULL;
CREATE INDEX trail_verifications_due ON trail_verifications (next_attempt_at) WHERE ended_at IS NULL;
CREATE INDEX trail_verifications_created ON trail_verifications (org_id, created_at);
CREATE INDEX trail_verifications_broken ON trail_verifications (org_id) WHERE broken_version IS NOT NULL;
CREATE INDEX trail_verifications_ended ON trail_verifications (ended_at) WHERE ended_at IS NOT NULL;

-- Pages search by the names of users as well. What a search does not name costs it nothing.
CREATE OR REPLACE VIEW audit_events AS
SELECT e.org_id, e.version, e.entry, e.at,
       CASE WHEN split_part(e.action, '.', 1) IN ('sign_in', 'session', 'password', 'second_factor', 'recovery_codes',
                                                  'identity', 'sign_in_link')
              OR e.action IN ('authn_mapping.applied', 'authn_mapping.withheld', 'authn_mapping.skipped',
                              'identity_provider.created', 'identity_provider.deleted')
              -- how a provider is configured, rather than which login methods there are
              OR e.action = 'identity_provider.updated'
                 AND (COALESCE(e.before, '{}') || COALESCE(e.after, '{}')) - 'enabled' <> '{}' THEN 'Authentication'
            WHEN e.subject_kind IN ('org', 'org_config', 'ip_allowlist', 'domain_allowlist', 'saml_configuration')
            THEN 'Organization Management'
            WHEN e.subject_kind = 'api_key' THEN 'Authentication'
            WHEN e.subject_kind = 'application_key' AND NOT COALESCE(o.service_account, false) THEN 'Authentication'
            ELSE 'Access Management' END AS evt_name,
       CASE e.actor_kind WHEN 'BOOTSTRAP' THEN 'SYSTEM' ELSE e.actor_kind END AS actor_type,
       CASE WHEN e.subject_kind = 'invitation' THEN 'modified' -- of the user who is invited
            WHEN split_part(e.action, '.', 1) = 'sign_in' THEN 'login'
            WHEN split_part(e.action, '.', 2) IN ('created', 'issued', 'made', 'linked') THEN 'created'
            WHEN split_part(e.action, '.', 2) IN ('deleted', 'revoked', 'anonymized', 'ended', 'unlinked')
            THEN 'deleted'
            WHEN split_part(e.action, '.', 2) IN ('accessed', 'exported') THEN 'accessed'
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
                 e.subject_name,
                 CASE split_part(e.action, '.', 1) WHEN 'sign_in' THEN 'sign-in' WHEN 'sign_in_link' THEN 'sign-in link'
                      WHEN 'password' THEN 'password' WHEN 'second_factor' THEN 'second factor'
                      WHEN 'recovery_codes' THEN 'recovery codes'
                      WHEN 'identity' THEN CASE e.subject_kind WHEN 'user' THEN 'identity' END
                      WHEN 'authn_mapping' THEN CASE e.subject_kind WHEN 'user' THEN 'AuthN mappings' END END,
                 CASE e.action WHEN 'identity.letter_sent' THEN 'e-mail sent'
                      ELSE replace(split_part(e.action, '.', 2), '_', ' ') END, 'by', e.actor_name) AS message,
       e.session_id,
       CASE WHEN e.action IN ('sign_in.failed', 'sign_in.refused') THEN 'error' ELSE 'info' END AS status,
       e.actor_kind, e.subject_id, e.about, a.name AS usr_name, c.name AS user_name, c.email AS user_email
  FROM audit_entries e
  LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
  LEFT JOIN users o ON o.org_id = e.org_id AND o.id = e.about
  LEFT JOIN users c ON c.org_id = e.org_id AND c.id = COALESCE(e.about, e.subject_id);
