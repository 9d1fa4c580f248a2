-- The addresses that directories know users by besides the one in users.email: they are looked up by these, too.

SET lock_timeout = '2s';

ALTER TABLE scim_users ADD COLUMN other_emails text[] COLLATE "C"; -- folded; NULL for none

-- Folds as Roster does, whatever the language of the database: in the one called C, lower() knows only the letters of ASCII.
-- PostgreSQL has the first of these collations from version 17 on, the second one if it was built with ICU, and the third one where
-- the system has it. They differ from Roster in one letter, I with a dot. Without any of them, addresses beyond ASCII are found once
-- they are said again.
DO $do$
BEGIN
    EXECUTE format($sql$
        UPDATE scim_users s
           SET other_emails = o.emails
          FROM (SELECT org_id, user_id, array_agg(DISTINCT replace(normalize(
                           lower(replace(normalize(e ->> 'value', NFC), 'İ', 'i̇') COLLATE %s), NFC), 'ς', 'σ')) AS emails
                  FROM scim_users, jsonb_array_elements(attributes -> 'emails') AS e
                 WHERE e ->> 'value' IS NOT NULL GROUP BY org_id, user_id) o
         WHERE s.org_id = o.org_id AND s.user_id = o.user_id
        $sql$, COALESCE(to_regcollation('pg_catalog.pg_c_utf8'), to_regcollation('pg_catalog."und-x-icu"'),
                        to_regcollation('pg_catalog."C.utf8"'), to_regcollation('pg_catalog."default"')));
END
$do$;

-- Texts as they are in an index that has no place for the organisation: what one says is not in the way of another.
CREATE FUNCTION roster_texts_of(org uuid, texts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(org::text || ' ' || one) FROM unnest(texts) AS one);

-- Without fastupdate, by which entries would first wait in a list of all organisations that each look-up reads.
CREATE INDEX scim_users_other_emails ON scim_users USING gin (roster_texts_of(org_id, other_emails)) WITH (fastupdate = off)
 WHERE other_emails IS NOT NULL;
