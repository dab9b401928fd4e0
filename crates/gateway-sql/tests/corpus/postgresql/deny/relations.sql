-- rule: function
-- Views of the catalogue that read files of the server, or tell how it was built.
-- next: who may log in from where
SELECT * FROM pg_hba_file_rules
-- next: the server's settings as its files have them
SELECT name, setting, sourcefile FROM pg_catalog.pg_file_settings
-- next: names of the system and of the server
SELECT * FROM pg_ident_file_mappings m
-- next: how it was built
SELECT * FROM pg_config
-- next: quoted
SELECT * FROM "pg_hba_file_rules"
-- next: quoted with its schema
SELECT * FROM "pg_catalog"."pg_config"
-- next: as Unicode escapes
SELECT * FROM U&"pg\005fconfig"
-- next: in other letters
SELECT * FROM PG_CATALOG.PG_HBA_FILE_RULES
-- next: with its database
SELECT * FROM nexus.pg_catalog.pg_config
-- next: by TABLE
TABLE pg_config
-- next: by TABLE, with its schema
TABLE pg_catalog.pg_hba_file_rules
-- next: joined
SELECT 1 FROM orders o JOIN pg_file_settings s ON true
-- next: in a list of tables
SELECT 1 FROM orders, pg_config c
-- next: in a subquery
SELECT (SELECT count(*) FROM pg_hba_file_rules)
-- next: without what inherits from it
SELECT * FROM ONLY pg_config
-- next: in an IN
SELECT 1 WHERE 'x' IN (TABLE pg_config)
-- next: in a WITH
WITH c AS (SELECT * FROM pg_config) SELECT * FROM c
-- next: by TABLE, without what inherits from it
TABLE ONLY pg_config
-- next: a view of files behind a column named interval
SELECT interval FROM pg_hba_file_rules
