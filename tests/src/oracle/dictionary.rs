//! The data dictionary: what a double's database holds, in Oracle's words. Its account owns everything.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};

/// Makes what the views ask for known to a connection.
pub(super) fn register(connection: &Connection) -> Result<()> {
    const FIXED: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC);
    // `NUMBER(12,2)` has the parts NUMBER, 12 and 2; `TIMESTAMP(6) WITH TIME ZONE` is called that as a whole.
    connection.create_scalar_function("type_name", 1, FIXED, |context| {
        let declared: String = context.get(0)?;
        let declared = declared.trim_matches(['"', ' ']).to_uppercase();
        let declared = declared.replace(" ( ", "(").replace(" )", ")");
        let whole = declared.starts_with("TIMESTAMP") || declared.starts_with("INTERVAL");
        Ok(match declared.split_once('(') {
            Some((name, _)) if !whole => name.trim().to_owned(),
            _ => declared,
        })
    })?;
    connection.create_scalar_function("type_size", 2, FIXED, |context| {
        let (declared, part): (String, usize) = (context.get(0)?, context.get(1)?);
        let sizes = declared
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'));
        let size = sizes.and_then(|(sizes, _)| sizes.split(',').nth(part));
        Ok(size.and_then(|size| size.trim().parse::<i64>().ok()))
    })
}

/// The views, and tables for what SQLite does not keep: comments.
pub(super) const VIEWS: &str = "
CREATE TABLE all_tab_comments (owner VARCHAR2(128), table_name VARCHAR2(128), comments VARCHAR2(4000));
CREATE TABLE all_col_comments
  (owner VARCHAR2(128), table_name VARCHAR2(128), column_name VARCHAR2(128), comments VARCHAR2(4000));
CREATE TABLE session_privs (privilege VARCHAR2(40));
INSERT INTO session_privs VALUES ('CREATE SESSION');
CREATE TABLE user_tab_privs_recd (table_name VARCHAR2(128), privilege VARCHAR2(40));
CREATE TABLE role_tab_privs (role VARCHAR2(128), privilege VARCHAR2(40));
CREATE TABLE all_users (username VARCHAR2(128), oracle_maintained VARCHAR2(1));
INSERT INTO all_users VALUES ('SCOTT', 'N'), ('SYS', 'Y');
CREATE TABLE hidden_objects (name TEXT);
CREATE VIEW own_objects AS
  SELECT name AS real_name, upper(name) AS object_name, upper(type) AS object_type FROM sqlite_schema
  WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' AND name NOT IN (SELECT name FROM hidden_objects);
CREATE VIEW user_objects AS SELECT object_name, object_type FROM own_objects;
CREATE VIEW user_tables AS SELECT object_name AS table_name FROM own_objects WHERE object_type = 'TABLE';
CREATE VIEW all_objects AS
  SELECT 'SCOTT' AS owner, object_name, object_type, 'N' AS oracle_maintained FROM own_objects;
CREATE VIEW all_tables AS
  SELECT 'SCOTT' AS owner, object_name AS table_name, NULL AS num_rows FROM own_objects WHERE object_type = 'TABLE';
CREATE VIEW all_tab_columns AS
  SELECT 'SCOTT' AS owner, o.object_name AS table_name, c.cid + 1 AS column_id, upper(c.name) AS column_name,
    type_name(c.type) AS data_type,
    CASE WHEN type_name(c.type) = 'NUMBER' THEN type_size(c.type, 0) END AS data_precision,
    CASE WHEN type_name(c.type) = 'NUMBER' AND type_size(c.type, 0) IS NOT NULL THEN ifnull(type_size(c.type, 1), 0)
      WHEN type_name(c.type) LIKE 'TIMESTAMP%' THEN ifnull(type_size(c.type, 0), 6) END AS data_scale,
    CASE WHEN type_name(c.type) LIKE '%CHAR%' THEN type_size(c.type, 0) ELSE 0 END AS char_length,
    ifnull(type_size(c.type, 0), 22) AS data_length,
    CASE c.\"notnull\" WHEN 1 THEN 'N' ELSE CASE WHEN c.pk > 0 THEN 'N' ELSE 'Y' END END AS nullable,
    c.dflt_value AS data_default
  FROM own_objects o JOIN pragma_table_info(o.real_name) c;
CREATE VIEW own_keys AS
  SELECT o.object_name AS table_name, 'PK_' || o.object_name AS constraint_name, 'P' AS constraint_type,
    c.pk AS position, upper(c.name) AS column_name, NULL AS r_constraint_name
  FROM own_objects o JOIN pragma_table_info(o.real_name) c WHERE c.pk > 0
  UNION ALL
  SELECT o.object_name, 'FK_' || o.object_name || '_' || f.id, 'R', f.seq + 1, upper(f.\"from\"), 'PK_' || upper(f.\"table\")
  FROM own_objects o JOIN pragma_foreign_key_list(o.real_name) f
  UNION ALL
  SELECT o.object_name, 'UQ_' || o.object_name || '_' || i.seq, 'U', c.seqno + 1, upper(c.name), NULL
  FROM own_objects o JOIN pragma_index_list(o.real_name) i JOIN pragma_index_info(i.name) c WHERE i.origin = 'u';
CREATE VIEW all_constraints AS
  SELECT DISTINCT 'SCOTT' AS owner, table_name, constraint_name, constraint_type,
    CASE WHEN r_constraint_name IS NOT NULL THEN 'SCOTT' END AS r_owner, r_constraint_name FROM own_keys;
CREATE VIEW all_cons_columns AS
  SELECT 'SCOTT' AS owner, table_name, constraint_name, position, column_name FROM own_keys;
INSERT INTO hidden_objects SELECT name FROM sqlite_schema WHERE type IN ('table', 'view');
";
