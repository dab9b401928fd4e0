-- rule: multiple_statements
-- next: DELETE
SELECT 1; DELETE FROM t
-- next: DROP
DESCRIBE t; DROP TABLE t
-- next: DROP (2)
SELECT "a\""; DROP TABLE t
-- next: DELETE (2)
SELECT 1 -- 
; DELETE FROM t
-- next: DELETE (3)
SELECT 1 --; DELETE FROM t
-- next: DROP (3)
SHOW GRANTS; DROP TABLE t
-- next: SELECT
SELECT 1 ; -- a
SELECT 2
-- next: SELECT (2)
SELECT 1;;;SELECT 2
