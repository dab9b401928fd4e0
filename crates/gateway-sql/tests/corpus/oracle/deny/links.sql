-- rule: database_link
-- Another database by a link, wherever a name can carry one.
-- next: with a domain
SELECT * FROM emp@sales.example.com
-- next: with a connection qualifier
SELECT * FROM emp@sales@lan
-- next: with spaces and comments
SELECT * FROM emp /* here */ @ /* there */ sales
-- next: a schema's table
SELECT * FROM hr.emp@sales
-- next: in a join
SELECT * FROM emp e JOIN dept@sales d ON d.deptno = e.deptno
-- next: in a subquery of a WHERE
SELECT 1 FROM dual WHERE EXISTS (SELECT 1 FROM dual@sales)
-- next: in a CTE
WITH x AS (SELECT * FROM emp@sales) SELECT * FROM x
-- next: a package's function
SELECT dbms_utility.get_time@sales FROM dual
-- next: a function of one's own with a schema
SELECT hr.f@sales(1) FROM dual
-- next: a sequence's neighbour
SELECT seq.currval@sales FROM dual
-- next: as of a moment
SELECT * FROM emp@sales AS OF SCN 1
-- next: a loop back to the same server
SELECT * FROM v$session@!
-- next: in the second part of a union
SELECT 1 FROM dual UNION ALL SELECT 1 FROM dual@sales
