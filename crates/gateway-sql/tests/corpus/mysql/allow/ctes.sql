-- WITH: recursion, several levels, inside subqueries, before set operations.
-- next: a calendar joined to sparse facts
WITH RECURSIVE calendar AS (SELECT CAST('2026-01-01' AS DATE) AS day UNION ALL SELECT day + INTERVAL 1 DAY FROM calendar WHERE day < '2026-01-31') SELECT c.day, IFNULL(s.v, 0) FROM calendar c LEFT JOIN series s ON s.d = c.day
-- next: a path built as text
WITH RECURSIVE walk (id, path) AS (SELECT id, CAST(id AS CHAR(200)) FROM customers WHERE id = 1 UNION ALL SELECT c.id, CONCAT(w.path, ' > ', c.id) FROM customers c JOIN walk w ON c.id = w.id + 1) SELECT * FROM walk
-- next: UNION DISTINCT in the recursion and a limit
WITH RECURSIVE n AS (SELECT 1 AS i UNION DISTINCT SELECT i * 2 % 7 FROM n LIMIT 20) SELECT GROUP_CONCAT(i) FROM n
-- next: Fibonacci
WITH RECURSIVE fib (n, a, b) AS (SELECT 1, 0, 1 UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 20) SELECT n, a FROM fib
-- next: a CTE inside a derived table
SELECT * FROM (WITH m AS (SELECT MAX(total) AS top FROM orders) SELECT top FROM m) AS x
-- next: a CTE inside an IN
SELECT name FROM customers WHERE id IN (WITH big AS (SELECT customer_id FROM orders WHERE total > 100) SELECT customer_id FROM big)
-- next: a CTE that refers to an earlier one twice
WITH m AS (SELECT DATE_FORMAT(created, '%Y-%m-01') AS month, SUM(total) AS revenue FROM orders GROUP BY 1), g AS (SELECT a.month, a.revenue, b.revenue AS before_that FROM m a LEFT JOIN m b ON b.month = DATE_FORMAT(a.month - INTERVAL 1 MONTH, '%Y-%m-01')) SELECT month, ROUND(100 * (revenue - before_that) / before_that, 1) AS growth FROM g
-- next: a retention table
WITH firsts AS (SELECT customer_id, MIN(DATE(created)) AS born FROM orders GROUP BY customer_id) SELECT born, TIMESTAMPDIFF(WEEK, born, o.created) AS week_no, COUNT(DISTINCT o.customer_id) AS people FROM orders o JOIN firsts f USING (customer_id) GROUP BY born, week_no
-- next: WITH before a bracketed union
WITH x AS (SELECT 1 AS n) (SELECT n FROM x) UNION (SELECT n + 1 FROM x) ORDER BY 1
