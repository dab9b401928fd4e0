-- rule: statement_kind
-- Data definition, accounts and rights: each family of the manual.
-- next: a temporary table, which a read-only transaction permits
CREATE TEMPORARY TABLE x (a INT)
-- next: a table from a query
CREATE TABLE x SELECT * FROM orders
-- next: a table like another
CREATE TABLE x LIKE orders
-- next: a view
CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW x AS SELECT 1
-- next: an index
CREATE FULLTEXT INDEX x ON articles (body)
-- next: a database
CREATE SCHEMA IF NOT EXISTS x
-- next: a procedure
CREATE PROCEDURE x() SELECT 1
-- next: a function
CREATE FUNCTION x() RETURNS INT DETERMINISTIC RETURN 1
-- next: a loadable function
CREATE FUNCTION sys_eval RETURNS STRING SONAME 'lib_mysqludf_sys.so'
-- next: a trigger
CREATE TRIGGER x BEFORE INSERT ON orders FOR EACH ROW SET NEW.id = 1
-- next: an event
CREATE EVENT x ON SCHEDULE EVERY 1 DAY DO DELETE FROM orders
-- next: a server
CREATE SERVER x FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')
-- next: a tablespace
CREATE TABLESPACE x ADD DATAFILE 'x.ibd'
-- next: an account
CREATE USER x IDENTIFIED BY 'x'
-- next: a role
CREATE ROLE x
-- next: a resource group
CREATE RESOURCE GROUP x TYPE = USER
-- next: a reference system
CREATE OR REPLACE SPATIAL REFERENCE SYSTEM 999999 NAME 'x' DEFINITION ''
-- next: ALTER DATABASE
ALTER DATABASE shop READ ONLY = 1
-- next: ALTER USER
ALTER USER CURRENT_USER() IDENTIFIED BY 'x'
-- next: ALTER INSTANCE
ALTER INSTANCE ROTATE INNODB MASTER KEY
-- next: ALTER VIEW
ALTER VIEW v AS SELECT 2
-- next: ALTER EVENT
ALTER EVENT x DISABLE
-- next: ALTER TABLE that exchanges a partition
ALTER TABLE orders EXCHANGE PARTITION p0 WITH TABLE x
-- next: DROP DATABASE
DROP DATABASE x
-- next: DROP of a prepared statement
DROP PREPARE s
-- next: DROP INDEX
DROP INDEX ix_created ON orders
-- next: DROP TEMPORARY
DROP TEMPORARY TABLE IF EXISTS x
-- next: DROP USER
DROP USER IF EXISTS x
-- next: RENAME USER
RENAME USER x TO y
-- next: REVOKE
REVOKE IF EXISTS ALL PRIVILEGES, GRANT OPTION FROM x
-- next: a role granted
GRANT x TO y WITH ADMIN OPTION
-- next: SET PASSWORD
SET PASSWORD = 'x'
-- next: SET DEFAULT ROLE
SET DEFAULT ROLE NONE TO x
-- next: SET ROLE
SET ROLE ALL
-- next: SET RESOURCE GROUP
SET RESOURCE GROUP x
