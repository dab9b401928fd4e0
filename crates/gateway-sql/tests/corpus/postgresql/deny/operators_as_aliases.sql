-- rule: syntax
-- PostgreSQL takes words of operators for aliases. A parser that takes FROM for their operand does not see the table.
-- next: ILIKE
SELECT 1 ILIKE FROM pg_hba_file_rules
-- next: LIKE
SELECT 1 LIKE FROM pg_hba_file_rules
-- next: COLLATE
SELECT 1 COLLATE FROM pg_hba_file_rules
-- next: BETWEEN
SELECT 1 BETWEEN FROM pg_hba_file_rules
-- next: IS
SELECT 1 IS FROM pg_hba_file_rules
-- next: AND
SELECT true AND FROM pg_hba_file_rules
-- next: SIMILAR
SELECT 1 SIMILAR FROM pg_hba_file_rules
