-- rule: ambiguous
-- next: a number that runs into a name
SELECT 1 ; DELETE
-- next: a number that runs into a name (2)
SELECT 12a
-- next: a malformed Unicode escape
SELECT U&"\zzzz" FROM t
