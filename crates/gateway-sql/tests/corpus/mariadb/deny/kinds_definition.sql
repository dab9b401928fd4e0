-- rule: statement_kind
-- Data definition, accounts and rights, with the forms that only MariaDB has.
-- next: a table replaced
CREATE OR REPLACE TABLE x (a INT) WITH SYSTEM VERSIONING
-- next: a temporary table, which a read-only transaction permits
CREATE OR REPLACE TEMPORARY TABLE x SELECT 1
-- next: a table from a query
CREATE TABLE IF NOT EXISTS x AS SELECT * FROM orders
-- next: a table of another engine that reaches out
CREATE TABLE x (a INT) ENGINE=CONNECT TABLE_TYPE=DOS FILE_NAME='/etc/passwd'
-- next: a federated table
CREATE TABLE x (a INT) ENGINE=FEDERATED CONNECTION='mysql://root@127.0.0.1/test/x'
-- next: a temporary sequence
CREATE TEMPORARY SEQUENCE x INCREMENT BY 5
-- next: a view
CREATE VIEW IF NOT EXISTS x AS VALUES (1)
-- next: an index with a wait
CREATE INDEX x ON orders (total) WAIT 1
-- next: a database
CREATE DATABASE x COMMENT 'y'
-- next: a procedure
CREATE OR REPLACE PROCEDURE x() SELECT 1
-- next: an aggregate function
CREATE AGGREGATE FUNCTION x(n INT) RETURNS INT RETURN n
-- next: a loadable function
CREATE FUNCTION sys_exec RETURNS INTEGER SONAME 'lib_mysqludf_sys.so'
-- next: a package
CREATE PACKAGE x AS PROCEDURE p1()
-- next: a trigger
CREATE TRIGGER x AFTER DELETE ON orders FOR EACH ROW FOLLOWS y SET @a = 1
-- next: an event
CREATE EVENT x ON SCHEDULE AT NOW() DO SET @a = 1
-- next: a server
CREATE SERVER x FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'localhost')
-- next: an account
CREATE OR REPLACE USER x@localhost IDENTIFIED VIA unix_socket
-- next: a role
CREATE ROLE x WITH ADMIN CURRENT_USER
-- next: ALTER TABLE that drops history
ALTER TABLE t DROP SYSTEM VERSIONING
-- next: ALTER TABLE that adds a period
ALTER TABLE orders ADD PERIOD FOR SYSTEM_TIME (a, b)
-- next: ALTER SEQUENCE
ALTER SEQUENCE s RESTART 1
-- next: ALTER USER
ALTER USER root@localhost ACCOUNT LOCK
-- next: ALTER DATABASE
ALTER DATABASE shop CHARACTER SET utf8mb4
-- next: ALTER VIEW
ALTER VIEW v AS SELECT 3
-- next: ALTER SERVER
ALTER SERVER x OPTIONS (USER 'y')
-- next: ALTER PROCEDURE
ALTER PROCEDURE p SQL SECURITY INVOKER
-- next: DROP SEQUENCE
DROP SEQUENCE IF EXISTS x
-- next: DROP TEMPORARY SEQUENCE
DROP TEMPORARY SEQUENCE IF EXISTS x
-- next: DROP TABLE with a wait
DROP TABLE IF EXISTS x WAIT 1
-- next: DROP PACKAGE BODY
DROP PACKAGE BODY x
-- next: DROP ROLE
DROP ROLE IF EXISTS x
-- next: DROP DATABASE
DROP SCHEMA x
-- next: RENAME of several tables
RENAME TABLE IF EXISTS x TO y, y TO z
-- next: RENAME USER
RENAME USER x TO y
-- next: GRANT of a proxy
GRANT PROXY ON x TO y
-- next: GRANT of a role
GRANT x TO CURRENT_USER
-- next: REVOKE
REVOKE SELECT (id) ON shop.orders FROM x
-- next: SET DEFAULT ROLE
SET DEFAULT ROLE NONE
-- next: SET PASSWORD
SET PASSWORD FOR x = PASSWORD('y')
-- next: TRUNCATE with a wait
TRUNCATE TABLE orders NOWAIT
