//! From SQLite's declared types to standard types.
//!
//! SQLite stores a type with each value, not with the column. What a column *declares* is therefore the only constant to
//! build on; a column that declares nothing (an expression) takes its type from its first value. The declared names follow
//! the affinity rules of <https://www.sqlite.org/datatype3.html>, refined by the names other engines use.

use gateway_core::{Column, StandardType};
use rusqlite::types::ValueRef;

/// The column called `name` that declares `declared`; `first` is its value in the first row, if there is a row.
pub(super) fn column(name: &str, declared: Option<&str>, first: Option<ValueRef<'_>>) -> Column {
    let Some(declared) = declared.filter(|declared| !declared.trim().is_empty()) else {
        let (standard, native) = of_value(first);
        return dynamic(Column::new(name, standard, native));
    };
    let lower = declared.trim().to_ascii_lowercase();
    let mut column = dynamic(Column::new(name, of_declaration(&lower), lower.clone()));
    let sizes = sizes(&lower);
    match column.standard_type {
        StandardType::Decimal => {
            column.precision = sizes.first().copied();
            column.scale = sizes.get(1).and_then(|scale| i32::try_from(*scale).ok());
        }
        StandardType::String | StandardType::Binary => column.length = sizes.first().map(|n| u64::from(*n)),
        _ => {}
    }
    column
}

fn dynamic(column: Column) -> Column {
    Column {
        dynamic: true,
        ..column
    }
}

fn of_value(first: Option<ValueRef<'_>>) -> (StandardType, &'static str) {
    match first {
        Some(ValueRef::Integer(_)) => (StandardType::BigInt, "integer"),
        Some(ValueRef::Real(_)) => (StandardType::Double, "real"),
        Some(ValueRef::Blob(_)) => (StandardType::Binary, "blob"),
        Some(ValueRef::Text(_)) => (StandardType::String, "text"),
        Some(ValueRef::Null) | None => (StandardType::String, "null"),
    }
}

fn of_declaration(declared: &str) -> StandardType {
    let base = declared.split('(').next().unwrap_or(declared).trim();
    match base {
        "boolean" | "bool" => StandardType::Boolean,
        "bigint" | "int8" | "unsigned big int" | "bigint unsigned" => StandardType::BigInt,
        "date" => StandardType::Date,
        "time" => StandardType::Time,
        "datetime" | "timestamp" => StandardType::Timestamp,
        "timestamptz" | "timestamp with time zone" => StandardType::TimestampTz,
        "json" | "jsonb" => StandardType::Json,
        "uuid" => StandardType::Uuid,
        "float4" => StandardType::Float,
        _ if base.contains("int") => StandardType::Integer,
        _ if ["char", "clob", "text"].iter().any(|part| base.contains(part)) => StandardType::String,
        _ if base.contains("blob") || base.contains("binary") => StandardType::Binary,
        _ if ["real", "floa", "doub"].iter().any(|part| base.contains(part)) => StandardType::Double,
        _ if base.contains("num") || base.contains("dec") => StandardType::Decimal,
        _ => StandardType::String,
    }
}

fn sizes(declared: &str) -> Vec<u32> {
    let Some((_, rest)) = declared.split_once('(') else {
        return Vec::new();
    };
    let inside = rest.split(')').next().unwrap_or_default();
    inside
        .split(',')
        .map_while(|size| size.trim().parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_names_decide() {
        for (declared, expected) in [
            ("INTEGER", StandardType::Integer),
            ("BIGINT", StandardType::BigInt),
            ("VARCHAR(20)", StandardType::String),
            ("DECIMAL(10,2)", StandardType::Decimal),
            ("DOUBLE PRECISION", StandardType::Double),
            ("DATETIME", StandardType::Timestamp),
            ("BLOB", StandardType::Binary),
            ("ANYTHING", StandardType::String),
        ] {
            assert_eq!(
                column("c", Some(declared), None).standard_type,
                expected,
                "{declared}"
            );
        }
        let decimal = column("c", Some("DECIMAL(10,2)"), None);
        assert_eq!((decimal.precision, decimal.scale), (Some(10), Some(2)));
    }

    #[test]
    fn an_expression_takes_the_type_of_its_first_value() {
        assert_eq!(
            column("c", None, Some(ValueRef::Integer(1))).standard_type,
            StandardType::BigInt
        );
        assert_eq!(
            column("c", None, Some(ValueRef::Null)).standard_type,
            StandardType::String
        );
    }
}
