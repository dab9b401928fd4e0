-- WITH in its many shapes: recursion over trees and series, several levels, inside subqueries, over VALUES.
-- next: a calendar joined to sparse facts
WITH RECURSIVE calendar(day) AS (SELECT DATE '2026-01-01' UNION ALL SELECT day + 1 FROM calendar WHERE day < DATE '2026-01-31') SELECT c.day, coalesce(s.v, 0) FROM calendar c LEFT JOIN series s ON s.d = c.day ORDER BY c.day
-- next: the path through a tree as an array
WITH RECURSIVE walk AS (SELECT id, ARRAY[id] AS path, 0 AS depth FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, w.path || n.id, w.depth + 1 FROM nodes n JOIN walk w ON n.parent = w.id WHERE n.id <> ALL (w.path)) SELECT repeat('  ', depth) || id FROM walk ORDER BY path
-- next: UNION that removes duplicates stops a cycle
WITH RECURSIVE reach(id) AS (SELECT 1 UNION SELECT n.id FROM nodes n, reach r WHERE n.parent = r.id) SELECT count(*) FROM reach
-- next: SEARCH BREADTH FIRST
WITH RECURSIVE t(id, parent) AS (SELECT id, parent FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, n.parent FROM nodes n JOIN t ON n.parent = t.id) SEARCH BREADTH FIRST BY id SET level SELECT id, level FROM t ORDER BY level
-- next: CYCLE with its own marks
WITH RECURSIVE t(id, parent) AS (SELECT id, parent FROM nodes UNION ALL SELECT n.id, n.parent FROM nodes n JOIN t ON n.parent = t.id) CYCLE id SET looped TO 'Y' DEFAULT 'N' USING trail SELECT id FROM t WHERE looped = 'N'
-- next: a CTE inside a subquery inside a CTE
WITH outside AS (SELECT * FROM (WITH inside AS (SELECT id, total FROM orders) SELECT max(total) AS top FROM inside) x) SELECT top FROM outside
-- next: a CTE of VALUES with a list of names
WITH rates(code, rate) AS (VALUES ('EUR', 1.0), ('USD', 1.08), ('GBP', 0.85)) SELECT code, round(100 / rate, 2) FROM rates
-- next: WITH before VALUES
WITH x AS (SELECT 5 AS n) VALUES ((SELECT n FROM x)), (6)
-- next: a CTE that nobody uses
WITH unused AS (SELECT 1) SELECT 2
-- next: a funnel in steps
WITH first_order AS (SELECT customer_id, min(created) AS at FROM orders GROUP BY 1), second AS (SELECT f.customer_id, min(o.created) AS at FROM first_order f JOIN orders o ON o.customer_id = f.customer_id AND o.created > f.at GROUP BY 1) SELECT count(f.*) AS began, count(s.*) AS came_back, round(100.0 * count(s.*) / nullif(count(f.*), 0), 1) AS percent FROM first_order f LEFT JOIN second s USING (customer_id)
-- next: cohorts by month
WITH cohort AS (SELECT customer_id, date_trunc('month', min(created)) AS born FROM orders GROUP BY customer_id) SELECT born, (extract(year FROM age(o.created, born)) * 12 + extract(month FROM age(o.created, born)))::int AS month, count(DISTINCT o.customer_id) FROM orders o JOIN cohort USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2
-- next: WITH inside an expression
SELECT (WITH m AS (SELECT max(v) AS top FROM series) SELECT top FROM m) - min(v) FROM series
