-- rule: select_into
-- next: INTO
SELECT 1 INTO x FROM dual
