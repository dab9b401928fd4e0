//! PostgreSQL's catalog (<https://www.postgresql.org/docs/current/catalogs.html>): what the account may select from.

use gateway_core::{Column, StandardType};
use postgres_types::Type;

use super::types;
use crate::{Catalog, CatalogType};

pub(super) const CATALOG: Catalog = Catalog {
    schemas: "SELECT n.nspname::text, pg_catalog.obj_description(n.oid, 'pg_namespace') \
        FROM pg_catalog.pg_namespace n \
        WHERE n.nspname::text LIKE :schema ESCAPE '!' \
          AND (n.nspname::text = :own OR n.nspname <> 'information_schema' AND n.nspname::text NOT LIKE 'pg!_%' ESCAPE '!') \
          AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
        ORDER BY n.nspname",
    tables: "SELECT n.nspname::text, c.relname::text, \
          CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END, \
          pg_catalog.obj_description(c.oid, 'pg_class'), \
          CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::bigint::text END \
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
          AND n.nspname::text LIKE :schema ESCAPE '!' AND c.relname::text LIKE :table ESCAPE '!' \
          AND (n.nspname::text = :own OR n.nspname <> 'information_schema' AND n.nspname::text NOT LIKE 'pg!_%' ESCAPE '!') \
          AND (n.nspname, c.relname) > (CAST(:after_schema AS name), CAST(:after_table AS name)) \
          AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
          AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT') \
        ORDER BY n.nspname, c.relname LIMIT CAST(:limit AS bigint)",
    table: None,
    columns: "SELECT n.nspname::text, c.relname::text, a.attnum::text, a.attname::text, \
          CASE WHEN t.typcategory = 'A' THEN 'array' WHEN b.typtype = 'c' THEN 'composite' ELSE b.oid::text END, \
          CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END::text, \
          pg_catalog.format_type(a.atttypid, a.atttypmod), (NOT (a.attnotnull OR t.typnotnull))::text, \
          pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.col_description(c.oid, a.attnum) \
        FROM pg_catalog.pg_attribute a \
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
        JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END \
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
        WHERE a.attnum > 0 AND NOT a.attisdropped \
          AND n.nspname IN (:schemas) AND c.relname IN (:tables) \
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
          AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') \
        ORDER BY n.nspname, c.relname, a.attnum",
    keys: "SELECT n.nspname::text, c.relname::text, k.conname::text, \
          CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'foreign' END, \
          u.position::text, a.attname::text, rn.nspname::text, rc.relname::text, ra.attname::text \
        FROM pg_catalog.pg_constraint k \
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS u(attnum, position) \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum \
        LEFT JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid \
        LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace \
        LEFT JOIN pg_catalog.pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = k.confkey[u.position] \
        WHERE k.contype IN ('p', 'u', 'f') AND n.nspname IN (:schemas) AND c.relname IN (:tables) \
        ORDER BY n.nspname, c.relname, k.conname, u.position",
    tables_at_once: 200,
    describe,
};

fn describe(of: &CatalogType<'_>) -> Column {
    let modifier = of.modifier.and_then(|text| text.parse().ok()).unwrap_or(-1);
    let mut column = match of.key {
        "array" => Column::new("", StandardType::Array, ""),
        "composite" => Column::new("", StandardType::Struct, ""),
        oid => match oid.parse().ok().and_then(Type::from_oid) {
            Some(known) => types::column("", &known, &types::decode(&known), modifier),
            // Types that are not built in are in the engine's words.
            None => Column::new("", StandardType::String, ""),
        },
    };
    of.native.clone_into(&mut column.native_type);
    column
}
