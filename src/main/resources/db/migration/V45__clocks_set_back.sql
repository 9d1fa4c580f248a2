-- Order comes from versions. Times are those of the clock, which may have been ahead and was set back since.

COMMENT ON COLUMN orgs.written_at IS
    'The latest time of any write. Ahead of the clock if that was set back; repaired by roster org repair-clock.';

-- The newest letter about something is that of the latest write, not the one with the latest time.
CREATE OR REPLACE VIEW deliveries AS
SELECT l.org_id, l.kind, l.subject_id, l.id AS letter_id, l.recipient, l.created_at, l.state, l.last_error AS why,
       l.attempts, CASE WHEN l.state IN ('queued', 'deferred') THEN l.next_attempt_at END AS next_attempt_at, l.sent_at
  FROM letters l
 WHERE NOT EXISTS (SELECT 1 FROM letters n
                    WHERE n.org_id = l.org_id AND n.subject_id = l.subject_id AND n.kind = l.kind
                      AND (n.version, n.created_at, n.id) > (l.version, l.created_at, l.id));

-- As in V22, but for the time of an organisation that is more than 5 s ahead, as in a write of Roster.
CREATE OR REPLACE FUNCTION roster_touch(touched uuid, why text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    next_version bigint;
    next_stamp   bigint := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))::bit(64)::bigint;
    clock        timestamptz;
    latest       timestamptz;
    this_moment  timestamptz;
    org_name     text;
BEGIN
    PERFORM 1 FROM orgs WHERE id = touched FOR UPDATE;
    SELECT version + 1, roster_now(), written_at, name INTO STRICT next_version, clock, latest, org_name
      FROM orgs WHERE id = touched;
    this_moment := CASE WHEN latest > clock + interval '5 seconds' THEN clock ELSE greatest(clock, latest) END;
    INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                               actor_kind, actor_name, request_id, after)
    VALUES (touched, next_version, 1, this_moment, next_stamp, 'org.touched', 'org', touched, org_name,
            'SQL', 'sql:' || session_user, gen_random_uuid()::text, jsonb_build_object('why', why));
    -- What was edited is unknown: word that everything may be gone makes every node read the organisation anew.
    INSERT INTO gone (org_id, version, kind, id) VALUES (touched, next_version, 'everything', touched);
    UPDATE orgs SET version = next_version, stamp = next_stamp, written_at = greatest(this_moment, latest)
     WHERE id = touched;
    RETURN next_version;
END $$;
