-- rule: unterminated
-- Strings, names and comments without an end.
-- next: an escaped quote at the end
SELECT 'a\'
-- next: a backslash as the last character
SELECT 'a\
-- next: a double-quoted string
SELECT "a
-- next: a name with a doubled backtick
SELECT `a``
-- next: a comment that only seems to end
SELECT 1 /* a * /
-- next: a comment of three characters
SELECT 1 /*/
-- next: a hint
SELECT /*+ BKA(t) 1
-- next: a string behind a whole one
SELECT 'a' 'b
