-- Spellings that a careless lexer trips over.
-- next: a q-quote with each bracket
SELECT q'(it's)', q'<a>b>', q'{x'}y}', q'[[]]' FROM dual
-- next: a q-quote with other delimiters
SELECT q'!it's!', q'#a'b#', q'"say 'hi'"', q'|;DROP TABLE x|', Q'~'~' FROM dual
-- next: a national q-quote
SELECT NQ'[it's]', nq'{n}', N'ü', n'' FROM dual
-- next: a backslash is a plain character
SELECT 'C:\' AS a, '\' AS b FROM dual
-- next: comment marks in strings and names
SELECT '--', '/*', 1 AS "-- x", 2 AS "/* y" FROM dual
-- next: quotes in comments
SELECT 1 /* it's q'[ */ , 2 -- "don't
FROM dual
-- next: names with $, # and _
SELECT v$x#_1, sys$y FROM (SELECT 1 AS v$x#_1, 2 AS sys$y FROM dual)
-- next: quoted names in mixed case
SELECT "Mixed Case"."select", "a.b" FROM (SELECT 1 AS "select", 2 AS "a.b" FROM dual) "Mixed Case"
-- next: names in other alphabets
SELECT größe, 名前 FROM (SELECT 1 AS größe, 2 AS 名前 FROM dual)
-- next: concatenation beside quotes
SELECT 'a'||'b'||q'[c]'||CHR(10) FROM dual
-- next: inequality in four spellings
SELECT 1 FROM dual WHERE 1 <> 2 AND 1 != 2 AND 1 ^= 2
-- next: numbers that end in a letter
SELECT 1f, 1.5D, 2e3F FROM dual
-- next: a range of dots
SELECT t.x,t.y FROM(SELECT 1 x,.5 y FROM dual)t
-- next: words that are keywords elsewhere
SELECT limit, offset, top, "date", replace, value, type, comments, status, start_date FROM (SELECT 1 AS limit, 2 AS offset, 3 AS top, 4 AS "date", 5 AS replace, 6 AS value, 7 AS type, 8 AS comments, 9 AS status, 10 AS start_date FROM dual)
-- next: hints that only steer the plan
SELECT /*+ LEADING(e d) USE_NL(d) INDEX_DESC(e emp_ix) NO_MERGE(@"SEL$1") CARDINALITY(e 10) */ e.ename FROM emp e JOIN dept d ON d.deptno = e.deptno
-- next: a hint on a line
SELECT --+ FULL(e)
ename FROM emp e
-- next: placeholders by name
SELECT * FROM emp WHERE deptno = :dept AND hired >= :since OR :dept IS NULL
-- next: placeholders by question mark
SELECT * FROM emp WHERE ename LIKE ? AND sal BETWEEN ? AND ?
-- next: placeholders by number
SELECT * FROM emp WHERE deptno = $1 AND job = $2
-- next: time literals
SELECT DATE '2026-01-31', TIMESTAMP '2026-01-31 12:00:00.123456789', TIMESTAMP '2026-01-31 12:00:00 Europe/Berlin' FROM dual
-- next: an alias without AS that is no keyword
SELECT sal * 12 yearly, e.ename who FROM emp e
-- next: white space nowhere
SELECT(1)+(2),'a'||"X"FROM(SELECT 1"X"FROM dual)
-- next: outer join marks with spaces
SELECT e.ename FROM emp e, dept d WHERE e.deptno = d.deptno ( + )
