-- Addresses that were taken and are refused from here on: with characters that cannot be seen or stand for others before the @,
-- or at a number. They stay; the next start logs whose they are, as SQL cannot tell, and removes this note.
INSERT INTO installation (name, value)
SELECT 'refused addresses', 'to be reported'
 WHERE EXISTS (SELECT 1 FROM users
                WHERE octet_length(email) <> length(email) OR email ~ '[.@]([0-9]+|0x[0-9a-f]*)$');
