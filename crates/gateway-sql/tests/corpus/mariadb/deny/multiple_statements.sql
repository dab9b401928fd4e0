-- rule: multiple_statements
-- next: END
BEGIN NOT ATOMIC SELECT 1; END
-- next: DROP
SELECT 1; DROP TABLE t
