-- The addresses that directories know users by besides the one in users.email: they are looked up by these, too.

SET lock_timeout = '2s';

ALTER TABLE scim_users ADD COLUMN other_emails text[] COLLATE "C"; -- folded; NULL for none

UPDATE scim_users s
   SET other_emails = o.emails
  FROM (SELECT org_id, user_id, array_agg(DISTINCT replace(lower(normalize(e ->> 'value', NFC)), 'ς', 'σ')) AS emails
          FROM scim_users, jsonb_array_elements(attributes -> 'emails') AS e
         WHERE e ->> 'value' IS NOT NULL GROUP BY org_id, user_id) o
 WHERE s.org_id = o.org_id AND s.user_id = o.user_id;

-- Texts as they are in an index that has no place for the organisation: what one says is not in the way of another.
CREATE FUNCTION roster_texts_of(org uuid, texts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(org::text || ' ' || one) FROM unnest(texts) AS one);

CREATE INDEX scim_users_other_emails ON scim_users USING gin (roster_texts_of(org_id, other_emails))
 WHERE other_emails IS NOT NULL;
