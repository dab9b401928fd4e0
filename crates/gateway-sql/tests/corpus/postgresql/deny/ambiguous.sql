-- rule: ambiguous
-- next: a number that runs into a name
SELECT 1 ; DELETE
-- next: a number that runs into a name (2)
SELECT 12a
-- next: a malformed Unicode escape
SELECT U&"\zzzz" FROM t
-- next: UESCAPE changes a function's name
SELECT U&"pg!005fsleep" UESCAPE '!' (1)
-- next: UESCAPE changes a table's name
SELECT * FROM U&"d!0061t" UESCAPE '!'
-- next: a second statement without standard_conforming_strings
SELECT 'a\', '; DELETE FROM orders; --'
-- next: a second statement out of dollar quotes, without standard_conforming_strings
SELECT 'a\', $$'; DELETE FROM orders; --$$
-- next: a second statement behind a national string, without standard_conforming_strings
SELECT N'a\', '; DELETE FROM orders; --'
