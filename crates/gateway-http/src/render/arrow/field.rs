//! From columns to Arrow fields.

use std::collections::HashMap;

use arrow_schema::{DataType, Field, TimeUnit};
use gateway_core::{Column, StandardType};

/// Most digits of a 128-bit decimal.
const DECIMAL128_DIGITS: u32 = 38;

/// Most digits of a 256-bit decimal.
const DECIMAL256_DIGITS: u32 = 76;

/// Fractional digits of a second that microseconds hold.
const MICROSECOND_DIGITS: i32 = 6;

/// The key of a field's standard type in its metadata.
const TYPE_KEY: &str = "nexus.type";

/// The key of a field's native type in its metadata.
const NATIVE_TYPE_KEY: &str = "nexus.nativeType";

/// The key of Arrow's canonical extension types.
const EXTENSION_KEY: &str = "ARROW:extension:name";

/// The field called `name` for `column`.
pub(super) fn field(name: String, column: &Column) -> Field {
    let mut metadata = HashMap::from([
        (TYPE_KEY.to_owned(), column.standard_type.as_str().to_owned()),
        (NATIVE_TYPE_KEY.to_owned(), column.native_type.clone()),
    ]);
    if matches!(
        column.standard_type,
        StandardType::Json | StandardType::Array | StandardType::Struct
    ) {
        metadata.insert(EXTENSION_KEY.to_owned(), "arrow.json".to_owned());
    }
    // What an engine says of a column of a table need not hold on the far side of an outer join.
    Field::new(name, data_type(column), true).with_metadata(metadata)
}

/// The Arrow type of a column: one that holds every value the column can have, or else text.
fn data_type(column: &Column) -> DataType {
    let unit = if column.scale.is_some_and(|digits| digits > MICROSECOND_DIGITS) {
        TimeUnit::Nanosecond
    } else {
        TimeUnit::Microsecond
    };
    match column.standard_type {
        StandardType::Integer => DataType::Int64,
        StandardType::BigInt if column.signed == Some(false) => DataType::UInt64,
        StandardType::BigInt => DataType::Int64,
        StandardType::Float => DataType::Float32,
        StandardType::Double => DataType::Float64,
        StandardType::Binary => DataType::Binary,
        // Where any value may stand in any column, only text holds them all.
        _ if column.dynamic => DataType::Utf8,
        StandardType::Boolean => DataType::Boolean,
        StandardType::Decimal => decimal(column).unwrap_or(DataType::Utf8),
        StandardType::Date => DataType::Date32,
        // A signed duration, or a time with an offset, is no time of day.
        StandardType::Time if column.signed == Some(false) => DataType::Time64(unit),
        StandardType::Timestamp => DataType::Timestamp(unit, None),
        StandardType::TimestampTz => DataType::Timestamp(unit, Some("UTC".into())),
        StandardType::Time
        | StandardType::String
        | StandardType::Interval
        | StandardType::Json
        | StandardType::Uuid
        | StandardType::Array
        | StandardType::Struct => DataType::Utf8,
    }
}

fn decimal(column: &Column) -> Option<DataType> {
    let (precision, scale) = (column.precision?, column.scale?);
    let (digits, scale) = (u8::try_from(precision).ok()?, i8::try_from(scale).ok()?);
    // Arrow wants 0 < precision and scale <= precision; PostgreSQL has numeric(2,5), too.
    if precision == 0 || i32::from(scale) > i32::from(digits) {
        return None;
    }
    if precision <= DECIMAL128_DIGITS {
        return Some(DataType::Decimal128(digits, scale));
    }
    (precision <= DECIMAL256_DIGITS).then_some(DataType::Decimal256(digits, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(standard: StandardType, change: impl FnOnce(&mut Column)) -> DataType {
        let mut column = Column::new("c", standard, "native");
        change(&mut column);
        data_type(&column)
    }

    #[test]
    fn decimals_are_exact_or_text() {
        let sized = |precision, scale| {
            of(StandardType::Decimal, |column| {
                (column.precision, column.scale) = (Some(precision), Some(scale));
            })
        };
        assert_eq!(sized(38, 10), DataType::Decimal128(38, 10));
        assert_eq!(sized(65, 30), DataType::Decimal256(65, 30));
        assert_eq!(sized(5, -2), DataType::Decimal128(5, -2));
        assert_eq!(sized(2, 5), DataType::Utf8);
        assert_eq!(sized(1000, 2), DataType::Utf8);
        assert_eq!(of(StandardType::Decimal, |_| {}), DataType::Utf8);
    }

    #[test]
    fn signs_decide_where_the_standard_type_does_not() {
        let unsigned = |column: &mut Column| column.signed = Some(false);
        assert_eq!(of(StandardType::BigInt, unsigned), DataType::UInt64);
        assert_eq!(of(StandardType::BigInt, |_| {}), DataType::Int64);
        assert_eq!(
            of(StandardType::Time, unsigned),
            DataType::Time64(TimeUnit::Microsecond)
        );
        assert_eq!(of(StandardType::Time, |_| {}), DataType::Utf8);
    }
}
