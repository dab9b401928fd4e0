-- rule: ambiguous
-- Spellings that servers, settings or drivers read differently.
-- next: a comment inside a comment
SELECT 1 /* a /* b */ */ + 1
-- next: a carriage return ends the line for some
SELECT 1 -- xFROM orders
-- next: a carriage return in a hash comment
SELECT 1 # x; DELETE FROM orders
-- next: -- before a vertical tab
SELECT 1 -- x
-- next: an exponent without digits
SELECT 1e+
-- next: a number that runs into a full-width semicolon
SELECT 1； DELETE FROM orders
-- next: a second statement under NO_BACKSLASH_ESCAPES
SELECT 'a\'; DELETE FROM orders; -- '
-- next: a second statement under ANSI_QUOTES
SELECT "a\"; DELETE FROM orders; -- "
-- next: a second statement behind a name and its alias, without backslash escapes
SELECT E'a\'; DELETE FROM orders; -- '
-- next: a comment that begins in a string, without backslash escapes
SELECT 'a\'/*', '*/; DROP TABLE orders; SELECT 1 '
