-- next: CONVERT between character sets
SELECT CONVERT(name, 'US7ASCII', 'WE8ISO8859P1') FROM customers
-- next: in the session's time zone
SELECT SYSTIMESTAMP AT LOCAL, hired AT LOCAL AS here FROM emp
-- next: JSON by its strict syntax, and by the lax one
SELECT id FROM docs WHERE doc IS JSON STRICT AND other IS NOT JSON LAX
