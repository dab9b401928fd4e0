-- rule: sequence
-- next: NEXT VALUE FOR
SELECT NEXT VALUE FOR s
-- next: NEXTVAL
SELECT s.nextval
