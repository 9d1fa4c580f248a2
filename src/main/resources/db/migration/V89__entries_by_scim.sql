-- Which changes a directory made over SCIM: pages show it, and search by it.

SET lock_timeout = '2s';

ALTER TABLE audit_entries ADD COLUMN scim boolean NOT NULL DEFAULT false;

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
       e.actor_kind, e.subject_id, e.about, a.name AS usr_name, c.name AS user_name, c.email AS user_email, e.scim
  FROM audit_entries e
  LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
  LEFT JOIN users o ON o.org_id = e.org_id AND o.id = e.about
  LEFT JOIN users c ON c.org_id = e.org_id AND c.id = COALESCE(e.about, e.subject_id);
