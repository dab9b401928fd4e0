-- rule: function
-- Functions and table-valued functions that load code, touch files, run SQL or set pragmas, each in another place.
-- next: code with an entry point
SELECT load_extension('x', 'sqlite3_x_init')
-- next: a file read, in JSON
SELECT json_extract(readfile('x'), '$')
-- next: a file written in a filter
SELECT count(*) FILTER (WHERE writefile('x', 'y') > 0) FROM orders
-- next: a file written in a window
SELECT sum(total) OVER (ORDER BY writefile('x', id)) FROM orders
-- next: a file written in a CTE that nobody uses
WITH x AS (SELECT writefile('x', 'y')) SELECT 1
-- next: an editor
SELECT edit(name, 'vi') FROM customers
-- next: a directory in a join
SELECT f.name FROM customers c JOIN fsdir('/etc') f
-- next: the mode of a file
SELECT lsmode(33188)
-- next: an archive listed with brackets and a condition
SELECT name FROM zipfile('x.zip') WHERE sz > 0
-- next: pages of the file with a schema
SELECT pgno, hex(data) FROM sqlite_dbpage('main') WHERE pgno = 1
-- next: a tokenizer's address
SELECT hex(fts3_tokenizer('simple'))
-- next: the maintenance of a full-text index
SELECT optimize(docs) FROM docs
-- next: a function of the shell
SELECT shell_add_schema('x', 'y', 'z')
-- next: uncompressing an archive's member
SELECT sqlar_uncompress(x'00', 1)
-- next: SQL from text
SELECT eval('SELECT 1', ',')
-- next: a digest of a query
SELECT sha3_query('SELECT 1')
-- next: the error log
SELECT sqlite_log(1, 'x')
-- next: statements that are prepared
SELECT sql FROM sqlite_stmt
-- next: words to complete
SELECT candidate FROM completion('SEL')
-- next: a pragma that checkpoints
SELECT * FROM pragma_wal_checkpoint('TRUNCATE')
-- next: a pragma that shrinks
SELECT * FROM pragma_incremental_vacuum(10)
-- next: a pragma that lets the schema be written
SELECT * FROM pragma_writable_schema(1)
-- next: a pragma that sets the version
SELECT * FROM pragma_user_version(7)
-- next: a pragma that waits
SELECT * FROM pragma_busy_timeout(60000)
-- next: a pragma quoted
SELECT * FROM "pragma_journal_mode"
-- next: a pragma in a subquery
SELECT 1 WHERE 'delete' IN (SELECT journal_mode FROM pragma_journal_mode)
-- next: a pragma through its schema
SELECT * FROM main.pragma_quick_check
-- next: time burnt
SELECT usleep(1)
-- next: the code of a statement that is text
SELECT * FROM bytecode('DELETE FROM orders')
-- next: the tables of a statement that is text
SELECT * FROM tables_used('DELETE FROM orders')
-- next: an array at an address of memory
SELECT * FROM carray(4096, 10)
-- next: a full-text index's words
SELECT * FROM fts5vocab('orders', 'row')
-- next: a module on the right of IN
SELECT id IN main.fsdir FROM orders
-- next: a quoted module on the right of IN
SELECT id IN "sqlite_dbpage" FROM orders
-- next: the offset of a cell in the file
SELECT sqlite_offset(id) FROM orders
-- next: a key for the file
SELECT * FROM pragma_key('x')
