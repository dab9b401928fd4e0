-- rule: function
-- next: LOAD_EXTENSION
SELECT load_extension('x')
-- next: WRITEFILE
SELECT writefile('a','b')
-- next: FSDIR
SELECT * FROM fsdir('.')
-- next: FSDIR (2)
SELECT * FROM fsdir
-- next: PRAGMA_JOURNAL_MODE
SELECT * FROM pragma_journal_mode('wal')
-- next: LOAD_EXTENSION (2)
SELECT [load_extension]('x')
-- next: WRITEFILE (2)
SELECT "writefile"(1,2)
-- next: EDIT
SELECT `edit`('a')
-- next: FTS3_TOKENIZER
SELECT fts3_tokenizer('x', x'00')
-- next: READFILE
SELECT zeroblob(1), readfile('x')
-- next: FSDIR (3)
SELECT 1 IN fsdir
-- next: FSDIR (4)
SELECT 1 IN fsdir('.')
-- next: WRITEFILE (3)
SELECT x NOT GLOB writefile('a','b')
-- next: EVAL
SELECT eval('delete')
-- next: ZIPFILE
SELECT * FROM zipfile('x')
-- next: SQLITE_DBPAGE
SELECT * FROM sqlite_dbpage
-- next: RAISE
SELECT raise(abort,'x')
-- next: MY_UDF
SELECT my_udf(1)
-- next: PRAGMA_INTEGRITY_CHECK
SELECT * FROM pragma_integrity_check
-- next: ZIPFILE (2)
SELECT zipfile('a','b')
-- next: F
SELECT f(x) FROM t
-- next: LOAD_EXTENSION (3)
SELECT 1 WHERE load_extension('x')
-- next: WRITEFILE (4)
SELECT * FROM t ORDER BY writefile('a','b')
