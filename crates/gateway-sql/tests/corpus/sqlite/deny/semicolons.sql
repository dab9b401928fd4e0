-- rule: multiple_statements
-- A second statement, behind everything that could make a reader believe that it is still inside the first.
-- next: behind a backslash
SELECT '\'; DELETE FROM orders; --'
-- next: behind a doubled quote
SELECT 'a'''; DROP TABLE x
-- next: behind a bracketed name with a quote
SELECT 1 AS [a'b]; DROP TABLE x
-- next: behind a backtick name with a bracket
SELECT 1 AS `[`; DROP TABLE x; SELECT `]`
-- next: behind a quoted name
SELECT "a;b"; PRAGMA writable_schema = 1
-- next: behind a comment that does not nest
SELECT 1 /* a */; DROP TABLE x
-- next: behind a line comment
SELECT 1 -- ;
; ATTACH 'x' AS y
-- next: a semicolon in front
; SELECT 1; COMMIT
-- next: behind a placeholder
SELECT ?; DELETE FROM orders
-- next: a trigger with its body
CREATE TRIGGER x AFTER INSERT ON orders BEGIN DELETE FROM lines; END
-- next: two reads
SELECT 1; SELECT 2
-- next: an open comment that hides nothing
SELECT 1; DELETE FROM orders /* open
