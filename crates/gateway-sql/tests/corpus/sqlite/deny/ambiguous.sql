-- rule: ambiguous
-- next: a number that runs into a name
SELECT 1a
-- next: a comment inside a comment
SELECT /* a /* b */ 1
