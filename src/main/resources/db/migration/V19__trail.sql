-- The trail as evidence: each entry is sealed over the one before it, and can be searched.

SET lock_timeout = '2s';

-- How far the trail is sealed. Entries from before there were seals are not covered; `trail_from` says where it begins.
ALTER TABLE orgs
    ADD COLUMN trail_from bigint NOT NULL DEFAULT 0,    -- entries of later versions are sealed
    ADD COLUMN trail_version bigint NOT NULL DEFAULT 0, -- the last sealed entry
    ADD COLUMN trail_entry integer NOT NULL DEFAULT 0,
    ADD COLUMN trail_seal bytea;                        -- and its seal; NULL: none yet
UPDATE orgs SET trail_from = version, trail_version = version;

ALTER TABLE audit_entries
    ADD COLUMN about uuid,            -- the user it tells of, where that is not the subject
    ADD COLUMN access_token_id uuid,
    ADD COLUMN salt bytea,            -- for the digests of what it tells; NULL once some of it was erased
    ADD COLUMN seal bytea,            -- keyed digest over the previous entry's seal, this entry, and those digests
    ADD COLUMN erased jsonb;          -- {"digests", "salts", "seal"}: digests of what is gone, salts of what is not

-- As far as older entries say it.
UPDATE audit_entries SET about = (COALESCE(after, before) ->> 'user')::uuid
 WHERE action IN ('role.member_added', 'role.member_removed');
UPDATE audit_entries SET about = (after ->> 'owner')::uuid WHERE action = 'application_key.issued';
UPDATE audit_entries e SET about = i.user_id
  FROM invitations i WHERE e.subject_kind = 'invitation' AND i.org_id = e.org_id AND i.id = e.subject_id;

-- What happened to somebody or something, whatever it was called; and what happened when.
CREATE INDEX audit_entries_about ON audit_entries (org_id, (COALESCE(about, subject_id)), version);
DROP INDEX audit_entries_subject;
CREATE INDEX audit_entries_at ON audit_entries (org_id, at, version, entry);

-- The trail as clients read it. Columns that nobody asks for cost nothing.
CREATE VIEW audit_events AS
SELECT e.org_id, e.version, e.entry, e.at,
       CASE WHEN e.subject_kind IN ('org', 'org_config', 'ip_allowlist', 'domain_allowlist', 'saml_configuration')
            THEN 'Organization Management'
            WHEN e.subject_kind = 'api_key' THEN 'Authentication'
            WHEN e.subject_kind = 'application_key' AND NOT COALESCE(o.service_account, false) THEN 'Authentication'
            ELSE 'Access Management' END AS evt_name,
       CASE e.actor_kind WHEN 'BOOTSTRAP' THEN 'SYSTEM' ELSE e.actor_kind END AS actor_type,
       CASE WHEN e.subject_kind = 'invitation' THEN 'modified' -- of the user who is invited
            WHEN split_part(e.action, '.', 2) IN ('created', 'issued') THEN 'created'
            WHEN split_part(e.action, '.', 2) IN ('deleted', 'revoked', 'anonymized') THEN 'deleted'
            ELSE 'modified' END AS verb,
       CASE e.subject_kind WHEN 'invitation' THEN 'user' WHEN 'org' THEN 'org_config' ELSE e.subject_kind END AS asset_type,
       CASE e.subject_kind WHEN 'invitation' THEN COALESCE(e.about, e.subject_id) ELSE e.subject_id END AS asset_id,
       e.subject_name AS asset_name, e.before, e.after, e.action,
       e.actor_name AS usr_id, COALESCE(a.email, e.actor_name) AS usr_email, e.actor_id AS usr_uuid,
       CASE WHEN e.access_token_id IS NOT NULL THEN 'Access Token'
            WHEN e.application_key_id IS NOT NULL THEN 'API + App Key'
            WHEN e.actor_kind = 'INVITEE' THEN 'Invitation'
            WHEN e.actor_kind = 'CLI' THEN 'Command Line' END AS auth_method,
       e.api_key_id, e.application_key_id, e.access_token_id, e.address, e.request_id,
       concat_ws(' ', CASE e.subject_kind WHEN 'org' THEN 'organization' WHEN 'saml_configuration' THEN 'SAML configuration'
                      ELSE replace(e.subject_kind, '_', ' ') END,
                 e.subject_name, replace(split_part(e.action, '.', 2), '_', ' '), 'by', e.actor_name) AS message
  FROM audit_entries e
  LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
  LEFT JOIN users o ON o.org_id = e.org_id AND o.id = e.about;
