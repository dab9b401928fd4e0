-- rule: operator
-- Operators that are not the server's own: each stands for a function of somebody's.
-- next: of a schema, quantified by its neighbour
SELECT 1 OPERATOR(public.=) 2
-- next: of a schema, at the end of a chain
SELECT 1 OPERATOR(pg_catalog.<) 2 OPERATOR(shop.<) 3
-- next: quantified
SELECT id FROM orders WHERE id <<<>>> ANY (ARRAY[1])
-- next: in ORDER BY
SELECT id FROM orders ORDER BY id USING <<<>>>
-- next: a prefix of one's own
SELECT !!% 5
-- next: in a join's condition
SELECT 1 FROM orders o JOIN customers c ON o.id %%% c.id
-- next: in a filter
SELECT count(*) FILTER (WHERE id |=| 1) FROM orders
-- next: made longer by a sign
SELECT 5 !=-1
-- next: with a comment right behind
SELECT 1 <<<>>>/* */ 2
-- next: of a schema, in ORDER BY
SELECT id FROM orders ORDER BY id USING OPERATOR(public.<)
-- next: of a schema, in an aggregate's order
SELECT array_agg(id ORDER BY id USING OPERATOR(public.<)) FROM orders
-- next: of a schema, in a window's order
SELECT count(*) OVER (ORDER BY id USING OPERATOR(shop.>)) FROM orders
-- next: of a schema, in the order inside of a group
SELECT mode() WITHIN GROUP (ORDER BY id USING OPERATOR(public.<)) FROM orders
-- next: of a schema that only looks like the catalogue
SELECT id FROM orders ORDER BY id USING OPERATOR("PG_CATALOG".<)
-- next: of a database and its catalogue
SELECT id FROM orders ORDER BY id USING OPERATOR(shop.pg_catalog.<)
