-- rule: ambiguous
-- next: a number that runs into a name
SELECT 1.for update FROM dual
