-- rule: multiple_statements
-- A second statement, behind everything that could make a reader believe that it is still inside the first.
-- next: behind a doubled quote
SELECT 'a'''; DROP TABLE x
-- next: behind an escaped backslash
SELECT 'a\\'; DROP TABLE x; -- '
-- next: behind a backtick name that holds a quote
SELECT 1 AS `a'b`; DROP TABLE x
-- next: behind a doubled backtick
SELECT 1 AS `a``b`; DROP TABLE x
-- next: behind a hash comment
SELECT 1 # comment
; DROP TABLE x
-- next: behind a comment that does not nest
SELECT 1 /* a */ ; DROP TABLE x /* b */
-- next: behind two minus signs that are no comment
SELECT 1 --1; DROP TABLE x
-- next: a semicolon first
;SELECT 1;DELETE FROM orders
-- next: with the delimiter of the client
SELECT 1; DELIMITER //
-- next: behind SHOW
SHOW TABLES; DELETE FROM orders
-- next: behind an introducer
SELECT _binary 'x'; DELETE FROM orders
-- next: behind EXPLAIN
EXPLAIN SELECT 1; UPDATE orders SET total = 0
-- next: a prepared statement in pieces
SELECT 1; SET @s = 'DELETE FROM orders'; PREPARE p FROM @s; EXECUTE p
-- next: behind a placeholder
SELECT ?; DELETE FROM orders
-- next: a compound statement
BEGIN; DELETE FROM orders; COMMIT
