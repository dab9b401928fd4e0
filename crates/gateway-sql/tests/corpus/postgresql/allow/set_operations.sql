-- UNION, INTERSECT and EXCEPT in every bracketing, with the clauses that belong to a part and to the whole.
-- next: INTERSECT binds more tightly
SELECT 1 UNION SELECT 2 INTERSECT SELECT 3
-- next: brackets that change the order
(SELECT 1 UNION SELECT 2) EXCEPT (SELECT 2 UNION SELECT 4)
-- next: double brackets
((SELECT id FROM orders)) UNION ALL ((SELECT id FROM customers))
-- next: ALL and DISTINCT spelt out
SELECT id FROM orders INTERSECT ALL SELECT id FROM customers EXCEPT DISTINCT SELECT order_id FROM lines
-- next: a limited part in brackets
(SELECT id FROM orders ORDER BY created DESC FETCH FIRST ROW ONLY) UNION ALL (SELECT id FROM orders ORDER BY created LIMIT 1)
-- next: TABLE and VALUES as parts
TABLE numbers UNION ALL VALUES (1), (2) EXCEPT SELECT 3
-- next: a set operation as a table
SELECT count(*) FROM ((SELECT id FROM orders) EXCEPT (SELECT order_id FROM lines)) AS missing
-- next: a set operation in EXISTS
SELECT EXISTS (SELECT id FROM orders EXCEPT SELECT order_id FROM lines)
-- next: WITH inside the brackets of a part
(WITH x AS (SELECT 1 AS n) SELECT n FROM x) UNION (WITH y AS (SELECT 2 AS n) SELECT n FROM y) ORDER BY n DESC
-- next: a whole statement in brackets
(SELECT count(*) FROM orders)
