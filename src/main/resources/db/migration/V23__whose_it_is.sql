-- Whose a thing is, said by an id: an address may be part of another, and that of someone else later.

SET lock_timeout = '2s';

-- Who made a role, and who changed it last. The trail knows their ids; where it does not reach back, the handle says it.
ALTER TABLE roles RENAME COLUMN created_by TO created_by_handle;
ALTER TABLE roles RENAME COLUMN modified_by TO modified_by_handle;
ALTER TABLE roles ADD COLUMN created_by uuid, ADD COLUMN modified_by uuid; -- NULL: the command line or the bootstrap
UPDATE roles r SET created_by = u.id FROM users u
 WHERE u.org_id = r.org_id AND u.handle = r.created_by_handle;
UPDATE roles r SET modified_by = u.id FROM users u
 WHERE u.org_id = r.org_id AND u.handle = r.modified_by_handle;
UPDATE roles r SET created_by = e.actor_id FROM audit_entries e
 WHERE e.org_id = r.org_id AND COALESCE(e.about, e.subject_id) = r.id AND e.action = 'role.created';
UPDATE roles r SET modified_by = e.actor_id
  FROM (SELECT DISTINCT ON (org_id, subject_id) org_id, subject_id, actor_id FROM audit_entries
         WHERE action IN ('role.created', 'role.updated', 'role.permission_granted', 'role.permission_revoked')
         ORDER BY org_id, subject_id, version DESC, entry DESC) e
 WHERE e.org_id = r.org_id AND e.subject_id = r.id;
ALTER TABLE roles DROP COLUMN created_by_handle, DROP COLUMN modified_by_handle;

-- Whose address the recipient of an e-mail is: the user who is invited, or the inviter who is asked for a new invitation.
ALTER TABLE letters ADD COLUMN user_id uuid;
UPDATE letters l SET user_id = CASE l.kind WHEN 'invitation_request' THEN i.inviter_id ELSE i.user_id END
  FROM invitations i WHERE i.org_id = l.org_id AND i.id = l.subject_id;
CREATE INDEX letters_user ON letters (org_id, user_id);

-- Which details were erased is in `erased`, also for entries from before there were seals. Those erased in part have a digest
-- of what stays: {"digests", "salts", "left", "seal"}.
UPDATE audit_entries e
   SET erased = jsonb_build_object('digests', p.places, 'salts', '{}'::jsonb, 'seal', '')
  FROM (SELECT o.org_id, o.version, o.entry, jsonb_object_agg(d.place, '') AS places
          FROM audit_entries o
         CROSS JOIN LATERAL (
               SELECT 'actor_name' AS place WHERE o.actor_name = 'anonymized'
                UNION ALL SELECT 'subject_name' WHERE o.subject_name = 'anonymized'
                UNION ALL SELECT 'before.' || b.key FROM jsonb_each(o.before) b WHERE b.value = '"anonymized"'
                UNION ALL SELECT 'after.' || a.key FROM jsonb_each(o.after) a WHERE a.value = '"anonymized"') d
         WHERE o.seal IS NULL AND o.erased IS NULL AND o.actor_kind <> 'SQL'
         GROUP BY o.org_id, o.version, o.entry) p
 WHERE e.org_id = p.org_id AND e.version = p.version AND e.entry = p.entry;
