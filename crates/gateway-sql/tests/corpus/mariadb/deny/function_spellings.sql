-- rule: function
-- Forbidden functions under every spelling that the server resolves to them.
-- next: backticks and a space
SELECT `load_file` ('x')
-- next: a block comment before the bracket
SELECT BENCHMARK/* */(1, 1)
-- next: a hash comment before the bracket
SELECT RELEASE_LOCK #
('k')
-- next: mixed case
SELECT GeT_LoCk('k', 0)
-- next: a schema before it
SELECT mysql.load_file('x')
-- next: a schema and comments around the dot
SELECT mysql/**/./**/sleep(0)
-- next: a quoted schema and name
SELECT `sys`.`sleep`(0)
-- next: white space of every kind
SELECT sleep	 
 (0)
-- next: a dotted capital I
SELECT İS_FREE_LOCK('k')
-- next: full-width letters
SELECT ｂｅｎｃｈｍａｒｋ(1, 1)
-- next: a package of the schema
SELECT shop.pkg.nextval(1)
