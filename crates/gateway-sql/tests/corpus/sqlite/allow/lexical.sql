-- Spellings that a careless lexer trips over.
-- next: four ways to quote a name
SELECT "select", [from], `where` FROM "my table" AS [x y]
-- next: brackets and quotes inside quoted names
SELECT 1 AS [a"b'c`], 2 AS "a]b[c", 3 AS `a``b"`, 4 AS "--", 5 AS [/*]
-- next: a backslash is a plain character
SELECT 'C:\' AS a, '\' AS b
-- next: doubled quotes
SELECT 'it''s; DROP TABLE x', "a""b" FROM (SELECT 1 AS "a""b")
-- next: comment marks in strings
SELECT '--', '/*', '*/', ';'
-- next: quotes in comments
SELECT 1 /* it's [open `too" */ , 2 -- don't "worry
, 3
-- next: blobs and numbers
SELECT x'0aFF', X'', 0xFF, 1e3, 1.5E-3, .5, 5., 9223372036854775807
-- next: names with dollars and other alphabets
SELECT größe, 名前, a$b FROM (SELECT 1 AS größe, 2 AS 名前, 3 AS a$b)
-- next: keywords that SQLite lets be names
SELECT x.key, x.row, x.action, x.desc, x.temp, x.view, x.plan, x.query FROM (SELECT 1 AS key, 2 AS row, 3 AS action, 4 AS "desc", 5 AS temp, 6 AS view, 7 AS plan, 8 AS query) AS x
-- next: strings as aliases
SELECT 1 AS 'one', 2 'two'
-- next: white space nowhere
SELECT(1)+(2),'a'||"b"FROM(SELECT 1"b")
-- next: adjacent operators
SELECT 1- -1, 1+-1, - - -1, '{}'->>'$.a' IS NULL
-- next: semicolons and a comment at the end
SELECT 1; ; -- done
-- next: an open comment behind the semicolon
SELECT 1; /* the end
-- next: placeholders of every sort
SELECT id FROM customers WHERE id = ? OR active > :least OR name = $1
