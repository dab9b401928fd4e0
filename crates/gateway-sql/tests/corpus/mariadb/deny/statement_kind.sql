-- rule: statement_kind
-- next: EXECUTE
EXECUTE IMMEDIATE 'x'
-- next: DELETE
DELETE FROM t RETURNING *
-- next: INSERT
INSERT INTO t VALUES (1) RETURNING *
-- next: SET
SET STATEMENT max_statement_time=0 FOR SELECT 1
-- next: CREATE
CREATE SEQUENCE s
-- next: UPDATE
EXPLAIN UPDATE t SET a = 1
-- next: HELP
HELP 'x'
