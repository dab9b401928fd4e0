-- rule: statement_kind
-- next: ATTACH
ATTACH 'x' AS y
-- next: PRAGMA
PRAGMA journal_mode=wal
-- next: VACUUM
VACUUM INTO 'x'
-- next: REPLACE
REPLACE INTO t VALUES(1)
-- next: DELETE
EXPLAIN DELETE FROM t
-- next: INSERT
INSERT INTO t DEFAULT VALUES
-- next: DELETE (2)
DELETE FROM t
-- next: UPDATE
UPDATE t SET a = 1
-- next: CREATE
CREATE TABLE t (a)
-- next: DROP
DROP TABLE t
-- next: ALTER
ALTER TABLE t ADD b
-- next: DETACH
DETACH x
-- next: VACUUM (2)
VACUUM
-- next: REINDEX
REINDEX
-- next: ANALYZE
ANALYZE
-- next: BEGIN
BEGIN
-- next: COMMIT
COMMIT
-- next: SAVEPOINT
SAVEPOINT a
-- next: RELEASE
RELEASE a
-- next: PRAGMA (2)
PRAGMA user_version
-- next: PRAGMA (3)
PRAGMA table_info(t)
