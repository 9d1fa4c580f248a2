-- The domains of addresses have one form from here on: that of UTS 46, non-transitional, in Unicode. SQL cannot convert
-- them, so the next start does where there is something to convert, and removes this note.
INSERT INTO installation (name, value)
SELECT 'address forms', 'to be converted'
 WHERE EXISTS (SELECT 1 FROM users
                WHERE octet_length(email) <> length(email) OR email LIKE '%xn--%'
                   OR octet_length(handle) <> length(handle) OR handle LIKE '%xn--%');
