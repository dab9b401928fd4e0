//! Columns, and how their values are read.

use gateway_core::Column;
use sibyl::{ColumnType, Statement};

use super::super::types;
use super::failures;
use crate::DriverError;

/// Makes sibyl allot more room to texts than the database says they need. It is sibyl's own variable, which it looks at for each
/// statement, so that what it says can only be known by looking, too.
const ROOM_FACTOR: &str = "ORACLE_UTF8_CONV_FACTOR";

/// The most bytes that a character may be short of the room when what did not fit has been cut off.
const WIDEST: usize = 3;

/// How the values of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Float,
    Double,
    /// A whole number of at most nine digits.
    Integer,
    /// A number with this many digits after the point; `None` if their number varies.
    Number(Option<u8>),
    /// Text; with this many bytes or more it may have been cut off.
    Text(Option<usize>),
    /// Text or bytes without a limit of their own.
    LongText,
    LongBytes,
    Rowid,
    Bytes,
    Date,
    /// A date and time with this many fractional digits.
    Timestamp(u8),
    /// An instant.
    Instant(u8),
    IntervalDays,
    IntervalMonths,
    LargeText,
    LargeBytes,
}

/// The columns of an executed statement, as callers see them, and how to read each.
pub(super) fn describe(
    statement: &Statement<'_>,
    is_utf8: bool,
) -> Result<(Vec<Column>, Vec<Reader>), DriverError> {
    let count = statement
        .column_count()
        .map_err(|failure| failures::statement(&failure))?;
    let described = (0..count).map(|index| one(statement, index, is_utf8));
    Ok(described.collect::<Result<Vec<_>, _>>()?.into_iter().unzip())
}

fn one(statement: &Statement<'_>, index: usize, is_utf8: bool) -> Result<(Column, Reader), DriverError> {
    let of_statement = |failure: sibyl::Error| failures::statement(&failure);
    let found = statement
        .column(index)
        .ok_or_else(|| failures::unread("A column is missing from the description of the result"))?;
    let kind = found.data_type().map_err(of_statement)?;
    let name = found.name().map_err(of_statement)?;
    let (precision, scale) = match kind {
        ColumnType::Number
        | ColumnType::Timestamp
        | ColumnType::TimestampWithTimeZone
        | ColumnType::TimestampWithLocalTimeZone => (
            found.precision().map_err(of_statement)?,
            found.scale().map_err(of_statement)?,
        ),
        _ => (0, 0),
    };
    let precision = u8::try_from(precision).unwrap_or_default();
    let digits = u8::try_from(scale).unwrap_or(9).min(9);
    let size = found.size().map_err(of_statement)?;
    let (native, reader) = match kind {
        ColumnType::Char => ("char", Reader::Text(limit(size, !is_utf8))),
        ColumnType::Varchar => ("varchar2", Reader::Text(limit(size, !is_utf8))),
        // Two bytes there may be three here.
        ColumnType::NChar => ("nchar", Reader::Text(limit(size, true))),
        ColumnType::NVarchar => ("nvarchar2", Reader::Text(limit(size, true))),
        ColumnType::Long => ("long", Reader::LongText),
        ColumnType::Clob => ("clob", Reader::LargeText),
        ColumnType::NClob => ("nclob", Reader::LargeText),
        ColumnType::Raw => ("raw", Reader::Bytes),
        ColumnType::LongRaw => ("long raw", Reader::LongBytes),
        ColumnType::Blob => ("blob", Reader::LargeBytes),
        ColumnType::Number => (
            "number",
            types::number(precision, scale, Reader::Integer, Reader::Number),
        ),
        ColumnType::BinaryFloat => ("binary_float", Reader::Float),
        ColumnType::BinaryDouble => ("binary_double", Reader::Double),
        ColumnType::Date => ("date", Reader::Date),
        ColumnType::Timestamp => ("timestamp", Reader::Timestamp(digits)),
        ColumnType::TimestampWithTimeZone => ("timestamp with time zone", Reader::Instant(digits)),
        ColumnType::TimestampWithLocalTimeZone => ("timestamp with local time zone", Reader::Instant(digits)),
        ColumnType::IntervalYearToMonth => ("interval year to month", Reader::IntervalMonths),
        ColumnType::IntervalDayToSecond => ("interval day to second", Reader::IntervalDays),
        ColumnType::RowID => ("rowid", Reader::Rowid),
        ColumnType::Cursor | ColumnType::Unknown => {
            return Err(failures::unread_but(
                format!("The driver oci cannot read the values of column {name}"),
                "Select the parts that are wanted, each with a scalar type; XMLSERIALIZE, JSON_SERIALIZE and TO_CHAR make \
                 text of a value",
            ));
        }
    };
    let length = u32::try_from(size).unwrap_or(u32::MAX);
    let mut column = types::describe(native, precision, scale, length);
    column.name = name.to_owned();
    column.nullable = Some(found.is_null().map_err(of_statement)?);
    Ok((column, reader))
}

/// From how many bytes on a text may have been cut off: sibyl has room for as many bytes as the database says, and does not tell
/// when a text had more of them here.
fn limit(size: usize, may_grow: bool) -> Option<usize> {
    let factor = std::env::var(ROOM_FACTOR)
        .ok()
        .and_then(|factor| factor.parse().ok())
        .unwrap_or(1);
    (may_grow && size > 0).then(|| size.saturating_mul(factor).saturating_sub(WIDEST))
}
