-- Spellings that a careless lexer trips over.
-- next: a backslash keeps the string open
SELECT 'don\'t; DROP TABLE x', 'a\\', "b\""
-- next: a null by a backslash
SELECT \N IS NULL, COALESCE(\N, 1)
-- next: comment marks inside strings
SELECT '/*! not code */', "-- not a comment", '# nor this', '/*M! nor that */'
-- next: quotes inside comments
SELECT 1 -- isn't it
, 2 # it's
/* "isn't */
-- next: minus minus is arithmetic without a space
SELECT 7--2, 7-- 2
+ 1
-- next: names in backticks with everything
SELECT `a;b`, `c``d`, `-- e`, `/*f*/` FROM (SELECT 1 AS `a;b`, 2 AS `c``d`, 3 AS `-- e`, 4 AS `/*f*/`) AS `select`
-- next: names with digits, dollars and other alphabets
SELECT 1st, n$1, größe FROM (SELECT 1 AS 1st, 2 AS n$1, 3 AS größe) AS x
-- next: adjacent strings
SELECT 'a' 'b' "c", N'd', _latin1'e'
-- next: hexadecimal and bits
SELECT X'4142', 0x4142, b'01', 0b01, HEX(255)
-- next: words that are not reserved here
SELECT x.sequence, x.next, x.previous, x.role, x.value, x.date, x.text, x.period, x.system FROM (SELECT 1 AS sequence, 2 AS next, 3 AS previous, 4 AS role, 5 AS value, 6 AS date, 7 AS text, 8 AS period, 9 AS system) AS x
-- next: aliases as strings
SELECT 1 AS 'a b', 2 "c;d"
-- next: operators next to one another
SELECT !1, NOT 0, ~1, - -1, 1 <=> NULL, 1 != 2, 1 <> 2, 1 && 0 || 1, 1 XOR 1, 6 & 3 | 8 ^ 1, 1 << 2 >> 1
-- next: numbers
SELECT 1e5, 1.5e-3, .5, 5., 007, 99999999999999999999
-- next: the shortest spelling
SELECT(1),'a',`id`FROM`a`WHERE`id`=(1)
-- next: empty comments
SELECT/**/1/***/,/* * / */2
-- next: literals of time
SELECT DATE'2026-01-31', TIME '10:00:00.5', TIMESTAMP '2026-01-31 00:00:00', {d'2026-01-31'}
-- next: several semicolons
SELECT 1 ; ; # done
