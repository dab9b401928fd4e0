-- rule: procedure
-- The clause that MariaDB still executes.
-- next: behind WHERE
SELECT id FROM orders WHERE id > 0 PROCEDURE ANALYSE(10)
-- next: behind LIMIT, in lower case
select id from orders limit 1 procedure analyse(10, 2000)
-- next: with comments
SELECT id FROM orders PROCEDURE /* x */ ANALYSE ()
