-- UNION, INTERSECT and EXCEPT in brackets of every shape.
-- next: INTERSECT binds more tightly
SELECT 1 UNION SELECT 2 INTERSECT SELECT 3
-- next: brackets that change the order
(SELECT 1 UNION SELECT 2) INTERSECT (SELECT 2 EXCEPT SELECT 4)
-- next: double brackets
((SELECT id FROM a)) UNION ALL ((SELECT id FROM b) LIMIT 1)
-- next: DISTINCT and ALL spelt out
SELECT id FROM a UNION DISTINCT SELECT id FROM b EXCEPT ALL SELECT id FROM c
-- next: TABLE as a part
TABLE a UNION TABLE b ORDER BY 1 LIMIT 3 OFFSET 1
-- next: VALUES as a part
SELECT 1, 'a' UNION ALL VALUES ROW(2, 'b'), ROW(3, 'c') ORDER BY 1 DESC
-- next: a union as a table with names
SELECT u.kind, COUNT(*) FROM (SELECT 'order' AS kind, id FROM orders UNION ALL SELECT 'customer', id FROM customers) AS u GROUP BY u.kind
-- next: a union inside EXISTS
SELECT EXISTS (SELECT 1 FROM a UNION SELECT 1 FROM b)
-- next: VALUES as a derived table with names
SELECT v.x + v.y FROM (VALUES ROW(1, 2), ROW(3, 4)) AS v (x, y)
