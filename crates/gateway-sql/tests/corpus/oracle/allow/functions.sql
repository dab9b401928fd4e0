-- Built-in functions and their grammar.
-- next: dates rounded and moved
SELECT ROUND(SYSDATE, 'YEAR'), TRUNC(SYSDATE, 'IW'), LAST_DAY(SYSDATE), NEXT_DAY(SYSDATE, 'MONDAY'), MONTHS_BETWEEN(SYSDATE, hired), NEW_TIME(SYSDATE, 'EST', 'PST') FROM emp
-- next: days, minutes and intervals
SELECT SYSDATE - 1/24, SYSDATE + 5/(24*60), hired + NUMTOYMINTERVAL(3, 'MONTH'), NUMTODSINTERVAL(90, 'MINUTE'), TO_DSINTERVAL('1 02:00:00'), TO_YMINTERVAL('01-06') FROM emp
-- next: interval literals with precision
SELECT INTERVAL '123-2' YEAR(3) TO MONTH, INTERVAL '400' DAY(3), INTERVAL '11:12:10.2222222' HOUR TO SECOND(7), INTERVAL '8' HOUR, -INTERVAL '5' MINUTE FROM dual
-- next: time zones
SELECT SYSTIMESTAMP AT TIME ZONE 'Europe/Berlin', FROM_TZ(TIMESTAMP '2026-01-01 12:00:00', '+02:00'), TZ_OFFSET('US/Eastern'), SESSIONTIMEZONE, DBTIMEZONE, SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
-- next: EXTRACT of every part
SELECT EXTRACT(HOUR FROM SYSTIMESTAMP), EXTRACT(TIMEZONE_REGION FROM CURRENT_TIMESTAMP), EXTRACT(DAY FROM (SYSTIMESTAMP - hired)) FROM emp
-- next: formats with literals inside
SELECT TO_CHAR(SYSDATE, 'Day, DD "of" Month YYYY', 'NLS_DATE_LANGUAGE=GERMAN'), TO_CHAR(1234.5, 'FM9G999D00', 'NLS_NUMERIC_CHARACTERS='',.'''), TO_DATE('31.01.2026', 'DD.MM.YYYY'), TO_TIMESTAMP_TZ('2026-01-01 12:00 +02:00', 'YYYY-MM-DD HH24:MI TZH:TZM') FROM dual
-- next: strings
SELECT INITCAP(ename), INSTR(ename, 'A', -1, 1), SUBSTR(ename, -3), TRANSLATE(ename, 'AEIOU', '12345'), REPLACE(ename, 'A'), LPAD(sal, 10, '*'), TRIM(BOTH 'x' FROM ename), RTRIM(ename, 'NG'), ASCII('A'), CHR(65), UNISTR('\00e9'), SOUNDEX(ename) FROM emp
-- next: regular expressions with all arguments
SELECT REGEXP_COUNT(ename, 'a', 1, 'i'), REGEXP_INSTR(ename, '(A)(L)', 1, 1, 0, 'c', 2), REGEXP_SUBSTR(ename, '(.)\1', 1, 1, NULL, 1), REGEXP_REPLACE(ename, '(\w)(\w)', '\2\1') FROM emp WHERE REGEXP_LIKE(ename, '^(A|B)', 'i')
-- next: null handling
SELECT NVL(comm, 0), NVL2(comm, 'y', 'n'), COALESCE(comm, sal, 0), NULLIF(sal, 0), LNNVL(sal > 100), NANVL(sal, 0), GREATEST(1, 2), LEAST('a', 'b') FROM emp WHERE LNNVL(comm > 500)
-- next: casts and safe conversions
SELECT CAST(sal AS VARCHAR2(10)), CAST(hired AS TIMESTAMP WITH TIME ZONE), TO_NUMBER('1,5' DEFAULT -1 ON CONVERSION ERROR, '9D9', 'NLS_NUMERIC_CHARACTERS='',.'''), CAST('x' AS NUMBER DEFAULT NULL ON CONVERSION ERROR), TO_BINARY_DOUBLE('1.5'), HEXTORAW('FF'), RAWTOHEX(HEXTORAW('0A')) FROM emp
-- next: numbers
SELECT MOD(7, 3), REMAINDER(7, 3), POWER(2, 10), CEIL(1.2), FLOOR(-1.2), ROUND(123.45, -1), TRUNC(1.99, 1), SIGN(-5), BITAND(6, 3), LN(10), LOG(10, 100), SQRT(2), ABS(-1) FROM dual
-- next: floating literals
SELECT 1.5f, 2.5d, 1e-3, .5, BINARY_DOUBLE_INFINITY, 10 / 3 FROM dual WHERE 1 IS NOT NAN AND 1.0 IS NOT INFINITE
-- next: JSON with its clauses
SELECT JSON_VALUE(doc, '$.price' RETURNING NUMBER DEFAULT 0 ON ERROR NULL ON EMPTY), JSON_QUERY(doc, '$.tags[*]' WITH CONDITIONAL WRAPPER), JSON_SERIALIZE(doc RETURNING VARCHAR2(4000)) FROM po
-- next: JSON built from rows
SELECT JSON_OBJECT('id' VALUE empno, KEY 'name' VALUE ename, 'boss' : mgr ABSENT ON NULL), JSON_ARRAY(1, 'a', NULL NULL ON NULL) FROM emp
-- next: JSON aggregates
SELECT deptno, JSON_ARRAYAGG(JSON_OBJECT(ename, sal) ORDER BY sal DESC RETURNING CLOB), JSON_OBJECTAGG(KEY ename VALUE sal) FROM emp GROUP BY deptno
-- next: JSON conditions
SELECT id FROM po WHERE doc IS JSON AND JSON_EXISTS(doc, '$.items[*]?(@.price > $p)' PASSING 10 AS "p") AND NOT JSON_EXISTS(doc, '$.void') AND JSON_TEXTCONTAINS(doc, '$.notes', 'fragile')
-- next: JSON by dots and subscripts
SELECT p.doc.items[0].price.number() FROM po p WHERE p.doc.customer.name = 'x'
-- next: XML built
SELECT XMLELEMENT("emp", XMLATTRIBUTES(e.empno AS "id"), XMLFOREST(e.ename AS "name", e.sal)), XMLAGG(XMLELEMENT("n", e.ename) ORDER BY e.ename) FROM emp e GROUP BY e.empno, e.ename, e.sal
-- next: XML read from a column
SELECT XMLQUERY('/a/b/text()' PASSING d.xml RETURNING CONTENT), XMLSERIALIZE(CONTENT d.xml AS CLOB) FROM docs d WHERE XMLEXISTS('/a[@id=1]' PASSING d.xml)
-- next: digests and the session
SELECT STANDARD_HASH(ename, 'SHA256'), ORA_HASH(ename, 99), SYS_GUID(), USERENV('LANGUAGE'), SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'), USER FROM emp
-- next: large objects measured
SELECT DBMS_LOB.SUBSTR(c, 100, 1), DBMS_LOB.INSTR(c, 'x'), LENGTH(c), EMPTY_CLOB(), TO_CLOB('a') FROM t
-- next: full text
SELECT id, SCORE(1) FROM articles WHERE CONTAINS(body, 'oracle NEAR database', 1) > 0 ORDER BY SCORE(1) DESC
-- next: DECODE with many pairs and nulls
SELECT DECODE(deptno, 10, 'A', 20, 'B', NULL, 'none', 'other') FROM emp ORDER BY DECODE(job, 'PRESIDENT', 1, 'MANAGER', 2, 3), ename
-- next: collations
SELECT ename COLLATE BINARY_CI FROM emp ORDER BY NLSSORT(ename, 'NLS_SORT=GERMAN')
-- next: XQuery over what is passed
SELECT XMLQUERY('for $i in $x//item where $i/@id = 1 order by $i/@n return <doc>{$i/text()}</doc>' PASSING d.xml AS "x" RETURNING CONTENT) FROM docs d WHERE XMLEXISTS('$x//item[contains(name, "b")]/doc' PASSING d.xml AS "x")
-- next: XMLTABLE with namespaces
SELECT x.a FROM docs d, XMLTABLE(XMLNAMESPACES('http://a' AS "a"), '/a:list/a:view' PASSING d.xml COLUMNS a VARCHAR2(10) PATH 'a:doc') x
