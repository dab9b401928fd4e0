-- rule: function
-- Names of MySQL's functions that MariaDB does not have: a function of somebody's would answer to them.
-- next: any of them
SELECT ANY_VALUE(name) FROM customers
-- next: an identifier to bytes
SELECT UUID_TO_BIN(UUID())
-- next: an identifier from bytes
SELECT BIN_TO_UUID(x'00')
-- next: whether it is an identifier
SELECT IS_UUID('a')
-- next: a regular expression as a function
SELECT REGEXP_LIKE(name, 'a') FROM customers
-- next: a version
SELECT ICU_VERSION()
-- next: a report on a schema
SELECT JSON_SCHEMA_VALIDATION_REPORT('{}', '{}')
-- next: a document's size
SELECT JSON_STORAGE_SIZE('{}')
-- next: a statement's digest
SELECT STATEMENT_DIGEST('SELECT 1')
-- next: a set of transactions
SELECT GTID_SUBSET('a', 'b')
-- next: how good a password is
SELECT VALIDATE_PASSWORD_STRENGTH('a')
-- next: Oracle's months
SELECT MONTHS_BETWEEN('2026-01-01', '2026-02-01')
-- next: Oracle's XML
SELECT XMLTYPE('<a/>')
-- next: a thread
SELECT PS_CURRENT_THREAD_ID()
