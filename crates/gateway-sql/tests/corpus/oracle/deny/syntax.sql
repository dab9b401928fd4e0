-- rule: syntax
-- next: Expected: ), found: f
SELECT CURSOR(SELECT f(1) FROM dual) FROM dual
