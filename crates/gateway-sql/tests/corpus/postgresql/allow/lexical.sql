-- Spellings that a careless lexer trips over: quotes in quotes, dollars, comments that nest, words that are not keywords here.
-- next: a dollar quote with a tag that holds another
SELECT $body$ SELECT $x$; DELETE FROM t; $x$ $body$ AS code
-- next: a dollar quote that ends with a half tag
SELECT $a$ $b $ a$ $a$
-- next: an escape string with every escape
SELECT E'tab\t, quote\', octal\101, hex\x41, unicode\u00e9, big\U0001F600, backslash\\'
-- next: a backslash before the closing quote of a plain string
SELECT 'C:\temp\' AS path, 'x' AS y
-- next: Unicode strings with their own escape
SELECT U&'d!0061t!+000061' UESCAPE '!', U&"na\006De" FROM (SELECT 1 AS name) x
-- next: strings continued on the next line
SELECT 'first '
  'second; '
  'DROP TABLE third' AS one_string
-- next: three levels of comments
SELECT 1 /* a /* b /* c */ */ ; DROP TABLE x -- */ + 2
-- next: line comments that open a block
SELECT 1 -- /* not a block
, 2 -- */ nor its end
-- next: a quoted name with everything in it
SELECT 1 AS "a; DROP TABLE ""x"" -- /* ' $$", 2 AS "SELECT"
-- next: names in other alphabets
SELECT größe.名前 FROM (SELECT 'é' AS 名前) AS größe
-- next: a name with a dollar
SELECT cost$1.n$ FROM (SELECT 1 AS n$) AS cost$1
-- next: keywords as aliases behind AS
SELECT 1 AS "update", 2 AS delete, 3 AS insert, 4 AS select, 5 AS copy
-- next: unreserved keywords as names of columns
SELECT x.copy, x.lock, x.share, x.notify, x.set, x.role, x.temporary FROM (SELECT 1 AS copy, 2 AS lock, 3 AS share, 4 AS notify, 5 AS set, 6 AS role, 7 AS temporary) AS x
-- next: white space of every kind
SELECT	1
	,
2
-- next: no white space at all
SELECT(1)+(2),'a'||'b',"id"FROM"orders"WHERE(id)>(0)
-- next: operators without space before a sign
SELECT 2*-1, 3- -2, 4/+2, @ -5, |/25, ||/27, 5 != -1
-- next: a national string and a hexadecimal one
SELECT N'nation', X'0F', b'01'
-- next: an emoji and a combining accent in a string
SELECT '😀 e' || chr(769) || 'ÿ' AS s
-- next: semicolons and white space at the end
SELECT 1 ; ; 
-- next: a comment after the final semicolon
SELECT 1; -- done; really
-- next: backslashes and semicolons in plain strings
SELECT string_agg(replace(name, '\', '/'), '; ') FROM orders
