-- Spellings that a careless lexer trips over: quotes, comments, backslashes, introducers, odd names.
-- next: a backslash before a quote keeps the string open
SELECT 'it\'s; DROP TABLE x', "say \"hi\"; DROP TABLE y"
-- next: two backslashes do not
SELECT 'C:\\', 'next' AS n
-- next: both quotes doubled and mixed
SELECT 'a''b"c', "a""b'c", `a` FROM (SELECT 1 AS `a`) x
-- next: comment marks inside strings and names
SELECT '/* not a comment', '-- nor this', '# nor this', `x /* y` FROM (SELECT 1 AS `x /* y`) z
-- next: string marks inside comments
SELECT 1 /* it's "quoted` */ + 2 -- don't
# it's
-- next: double minus without a space is arithmetic
SELECT 10--5, 10 - -5, 10-(-5)
-- next: -- with a tab and at the end
SELECT 1 --	tab
, 2 --
-- next: a name that begins with a digit
SELECT 2nd FROM (SELECT 1 AS 2nd) AS x
-- next: a name with a dollar
SELECT x$1 FROM (SELECT 1 AS x$1) AS t$
-- next: names in other alphabets
SELECT `größe`, 名前 FROM (SELECT 1 AS `größe`, 2 AS 名前) AS été
-- next: adjacent strings are one
SELECT 'a' "b" 'c' AS abc, N'n' 'm'
-- next: hexadecimal and bit literals in both spellings
SELECT X'4D', x'4d', 0x4D, b'1010', B'1', 0b1010, X'4D' + 0
-- next: introducers with collations
SELECT _utf8mb4 'é' COLLATE utf8mb4_0900_ai_ci = 'e', _binary 'x', _latin1 'a' < _utf8mb4 'b'
-- next: reserved words as quoted names
SELECT `select`.`from` FROM (SELECT 1 AS `from`) AS `select`
-- next: words that only look reserved
SELECT x.action, x.date, x.status, x.user, x.offset, x.comment, x.value, x.data, x.do_it FROM (SELECT 1 AS action, 2 AS date, 3 AS status, 4 AS user, 5 AS offset, 6 AS comment, 7 AS value, 8 AS data, 9 AS do_it) AS x
-- next: a reserved word behind a dot
SELECT x.select, x.update FROM (SELECT 1 AS `select`, 2 AS `update`) AS x
-- next: strings as aliases
SELECT 1 AS 'one; two', 2 "three" FROM DUAL
-- next: white space nowhere
SELECT(1)+(2),'a'='b',`id`FROM`a`WHERE(`id`)>(0)
-- next: line feeds and carriage returns
SELECT 1
,	2 AS b
-- next: empty comments of every form
SELECT/**/1/* */+/***/2 #
-- next: operators next to one another
SELECT !0, NOT 0, ~0, - - 1, 1 <> 2, 1 != 2, 1 <=> NULL, 2 > 1 AND 1 OR 0 XOR 1, 1 & 3 | 4
-- next: numbers of every form
SELECT 1e3, 1.5E-3, .5, 1., 00012, 18446744073709551615, 123456789.123456789
-- next: semicolons and comments at the end
SELECT 1;; -- the end
-- next: literals of dates
SELECT DATE '2026-01-31', TIME '12:00:00', TIMESTAMP '2026-01-31 12:00:00.5', {t '12:00:00'}, DATE'2026-01-31'
-- next: boolean tests and truth values
SELECT TRUE, FALSE, NULL IS NULL, 1 IS TRUE, 0 IS NOT FALSE, NULL IS UNKNOWN, 1 IN (1, 2), 1 BETWEEN 0 AND 2, 'a' LIKE 'A' ESCAPE '|', 'x' SOUNDS LIKE 'y'
-- next: backslashes and semicolons in strings
SELECT * FROM t WHERE name LIKE 'C:\\\\%;%' OR name = 'it\'s; fine'
