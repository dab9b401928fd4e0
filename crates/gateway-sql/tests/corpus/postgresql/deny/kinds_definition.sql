-- rule: statement_kind
-- Data definition: each family of CREATE, ALTER and DROP, also the forms that hide a query.
-- next: a temporary table
CREATE TEMP TABLE x (a int)
-- next: an unlogged table like another
CREATE UNLOGGED TABLE x (LIKE orders INCLUDING ALL)
-- next: a view
CREATE OR REPLACE VIEW x AS SELECT 1
-- next: a recursive view
CREATE RECURSIVE VIEW x (n) AS VALUES (1)
-- next: a materialized view
CREATE MATERIALIZED VIEW IF NOT EXISTS x AS SELECT 1 WITH NO DATA
-- next: an index that does not lock
CREATE UNIQUE INDEX CONCURRENTLY x ON orders USING btree (lower(name))
-- next: a function with a body in dollars
CREATE FUNCTION x() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$
-- next: a function with an SQL body
CREATE FUNCTION x() RETURNS int RETURN 1
-- next: a trigger
CREATE TRIGGER x BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f()
-- next: an event trigger
CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION f()
-- next: a rule
CREATE RULE x AS ON SELECT TO orders DO INSTEAD NOTHING
-- next: a policy
CREATE POLICY x ON orders USING (true)
-- next: a role
CREATE ROLE x SUPERUSER LOGIN
-- next: a database
CREATE DATABASE x
-- next: a schema with a table in it
CREATE SCHEMA x CREATE TABLE y (a int)
-- next: a sequence
CREATE SEQUENCE x START 1
-- next: an enumerated type
CREATE TYPE x AS ENUM ('a')
-- next: a domain
CREATE DOMAIN x AS int CHECK (value > 0)
-- next: a cast
CREATE CAST (int AS text) WITH INOUT AS IMPLICIT
-- next: an aggregate
CREATE AGGREGATE x (int) (SFUNC = int4pl, STYPE = int)
-- next: an extension
CREATE EXTENSION dblink
-- next: a language
CREATE LANGUAGE plpython3u
-- next: a foreign server
CREATE SERVER x FOREIGN DATA WRAPPER postgres_fdw
-- next: a publication and a subscription
CREATE SUBSCRIPTION x CONNECTION 'host=a' PUBLICATION p
-- next: statistics
CREATE STATISTICS x ON id, total FROM orders
-- next: a collation and a conversion
CREATE COLLATION x FROM "C"
-- next: a text search configuration
CREATE TEXT SEARCH CONFIGURATION x (COPY = simple)
-- next: ALTER TABLE
ALTER TABLE orders DISABLE TRIGGER ALL
-- next: ALTER SYSTEM
ALTER SYSTEM SET wal_level = minimal
-- next: ALTER ROLE
ALTER ROLE CURRENT_USER SET statement_timeout = 0
-- next: ALTER DATABASE
ALTER DATABASE postgres SET default_transaction_read_only = off
-- next: ALTER SEQUENCE
ALTER SEQUENCE s RESTART WITH 1
-- next: ALTER DEFAULT PRIVILEGES
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC
-- next: DROP of several with CASCADE
DROP VIEW IF EXISTS x, y CASCADE
-- next: DROP OWNED
DROP OWNED BY CURRENT_USER
-- next: REVOKE
REVOKE ALL ON SCHEMA public FROM PUBLIC
-- next: the membership of a role
GRANT pg_write_server_files TO x
-- next: EXPLAIN of a definition
EXPLAIN CREATE MATERIALIZED VIEW x AS SELECT 1
-- next: a table from EXECUTE
CREATE TABLE x AS EXECUTE p
