-- rule: multiple_statements
-- next: DELETE
SELECT 1; DELETE FROM t
-- next: DELETE (2)
SELECT 1 /* ; delete */; DELETE FROM t
