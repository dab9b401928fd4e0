//! From Oracle's types to standard types.

use gateway_core::{Column, Encoding, StandardType};
use oracledb::{
    DB_TYPE_BINARY_DOUBLE, DB_TYPE_BINARY_FLOAT, DB_TYPE_BINARY_INTEGER, DB_TYPE_BLOB, DB_TYPE_BOOLEAN,
    DB_TYPE_CHAR, DB_TYPE_CLOB, DB_TYPE_DATE, DB_TYPE_INTERVAL_DS, DB_TYPE_INTERVAL_YM, DB_TYPE_JSON,
    DB_TYPE_LONG, DB_TYPE_LONG_NVARCHAR, DB_TYPE_LONG_RAW, DB_TYPE_NCHAR, DB_TYPE_NCLOB, DB_TYPE_NUMBER,
    DB_TYPE_NVARCHAR, DB_TYPE_RAW, DB_TYPE_ROWID, DB_TYPE_TIMESTAMP, DB_TYPE_TIMESTAMP_LTZ,
    DB_TYPE_TIMESTAMP_TZ, DB_TYPE_UROWID, DB_TYPE_VARCHAR, DB_TYPE_VECTOR, DbType, Metadata,
};

use super::error;
use crate::{DriverError, StatementFailure};

/// What Oracle calls the scale of a number that declares none.
const NO_SCALE: i8 = -127;

/// Digits of whole numbers that fit 32 bits.
const INTEGER_DIGITS: u8 = 9;

/// How the values of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Boolean,
    Float,
    Double,
    /// A whole number of at most nine digits.
    Integer,
    /// A number with this many digits after the point; `None` if their number varies.
    Number(Option<u8>),
    Text,
    /// Text that the client library has in a form of its own.
    Rowid,
    Bytes,
    /// A date and time with this many fractional digits.
    Timestamp(u8),
    /// An instant.
    Instant(u8),
    /// An instant in the database's time zone, which is this many seconds ahead of UTC.
    Local(u8, i32),
    IntervalDays,
    IntervalMonths,
    LargeText,
    LargeBytes,
    Json,
    Vector,
}

/// How the values of each column are read.
///
/// # Errors
///
/// If the values of one cannot be.
pub(super) fn readers(columns: &[Metadata], zone: Option<i32>) -> Result<Vec<Reader>, DriverError> {
    columns.iter().map(|column| reader(column, zone)).collect()
}

fn reader(column: &Metadata, zone: Option<i32>) -> Result<Reader, DriverError> {
    let digits = u8::try_from(column.scale()).unwrap_or(9).min(9);
    let found = column.db_type();
    let texts = [
        DB_TYPE_VARCHAR,
        DB_TYPE_NVARCHAR,
        DB_TYPE_CHAR,
        DB_TYPE_NCHAR,
        DB_TYPE_LONG,
        DB_TYPE_LONG_NVARCHAR,
        DB_TYPE_UROWID,
    ];
    Ok(if texts.contains(&found) {
        Reader::Text
    } else if found == DB_TYPE_NUMBER || found == DB_TYPE_BINARY_INTEGER {
        number(
            column.precision(),
            column.scale(),
            Reader::Integer,
            Reader::Number,
        )
    } else if found == DB_TYPE_DATE {
        Reader::Timestamp(0)
    } else if found == DB_TYPE_TIMESTAMP {
        Reader::Timestamp(digits)
    } else if found == DB_TYPE_TIMESTAMP_TZ {
        Reader::Instant(digits)
    } else if found == DB_TYPE_TIMESTAMP_LTZ {
        Reader::Local(digits, zone.ok_or_else(|| regional(column))?)
    } else if found == DB_TYPE_RAW || found == DB_TYPE_LONG_RAW {
        Reader::Bytes
    } else if found == DB_TYPE_CLOB || found == DB_TYPE_NCLOB {
        Reader::LargeText
    } else if found == DB_TYPE_BLOB {
        Reader::LargeBytes
    } else if found == DB_TYPE_BINARY_FLOAT {
        Reader::Float
    } else if found == DB_TYPE_BINARY_DOUBLE {
        Reader::Double
    } else if found == DB_TYPE_BOOLEAN {
        Reader::Boolean
    } else if found == DB_TYPE_INTERVAL_DS {
        Reader::IntervalDays
    } else if found == DB_TYPE_INTERVAL_YM {
        Reader::IntervalMonths
    } else if found == DB_TYPE_ROWID {
        Reader::Rowid
    } else if found == DB_TYPE_JSON {
        Reader::Json
    } else if found == DB_TYPE_VECTOR {
        Reader::Vector
    } else {
        return Err(error::unsupported(found));
    })
}

/// What becomes of a NUMBER: `integer` if it is a whole one of at most nine digits, else what `number` makes of the digits after the
/// point that it declares.
pub(super) fn number<T>(precision: u8, scale: i8, integer: T, number: impl FnOnce(Option<u8>) -> T) -> T {
    match (precision, u8::try_from(scale)) {
        (1..=INTEGER_DIGITS, Ok(0)) => integer,
        (1.., Ok(scale)) => number(Some(scale)),
        // FLOAT, NUMBER without a scale, and those that are rounded before the point.
        _ => number(None),
    }
}

/// Local timestamps come in the database's time zone; what that was on each day is known to the server alone if it is a region.
fn regional(column: &Metadata) -> DriverError {
    DriverError::Statement(Box::new(StatementFailure {
        message: format!(
            "The instants of column {} cannot be told: the database's time zone is a region",
            column.name()
        ),
        hint: Some("Select SYS_EXTRACT_UTC(column) instead of the column".to_owned()),
        ..StatementFailure::default()
    }))
}

/// A column as callers see it.
pub(super) fn column(column: &Metadata) -> Column {
    let found = column.db_type();
    let mut described = describe(
        native(found),
        column.precision(),
        column.scale(),
        column.max_size(),
    );
    described.name = column.name().to_owned();
    described.nullable = Some(column.nullable());
    described
}

/// A column from the name of its type, its precision and scale as Oracle has them, and its length.
pub(super) fn describe(native: &str, precision: u8, scale: i8, length: u32) -> Column {
    let standard = standard(native, precision, scale);
    let mut column = Column::new("", standard, native);
    match standard {
        StandardType::Integer | StandardType::Decimal => {
            column.precision = (precision > 0).then_some(precision.into());
            column.scale = (precision > 0 && scale != NO_SCALE).then_some(scale.into());
            column.signed = Some(true);
        }
        StandardType::Timestamp | StandardType::TimestampTz if native != "date" => {
            column.scale = Some(scale.into());
        }
        StandardType::String => {
            column.encoding = Some(Encoding::Utf8);
            let is_bounded = matches!(native, "varchar2" | "nvarchar2" | "char" | "nchar");
            column.length = is_bounded.then_some(length.into());
        }
        StandardType::Binary => {
            column.encoding = Some(Encoding::Binary);
            column.length = (native == "raw").then_some(length.into());
        }
        _ => {}
    }
    column
}

fn standard(native: &str, precision: u8, scale: i8) -> StandardType {
    match native {
        "number" => number(precision, scale, StandardType::Integer, |_| StandardType::Decimal),
        "float" => StandardType::Decimal,
        "binary_float" => StandardType::Float,
        "binary_double" => StandardType::Double,
        "boolean" => StandardType::Boolean,
        "date" | "timestamp" => StandardType::Timestamp,
        "timestamp with time zone" | "timestamp with local time zone" => StandardType::TimestampTz,
        "interval day to second" | "interval year to month" => StandardType::Interval,
        "raw" | "long raw" | "blob" => StandardType::Binary,
        "json" => StandardType::Json,
        "vector" => StandardType::Array,
        _ => StandardType::String,
    }
}

/// Oracle's own name of a type, in lower case.
fn native(found: &DbType) -> &'static str {
    let names: [(&DbType, &'static str); 26] = [
        (DB_TYPE_NUMBER, "number"),
        (DB_TYPE_VARCHAR, "varchar2"),
        (DB_TYPE_DATE, "date"),
        (DB_TYPE_TIMESTAMP, "timestamp"),
        (DB_TYPE_CHAR, "char"),
        (DB_TYPE_NVARCHAR, "nvarchar2"),
        (DB_TYPE_NCHAR, "nchar"),
        (DB_TYPE_CLOB, "clob"),
        (DB_TYPE_NCLOB, "nclob"),
        (DB_TYPE_BLOB, "blob"),
        (DB_TYPE_RAW, "raw"),
        (DB_TYPE_TIMESTAMP_TZ, "timestamp with time zone"),
        (DB_TYPE_TIMESTAMP_LTZ, "timestamp with local time zone"),
        (DB_TYPE_INTERVAL_DS, "interval day to second"),
        (DB_TYPE_INTERVAL_YM, "interval year to month"),
        (DB_TYPE_BINARY_FLOAT, "binary_float"),
        (DB_TYPE_BINARY_DOUBLE, "binary_double"),
        (DB_TYPE_BOOLEAN, "boolean"),
        (DB_TYPE_ROWID, "rowid"),
        (DB_TYPE_UROWID, "urowid"),
        (DB_TYPE_JSON, "json"),
        (DB_TYPE_VECTOR, "vector"),
        (DB_TYPE_LONG, "long"),
        (DB_TYPE_LONG_NVARCHAR, "long"),
        (DB_TYPE_LONG_RAW, "long raw"),
        (DB_TYPE_BINARY_INTEGER, "number"),
    ];
    let named = names.iter().find(|(one, _)| *one == found);
    named.map_or("unknown", |(_, name)| name)
}
