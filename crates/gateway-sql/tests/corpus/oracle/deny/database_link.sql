-- rule: database_link
-- next: @
SELECT * FROM t@link
-- next: @ (2)
SELECT f@link(1) FROM dual
-- next: @ (3)
SELECT a FROM t@"link"
-- next: @ (4)
SELECT * FROM "t"@link
