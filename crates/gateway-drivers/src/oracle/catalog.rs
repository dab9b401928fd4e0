//! The data dictionary (*Database Reference*, part I), which shows what the account may read.
//!
//! An empty text is NULL in Oracle, so "after nothing" is said by NULL.

use gateway_core::Column;

use super::types;
use crate::{Catalog, CatalogType};

/// Oracle's.
pub(super) const CATALOG: Catalog = Catalog {
    schemas: SCHEMAS,
    tables: TABLES,
    table: None,
    columns: COLUMNS,
    keys: KEYS,
    tables_at_once: 100,
    describe,
};

const SCHEMAS: &str = "SELECT u.username, NULL FROM all_users u \
    WHERE u.username LIKE :schema ESCAPE '!' AND (u.username = :own OR u.oracle_maintained = 'N') \
    ORDER BY u.username";

const TABLES: &str = "SELECT o.owner, o.object_name, CASE WHEN o.object_type = 'TABLE' THEN 'table' ELSE 'view' END, \
      c.comments, TO_CHAR(t.num_rows) \
    FROM all_objects o \
    LEFT JOIN all_tab_comments c ON c.owner = o.owner AND c.table_name = o.object_name \
    LEFT JOIN all_tables t ON t.owner = o.owner AND t.table_name = o.object_name \
    WHERE o.object_type IN ('TABLE', 'VIEW') \
      AND o.owner LIKE :schema ESCAPE '!' AND o.object_name LIKE :table ESCAPE '!' \
      AND (o.owner = :own OR o.oracle_maintained = 'N') \
      AND (:after_schema IS NULL OR o.owner > :after_schema \
        OR o.owner = :after_schema AND (:after_table IS NULL OR o.object_name > :after_table)) \
    ORDER BY o.owner, o.object_name FETCH FIRST :limit ROWS ONLY";

/// `data_default` is a LONG, which no expression can hold; it comes as it is.
const COLUMNS: &str = "SELECT c.owner, c.table_name, TO_CHAR(c.column_id), c.column_name, c.data_type, \
      NVL(TO_CHAR(c.data_precision), '-') || ',' || NVL(TO_CHAR(c.data_scale), '-') || ',' \
        || TO_CHAR(CASE WHEN c.char_length > 0 THEN c.char_length ELSE c.data_length END), \
      c.data_type, CASE c.nullable WHEN 'N' THEN 'false' ELSE 'true' END, c.data_default, m.comments \
    FROM all_tab_columns c \
    LEFT JOIN all_col_comments m ON m.owner = c.owner AND m.table_name = c.table_name AND m.column_name = c.column_name \
    WHERE c.owner IN (:schemas) AND c.table_name IN (:tables) \
    ORDER BY c.owner, c.table_name, c.column_id";

const KEYS: &str = "SELECT k.owner, k.table_name, k.constraint_name, \
      CASE k.constraint_type WHEN 'P' THEN 'primary' WHEN 'U' THEN 'unique' ELSE 'foreign' END, \
      TO_CHAR(c.position), c.column_name, r.owner, r.table_name, r.column_name \
    FROM all_constraints k \
    JOIN all_cons_columns c ON c.owner = k.owner AND c.constraint_name = k.constraint_name AND c.table_name = k.table_name \
    LEFT JOIN all_cons_columns r ON r.owner = k.r_owner AND r.constraint_name = k.r_constraint_name \
      AND r.position = c.position \
    WHERE k.constraint_type IN ('P', 'U', 'R') AND k.owner IN (:schemas) AND k.table_name IN (:tables) \
    ORDER BY k.owner, k.table_name, k.constraint_name, c.position";

fn describe(of: &CatalogType<'_>) -> Column {
    let mut sizes = of.modifier.unwrap_or_default().split(',');
    let (precision, scale, length) = (sizes.next(), sizes.next(), sizes.next());
    let read = |size: Option<&str>| size.and_then(|size| size.parse::<i64>().ok());
    // `TIMESTAMP(6) WITH TIME ZONE`, `INTERVAL DAY(2) TO SECOND(6)`: the sizes are there once more.
    let native = without_sizes(of.key).to_ascii_lowercase();
    let scale = match read(scale) {
        Some(scale) => i8::try_from(scale).unwrap_or(0),
        None if matches!(native.as_str(), "number" | "float") => -127,
        None => 0,
    };
    let precision = read(precision).and_then(|digits| u8::try_from(digits).ok());
    let length = read(length).and_then(|length| u32::try_from(length).ok());
    // NUMBER(*,0), which INTEGER is, declares a scale and no precision.
    let precision = precision.unwrap_or(if native == "number" && scale != -127 {
        38
    } else {
        0
    });
    types::describe(&native, precision, scale, length.unwrap_or(0))
}

fn without_sizes(name: &str) -> String {
    let mut depth = 0_u32;
    name.chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::StandardType;

    #[test]
    fn the_dictionary_and_the_results_call_types_the_same() {
        for (key, modifier, standard, native) in [
            ("NUMBER", ",,22", StandardType::Decimal, "number"),
            ("NUMBER", "9,0,22", StandardType::Integer, "number"),
            ("NUMBER", ",0,22", StandardType::Decimal, "number"),
            (
                "TIMESTAMP(6) WITH TIME ZONE",
                ",6,13",
                StandardType::TimestampTz,
                "timestamp with time zone",
            ),
            (
                "INTERVAL DAY(2) TO SECOND(6)",
                "2,6,11",
                StandardType::Interval,
                "interval day to second",
            ),
            ("VARCHAR2", ",,40", StandardType::String, "varchar2"),
            ("XMLTYPE", ",,2000", StandardType::String, "xmltype"),
        ] {
            let found = describe(&CatalogType {
                key,
                modifier: Some(modifier),
                native: key,
            });
            assert_eq!(
                (found.standard_type, found.native_type.as_str()),
                (standard, native)
            );
        }
    }
}
