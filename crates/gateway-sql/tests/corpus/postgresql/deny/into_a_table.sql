-- rule: select_into
-- SELECT INTO creates a table, under each of its spellings.
-- next: INTO TABLE
SELECT id INTO TABLE x FROM orders
-- next: INTO UNLOGGED
SELECT * INTO UNLOGGED x FROM orders
-- next: INTO TEMPORARY TABLE
SELECT 1 AS n INTO TEMPORARY TABLE x
-- next: behind DISTINCT
SELECT DISTINCT customer_id INTO x FROM orders
-- next: a qualified, quoted target
SELECT 1 AS n INTO public."x y"
-- next: behind a WITH
WITH a AS (SELECT 1 AS n) SELECT n INTO x FROM a
-- next: in the first part of a UNION
SELECT 1 AS n INTO x UNION SELECT 2
-- next: behind EXPLAIN
EXPLAIN SELECT 1 AS n INTO x
-- next: comments around the word
SELECT 1 AS n/**/INTO/**/x
