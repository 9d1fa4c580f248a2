-- What Roster does to give a person another title, as SQL: one transaction each. The ids of the floor's people are
-- their numbers.
\set n random(1, :people)
\set stamp random(1, 9000000000000000000)
BEGIN;
SELECT id AS locked FROM orgs WHERE id = :org FOR UPDATE \gset
SELECT version + 1 AS version, stamp AS old, greatest(clock_timestamp(), written_at + interval '1 microsecond') AS now
  FROM orgs WHERE id = :org \gset
SELECT u.org_id, u.id AS changed, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account,
       u.created_at, u.modified_at, u.last_login_at,
       ARRAY(SELECT r.id FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
              WHERE m.org_id = u.org_id AND m.user_id = u.id ORDER BY r.name_folded, r.id) AS role_ids
  FROM users u WHERE u.org_id = :org AND u.id = lpad(to_hex(:n::bigint), 32, '0')::uuid \gset
UPDATE users
   SET email = :email, email_proved = email_proved AND email = :email, name = :name, name_folded = lower(:name),
       title = 'Title ' || :stamp::bigint, title_folded = 'title ' || :stamp::bigint, disabled = false,
       modified_at = :now, version = :version
 WHERE org_id = :org AND id = :changed;
INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                           actor_kind, actor_id, actor_name, api_key_id, application_key_id, request_id,
                           address, before, after)
VALUES (:org, :version, 1, :now, :stamp, 'user.updated', 'user', :changed, :email, 'USER',
        :org, 'zz@bench.example', :org, :org, uuidv7()::text, '127.0.0.1', '{"title":"Tester"}'::jsonb,
        ('{"title":"Title ' || :stamp::bigint || '"}')::jsonb);
UPDATE orgs SET version = :version, stamp = :stamp, written_at = :now WHERE id = :org;
COMMIT;
