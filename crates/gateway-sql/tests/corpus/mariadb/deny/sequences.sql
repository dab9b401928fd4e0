-- rule: sequence
-- A sequence advanced by its statement-like spellings.
-- next: NEXT VALUE FOR in arithmetic
SELECT 1 + NEXT VALUE FOR s
-- next: of a qualified name
SELECT NEXT VALUE FOR shop.s
-- next: in a WHERE
SELECT id FROM orders WHERE id = NEXT VALUE FOR s
-- next: in a CTE
WITH x AS (SELECT NEXT VALUE FOR s AS n) SELECT n FROM x
-- next: in VALUES
VALUES (NEXT VALUE FOR s)
-- next: comments between
SELECT NEXT/**/VALUE/**/FOR s
-- next: in CASE
SELECT CASE WHEN 0 THEN NEXT VALUE FOR s END
-- next: the style of Oracle, qualified
SELECT shop.s.NEXTVAL
-- next: the style of Oracle, quoted
SELECT `s`.`nextval`
-- next: the style of Oracle, in a WHERE
SELECT 1 FROM orders WHERE s.nextval > 0
