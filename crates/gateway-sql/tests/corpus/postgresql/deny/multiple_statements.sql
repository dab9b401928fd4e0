-- rule: multiple_statements
-- next: DELETE
SELECT 'a\'; DELETE FROM t; --'
-- next: DELETE (2)
SELECT $$a$$; DELETE FROM t
-- next: DROP
SELECT $a$ $b$ $a$; DROP TABLE t
-- next: DELETE (3)
SELECT /* /* */ */ 1; DELETE FROM t
-- next: DELETE (4)
SELECT 1; ; DELETE FROM t
-- next: DELETE (5)
SHOW a; DELETE FROM t
-- next: DELETE (6)
BEGIN; DELETE FROM t
