-- rule: unterminated
-- Strings, names and comments without an end.
-- next: an escaped quote
SELECT 'it\'
-- next: a string in double quotes with the other quote
SELECT "it's
-- next: a name
SELECT 1 AS `x
-- next: a comment
SELECT 1 /* it's
-- next: a comment with a star at the end
SELECT 1 /* **
-- next: an introducer
SELECT _utf8mb4'a
