-- rule: multiple_statements
-- A second statement, behind everything that could make a reader believe that it is still inside the first.
-- next: behind an escape string with an escaped quote
SELECT E'a\\'; DELETE FROM orders; --'
-- next: behind a dollar quote with a tag
SELECT $tag$ ' $tag$; DROP TABLE x; --'
-- next: behind a quoted name that holds a quote
SELECT 1 AS "a""b"; DROP TABLE x
-- next: behind a comment that nests
SELECT 1 /* /* */ ; */ ; DROP TABLE x
-- next: behind a line comment
SELECT 1 -- comment
; DROP TABLE x
-- next: a read behind a read
SELECT 1; SELECT 2
-- next: a semicolon first
; DELETE FROM orders
-- next: behind a placeholder
SELECT $1; DELETE FROM orders
-- next: behind a bracketed query
(SELECT 1); COMMIT
-- next: behind a Unicode string
SELECT U&'\0027'; DELETE FROM orders
-- next: behind a continued string
SELECT 'a'
'b'; DELETE FROM orders
-- next: COMMIT before the write
SELECT 1; COMMIT; DELETE FROM orders; BEGIN
-- next: behind EXPLAIN
EXPLAIN SELECT 1; DELETE FROM orders
-- next: behind a cast
SELECT 1::int; VACUUM
-- next: behind a dollar that is part of a name
SELECT a$b$ FROM x; DELETE FROM orders; SELECT $b$
