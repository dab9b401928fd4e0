-- rule: unterminated
-- Strings and names without an end; a comment may end with the text.
-- next: a string with a backslash
SELECT 'a\''
-- next: a bracketed name
SELECT [a FROM orders
-- next: a backtick name
SELECT `a FROM orders
-- next: a blob
SELECT x'00
