-- rule: procedure
-- The clause that old servers execute.
-- next: with arguments
SELECT id FROM orders PROCEDURE ANALYSE(10, 2000)
-- next: behind ORDER BY and LIMIT
SELECT id FROM orders ORDER BY id LIMIT 1 PROCEDURE analyse()
-- next: with a query as argument
SELECT 1 FROM orders PROCEDURE ANALYSE((SELECT 10), 1)
-- next: comments between
SELECT 1 FROM orders PROCEDURE/**/ANALYSE/**/(1)
