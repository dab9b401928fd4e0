-- rule: multiple_statements
-- A second statement, behind everything that could make a reader believe that it is still inside the first.
-- next: behind an escaped quote
SELECT 'a\'b'; DROP TABLE x
-- next: behind a backslash and a doubled quote
SELECT 'a\\'''; DROP TABLE x
-- next: behind a double-quoted string
SELECT "it's"; DROP TABLE x
-- next: behind a backtick name
SELECT 1 AS `;`; DROP TABLE x
-- next: behind a null by a backslash
SELECT \N; DROP TABLE x
-- next: behind a hash comment
SELECT 1 # ;
; DROP TABLE x
-- next: behind minus signs that are no comment
SELECT 1 --+1; DROP TABLE x
-- next: a compound statement that ends itself
BEGIN NOT ATOMIC DELETE FROM orders; SELECT 1; END
-- next: an IF of the server
IF 1 THEN DELETE FROM orders; END IF
-- next: a loop
FOR i IN 1..2 DO DELETE FROM orders; END FOR
-- next: semicolons in front
;; SELECT 1; COMMIT
-- next: behind VALUES
VALUES (1); DELETE FROM orders
-- next: behind SHOW
SHOW CREATE TABLE orders; TRUNCATE orders
-- next: behind a set operation
(SELECT 1) UNION (SELECT 2); SET @x = 1
-- next: behind a bit string
SELECT b'1'; SHUTDOWN
