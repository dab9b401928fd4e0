//! From SQLite's declared types to standard types.
//!
//! SQLite stores a type with each value, not with the column. What a column *declares* is therefore the only constant to
//! build on; a column that declares nothing (an expression) takes its type from its first value. The declared names follow
//! the affinity rules of <https://www.sqlite.org/datatype3.html>, refined by the names other engines use.

use gateway_core::{Column, Encoding, StandardType};
use rusqlite::Statement;
use rusqlite::types::ValueRef;

use crate::nullability::{may_pad_with_nulls, occurrences};

/// What a statement tells about a column before it has run.
#[derive(Debug, Default)]
pub(super) struct Origin {
    name: String,
    declared: Option<String>,
    table: Option<String>,
    nullable: Option<bool>,
}

impl Origin {
    /// A column of which only the declaration is known.
    pub(super) fn declared(declared: &str) -> Self {
        Self {
            declared: Some(declared.to_owned()),
            ..Self::default()
        }
    }
}

/// The origins of the columns of `statement`, which was made of `text`.
pub(super) fn origins(statement: &Statement<'_>, text: &str) -> Vec<Origin> {
    let padded = may_pad_with_nulls(text) || occurrences(text, "select") != 1;
    let declared = statement.columns();
    let origins = declared.zip(statement.columns_with_metadata());
    origins
        .enumerate()
        .map(|(index, (column, place))| {
            let not_null = place.table_name().is_some() && is_not_null(statement, index);
            // A column of a view is said to come from the table behind it, whatever the view does to it.
            let seen = |table| occurrences(text, table) > 0;
            let nullable = place.table_name().and_then(|table| match not_null {
                false => Some(true),
                true => (!padded && seen(table)).then_some(false),
            });
            Origin {
                name: column.name().to_owned(),
                declared: column.decl_type().map(str::to_owned),
                table: place.table_name().map(str::to_owned),
                nullable,
            }
        })
        .collect()
}

fn is_not_null(statement: &Statement<'_>, index: usize) -> bool {
    let Ok(Some((_, _, _, declared, _, not_null, primary, _))) = statement.column_metadata(index) else {
        return false;
    };
    // Of all primary keys only the row's own number is never NULL.
    let is_row_id =
        primary && declared.is_some_and(|declared| declared.as_bytes().eq_ignore_ascii_case(b"integer"));
    not_null || is_row_id
}

/// The column that comes from `origin`; `first` is its value in the first row, if there is a row.
pub(super) fn column(origin: Origin, first: Option<ValueRef<'_>>) -> Column {
    let declared = origin.declared.filter(|declared| !declared.trim().is_empty());
    let mut column = match declared {
        Some(declared) => declared_column(origin.name, &declared),
        None => {
            let (standard, native) = of_value(first);
            dynamic(Column::new(origin.name, standard, native))
        }
    };
    column.encoding = match column.standard_type {
        StandardType::String => Some(Encoding::Utf8),
        StandardType::Binary => Some(Encoding::Binary),
        _ => None,
    };
    column.table = origin.table;
    column.nullable = origin.nullable;
    column
}

fn declared_column(name: String, declared: &str) -> Column {
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
                declared_column("c".to_owned(), declared).standard_type,
                expected,
                "{declared}"
            );
        }
        let decimal = declared_column("c".to_owned(), "DECIMAL(10,2)");
        assert_eq!((decimal.precision, decimal.scale), (Some(10), Some(2)));
    }

    #[test]
    fn an_expression_takes_the_type_of_its_first_value() {
        assert_eq!(
            column(Origin::default(), Some(ValueRef::Integer(1))).standard_type,
            StandardType::BigInt
        );
        assert_eq!(
            column(Origin::default(), Some(ValueRef::Null)).standard_type,
            StandardType::String
        );
    }
}
