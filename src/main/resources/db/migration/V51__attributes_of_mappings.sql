-- Pairs of SAML attributes that no mapping has. Their text may be an address, so it goes with the last mapping; numbers are
-- given once.
SET lock_timeout = '2s';
ALTER TABLE orgs ADD COLUMN last_attribute_id bigint NOT NULL DEFAULT 0;
UPDATE orgs o SET last_attribute_id = a.last
  FROM (SELECT org_id, max(id) AS last FROM saml_assertion_attributes GROUP BY org_id) a
 WHERE a.org_id = o.id;
DELETE FROM saml_assertion_attributes a
 WHERE NOT EXISTS (SELECT 1 FROM authn_mappings m WHERE m.org_id = a.org_id AND m.attribute_id = a.id);
