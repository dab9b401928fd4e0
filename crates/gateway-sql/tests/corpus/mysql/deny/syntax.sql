-- rule: syntax
-- next: unexpected TIMESTAMP
SELECT * FROM t AS OF TIMESTAMP 1
