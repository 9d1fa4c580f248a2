-- The time, from one place. PostgreSQL puts the body into the statement, so that a call costs what clock_timestamp() costs.
CREATE FUNCTION roster_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE RETURN clock_timestamp();

-- As in V1, but for where the time comes from.
CREATE OR REPLACE FUNCTION roster_touch(touched uuid, why text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    next_version bigint;
    next_stamp   bigint := ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))::bit(64)::bigint;
    this_moment  timestamptz;
    org_name     text;
BEGIN
    PERFORM 1 FROM orgs WHERE id = touched FOR UPDATE;
    SELECT version + 1, greatest(roster_now(), written_at), name INTO STRICT next_version, this_moment, org_name
      FROM orgs WHERE id = touched;
    INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                               actor_kind, actor_name, request_id, after)
    VALUES (touched, next_version, 1, this_moment, next_stamp, 'org.touched', 'org', touched, org_name,
            'SQL', 'sql:' || session_user, gen_random_uuid()::text, jsonb_build_object('why', why));
    -- What was edited is unknown: word that everything may be gone makes every node read the organisation anew.
    INSERT INTO gone (org_id, version, kind, id) VALUES (touched, next_version, 'everything', touched);
    UPDATE orgs SET version = next_version, stamp = next_stamp, written_at = this_moment WHERE id = touched;
    RETURN next_version;
END $$;
