-- rule: ambiguous
-- next: a comment inside a comment
SELECT 1 /* /* */ 2
-- next: -- before a control character
SELECT 1 --x
-- next: a number that runs into a name
SELECT 1e
-- next: a placeholder that runs into a name
SELECT $1a
