-- rule: data_modification
-- next: DELETE
WITH x AS (SELECT 1) DELETE FROM t
-- next: UPDATE
WITH x AS (SELECT 1) UPDATE t SET a=1
