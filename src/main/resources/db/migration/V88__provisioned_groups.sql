-- Roles as groups of directories: what these call them, and what their members come to without reading them.

SET lock_timeout = '2s';

ALTER TABLE roles ADD COLUMN external_id text COLLATE "C"; -- as a directory sent it; never an id of ours, and not unique
CREATE INDEX roles_external ON roles (org_id, external_id) WHERE external_id IS NOT NULL;

-- What the rows of role_members come to, role by role, kept by the triggers below. A role that never had members has no row.
CREATE TABLE role_member_sums (
    org_id     uuid NOT NULL,
    role_id    uuid NOT NULL,
    members    bigint NOT NULL,      -- how many
    sum        bigint NOT NULL,      -- roster_member_sum of each, combined by XOR: alike for the same members
    changed_at timestamptz NOT NULL, -- when one last came or went
    PRIMARY KEY (org_id, role_id),
    FOREIGN KEY (org_id, role_id) REFERENCES roles (org_id, id) ON DELETE CASCADE
) WITH (fillfactor = 50);            -- each change of members is a change of a row here

-- Of a user's id, the same on all machines and in all versions of PostgreSQL.
CREATE FUNCTION roster_member_sum(member uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x' || encode(substring(sha256(uuid_send(member)) FROM 1 FOR 8), 'hex'))::bit(64)::bigint;

-- Times go back only if the clock was more than 5 s ahead, as in a write of Roster.
CREATE FUNCTION roster_later(latest timestamptz, clock timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN latest > clock + interval '5 seconds' THEN clock ELSE greatest(latest, clock) END;

-- Once for each statement, with all rows that it changed: COPY, cascades and edits by hand are statements, too.
CREATE FUNCTION roster_members_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO role_member_sums AS s (org_id, role_id, members, sum, changed_at)
    SELECT org_id, role_id, count(*), bit_xor(roster_member_sum(user_id)), roster_now()
      FROM members_that_came GROUP BY org_id, role_id
    ON CONFLICT (org_id, role_id) DO UPDATE
       SET members = s.members + EXCLUDED.members, sum = s.sum # EXCLUDED.sum,
           changed_at = roster_later(s.changed_at, EXCLUDED.changed_at);
    RETURN NULL;
END $$;

CREATE FUNCTION roster_members_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE role_member_sums s
       SET members = s.members - w.members, sum = s.sum # w.sum, changed_at = roster_later(s.changed_at, roster_now())
      FROM (SELECT org_id, role_id, count(*) AS members, bit_xor(roster_member_sum(user_id)) AS sum
              FROM members_that_went GROUP BY org_id, role_id) w
     WHERE s.org_id = w.org_id AND s.role_id = w.role_id;
    RETURN NULL;
END $$;

-- First, as they keep other writes away until the sums below are there.
CREATE TRIGGER role_members_came AFTER INSERT ON role_members REFERENCING NEW TABLE AS members_that_came
    FOR EACH STATEMENT EXECUTE FUNCTION roster_members_came();
CREATE TRIGGER role_members_went AFTER DELETE ON role_members REFERENCING OLD TABLE AS members_that_went
    FOR EACH STATEMENT EXECUTE FUNCTION roster_members_went();

-- Of those before, the last that came is known from the audit trail.
INSERT INTO role_member_sums (org_id, role_id, members, sum, changed_at)
SELECT r.org_id, r.id, m.members, m.sum,
       COALESCE((SELECT e.at FROM audit_entries e WHERE e.org_id = r.org_id AND e.version = m.version
                  ORDER BY e.entry LIMIT 1), r.modified_at)
  FROM roles r
  JOIN (SELECT org_id, role_id, count(*) AS members, bit_xor(roster_member_sum(user_id)) AS sum, max(version) AS version
          FROM role_members GROUP BY org_id, role_id) m ON m.org_id = r.org_id AND m.role_id = r.id;
