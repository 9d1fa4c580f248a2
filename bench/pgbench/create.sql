-- What Roster does to create a person, as SQL: one transaction each. A blank before `false`: pgbench takes `:false` for
-- a variable.
\set n random(1, 9000000000000000000)
\set stamp random(1, 9000000000000000000)
BEGIN;
SELECT id AS locked FROM orgs WHERE id = :org FOR UPDATE \gset
SELECT version + 1 AS version, stamp AS old, greatest(clock_timestamp(), written_at + interval '1 microsecond') AS now
  FROM orgs WHERE id = :org \gset
SELECT u.org_id, u.id, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account, u.created_at,
       u.modified_at, u.last_login_at,
       ARRAY(SELECT r.id FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
              WHERE m.org_id = u.org_id AND m.user_id = u.id ORDER BY r.name_folded, r.id) AS role_ids
  FROM users u
 WHERE u.org_id = :org AND NOT u.service_account
   AND (u.email = 'p-' || :n::bigint || '@bench.example' OR u.handle = 'p-' || :n::bigint || '@bench.example')
 ORDER BY u.email = 'p-' || :n::bigint || '@bench.example' DESC LIMIT 1;
INSERT INTO users (org_id, id, email, handle, name, name_folded, title, title_folded, verified, disabled,
                   service_account, created_at, modified_at, version)
VALUES (:org, uuidv7(), 'p-' || :n::bigint || '@bench.example', 'p-' || :n::bigint || '@bench.example', 'Pat Bench',
        'pat bench', 'Tester', 'tester', false, false, false, :now, :now, :version)
RETURNING id AS made \gset
INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                           actor_kind, actor_id, actor_name, api_key_id, application_key_id, request_id,
                           address, before, after)
VALUES (:org, :version, 1, :now, :stamp, 'user.created', 'user', :made, 'p-' || :n::bigint || '@bench.example', 'USER',
        :org, 'zz@bench.example', :org, :org, uuidv7()::text, '127.0.0.1', NULL,
        ('{"email":"p-' || :n::bigint || '@bench.example","handle":"p-' || :n::bigint
         || '@bench.example","name":"Pat Bench","title":"Tester","verified": false,"disabled": false,'
         || '"service_account": false,"roles":[]}')::jsonb);
UPDATE orgs SET version = :version, stamp = :stamp, written_at = :now WHERE id = :org;
COMMIT;
