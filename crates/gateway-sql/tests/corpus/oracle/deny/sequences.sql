-- rule: sequence
-- A sequence advanced, in every place and spelling.
-- next: in arithmetic
SELECT seq.NEXTVAL + 1 FROM dual
-- next: quoted
SELECT "SEQ"."NEXTVAL" FROM dual
-- next: with spaces and comments around the dot
SELECT seq /* a */ . /* b */ nextval FROM dual
-- next: in a function's argument
SELECT TO_CHAR(seq.NextVal) FROM emp
-- next: in CASE
SELECT CASE WHEN 1 = 0 THEN seq.nextval END FROM dual
-- next: in a scalar subquery
SELECT (SELECT hr.seq.nextval FROM dual) FROM dual
-- next: in a derived table
SELECT n FROM (SELECT seq.nextval AS n FROM dual)
-- next: in concatenation
SELECT 'no. ' || seq.nextval FROM dual
-- next: in ORDER BY
SELECT 1 FROM dual ORDER BY seq.nextval
-- next: both at once
SELECT seq.currval, seq.nextval FROM dual
