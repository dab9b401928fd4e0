-- rule: function
-- Forbidden functions under every spelling that the server resolves to them, and names that nobody knows.
-- next: a line break before the bracket
SELECT SLEEP
(0)
-- next: a hash comment before the bracket
SELECT SLEEP # (
(0)
-- next: a minus comment before the bracket
SELECT GET_LOCK -- x
('k', 0)
-- next: quoted in backticks with a space
SELECT `GET_LOCK` ('k', 0)
-- next: mixed case
SELECT Load_File('x')
-- next: qualified by a schema
SELECT mysql.sleep(0)
-- next: qualified, quoted, with spaces around the dot
SELECT `shop` . `sleep` (0)
-- next: an ODBC call
SELECT { fn LOAD_FILE('x') }
-- next: a function of one's own in another schema
SELECT `db`.`my function`(1)
-- next: a combining accent
SELECT sléep(0)
-- next: a stored function in lower case
SELECT total_of(1)
-- next: a name that looks like a type
SELECT shop.char(65)
-- next: a name in full-width letters
SELECT ｓｌｅｅｐ(0)
