//! The information schema of MySQL (<https://dev.mysql.com/doc/refman/9.4/en/information-schema.html>) and MariaDB, which
//! shows what the account may use.

use gateway_core::{Column, Encoding, StandardType};

use crate::{Catalog, CatalogType};

/// MySQL's. Its dictionary is indexed, so the columns of many tables are found at once.
pub(super) const MYSQL: Catalog = Catalog {
    schemas: SCHEMAS,
    tables: TABLES,
    table: None,
    columns: COLUMNS,
    keys: KEYS,
    tables_at_once: 200,
    describe,
};

/// MariaDB's. It opens every table of which more than the name is asked, unless a condition names the one that is wanted.
pub(super) const MARIADB: Catalog = Catalog {
    tables: NAMES,
    table: Some(TABLE),
    tables_at_once: 1,
    ..MYSQL
};

const SCHEMAS: &str = "SELECT schema_name, NULL FROM information_schema.schemata \
    WHERE schema_name LIKE :schema ESCAPE '!' \
      AND (schema_name = :own OR schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')) \
    ORDER BY schema_name";

/// The kind, the comment and the rows of a table.
macro_rules! details {
    () => {
        "CASE WHEN table_type LIKE '%VIEW' THEN 'view' ELSE 'table' END, \
         CASE WHEN table_type = 'VIEW' THEN NULL ELSE NULLIF(table_comment, '') END, CAST(table_rows AS CHAR)"
    };
}

/// The tables of a page, in order.
macro_rules! page {
    () => {
        "FROM information_schema.tables \
         WHERE table_schema LIKE :schema ESCAPE '!' AND table_name LIKE :table ESCAPE '!' \
           AND (table_schema = :own OR table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')) \
           AND (table_schema > :after_schema OR table_schema = :after_schema AND table_name > :after_table) \
         ORDER BY table_schema, table_name LIMIT :limit"
    };
}

const TABLES: &str = concat!("SELECT table_schema, table_name, ", details!(), " ", page!());

const NAMES: &str = concat!("SELECT table_schema, table_name, NULL, NULL, NULL ", page!());

const TABLE: &str = concat!(
    "SELECT table_schema, table_name, ",
    details!(),
    " FROM information_schema.tables WHERE table_schema IN (:schemas) AND table_name IN (:tables)"
);

/// MariaDB spells out that a column without a default has NULL for one.
const COLUMNS: &str = "SELECT table_schema, table_name, CAST(ordinal_position AS CHAR), column_name, data_type, \
      CONCAT(COALESCE(numeric_precision, ''), ',', COALESCE(numeric_scale, ''), ',', \
        COALESCE(character_maximum_length, ''), ',', COALESCE(datetime_precision, '')), \
      column_type, CASE is_nullable WHEN 'YES' THEN 'true' ELSE 'false' END, NULLIF(column_default, 'NULL'), NULLIF(column_comment, '') \
    FROM information_schema.columns \
    WHERE table_schema IN (:schemas) AND table_name IN (:tables) \
    ORDER BY table_schema, table_name, ordinal_position";

const KEYS: &str = "SELECT k.table_schema, k.table_name, k.constraint_name, \
      CASE WHEN k.referenced_table_name IS NOT NULL THEN 'foreign' WHEN k.constraint_name = 'PRIMARY' THEN 'primary' \
        ELSE 'unique' END, \
      CAST(k.ordinal_position AS CHAR), k.column_name, \
      k.referenced_table_schema, k.referenced_table_name, k.referenced_column_name \
    FROM information_schema.key_column_usage k \
    WHERE k.table_schema IN (:schemas) AND k.table_name IN (:tables) \
    ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position";

fn describe(of: &CatalogType<'_>) -> Column {
    let mut sizes = of
        .modifier
        .unwrap_or_default()
        .split(',')
        .map(|size| size.parse::<u64>().ok());
    let mut size = || sizes.next().flatten();
    let (precision, scale, length, digits) = (size(), size(), size(), size());
    let mut column = Column::new("", standard(of), of.native);
    match column.standard_type {
        StandardType::Decimal => {
            column.precision = precision.and_then(|digits| u32::try_from(digits).ok());
            column.scale = scale.and_then(|digits| i32::try_from(digits).ok());
        }
        StandardType::Time | StandardType::Timestamp | StandardType::TimestampTz => {
            column.scale = digits.and_then(|digits| i32::try_from(digits).ok());
        }
        StandardType::String => (column.length, column.encoding) = (length, Some(Encoding::Utf8)),
        StandardType::Binary => (column.length, column.encoding) = (length, Some(Encoding::Binary)),
        _ => {}
    }
    column
}

fn standard(of: &CatalogType<'_>) -> StandardType {
    match of.key.to_ascii_lowercase().as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "year" => StandardType::Integer,
        "bit" if of.native.eq_ignore_ascii_case("bit(1)") => StandardType::Integer,
        "bigint" => StandardType::BigInt,
        "float" => StandardType::Float,
        "double" => StandardType::Double,
        "decimal" => StandardType::Decimal,
        "date" => StandardType::Date,
        "time" => StandardType::Time,
        "datetime" => StandardType::Timestamp,
        "timestamp" => StandardType::TimestampTz,
        "json" => StandardType::Json,
        "uuid" => StandardType::Uuid,
        "bit" | "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "vector"
        | "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
        | "multipolygon" | "geomcollection" | "geometrycollection" => StandardType::Binary,
        _ => StandardType::String,
    }
}
