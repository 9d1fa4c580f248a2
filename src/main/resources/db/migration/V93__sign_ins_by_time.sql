-- How many sign-ins there were today is on the first page of the console; a day may have a million other changes.

SET lock_timeout = '2s';

CREATE INDEX audit_entries_sign_ins ON audit_entries (org_id, at) WHERE action = 'sign_in.succeeded';
