//! Values that a client binds.

use super::column::code;
use super::encode::unsortable;
use super::temporal::Moment;
use super::value::Value;
use super::wire::In;
use super::{Flow, Kind, number};

/// Starts a row, of binds or of results.
pub(super) const ROW: u8 = 7;
/// The national character set.
const NATIONAL: u8 = 2;

/// What a client says about a value's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BindType {
    pub(super) code: u8,
    national: bool,
    size: u64,
}

/// A bound value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bind {
    /// The type that a column has that gives it back.
    pub(super) kind: Kind,
    /// The value.
    pub(super) value: Value,
}

/// Reads what is said about types, of binds or of definitions.
pub(super) fn read_types(message: &mut In<'_>, count: usize, version: u8) -> Flow<Vec<BindType>> {
    let mut types = Vec::new();
    for _ in 0..count {
        let code = message.u8()?;
        message.skip(3)?;
        let size = message.ub()?;
        message.skip_ub(2)?;
        message.sized()?;
        message.skip_ub(2)?;
        let national = message.u8()? == NATIONAL;
        message.ub()?;
        if version >= 8 {
            message.ub()?;
        }
        types.push(BindType { code, national, size });
    }
    Ok(types)
}

/// Reads rows of values, if there are any: several for a batch.
pub(super) fn read_rows(message: &mut In<'_>, types: &[BindType], count: usize) -> Flow<Vec<Vec<Bind>>> {
    let mut rows = Vec::new();
    while !types.is_empty() && rows.len() < count.max(1) {
        if rows.is_empty() && message.is_empty() {
            break;
        }
        if message.u8()? != ROW {
            return Err(super::wire::malformed("a row of values was expected"));
        }
        rows.push(read_row(message, types)?);
    }
    Ok(rows)
}

fn read_row(message: &mut In<'_>, types: &[BindType]) -> Flow<Vec<Bind>> {
    let mut row = vec![None; types.len()];
    // Long values come after all others.
    let is_long = |at: &usize| {
        let bound = types[*at];
        matches!(bound.code, code::LONG | code::LONG_RAW)
            || (matches!(bound.code, code::VARCHAR | code::RAW | code::CHAR) && bound.size > 32_767)
    };
    let (long, short): (Vec<usize>, Vec<usize>) = (0..types.len()).partition(is_long);
    for at in short.into_iter().chain(long) {
        row[at] = Some(read_bind(message, types[at])?);
    }
    Ok(row.into_iter().flatten().collect())
}

fn read_bind(message: &mut In<'_>, bound: BindType) -> Flow<Bind> {
    let size = u16::try_from(bound.size).unwrap_or(4000);
    let kind = match bound.code {
        code::NUMBER | code::INTEGER => Kind::NUMBER,
        code::DATE => Kind::Date,
        code::TIMESTAMP => Kind::Timestamp(9),
        code::TIMESTAMP_TZ => Kind::TimestampTz(9),
        code::TIMESTAMP_LTZ => Kind::TimestampLtz(9),
        code::BINARY_DOUBLE => Kind::BinaryDouble,
        code::BINARY_FLOAT => Kind::BinaryFloat,
        code::RAW | code::LONG_RAW | code::BLOB => Kind::Raw(size),
        code::BOOLEAN => Kind::Boolean,
        _ if bound.national => Kind::Nvarchar(size / 2),
        _ => Kind::Varchar(size),
    };
    let Some(bytes) = message.bytes()? else {
        return Ok(Bind {
            kind,
            value: Value::Null,
        });
    };
    let value = match kind {
        Kind::Number { .. } => Value::Number(number::read(&bytes)),
        Kind::Date | Kind::Timestamp(_) | Kind::TimestampTz(_) | Kind::TimestampLtz(_) => {
            Moment::read(&bytes).map_or(Value::Null, Value::Moment)
        }
        Kind::BinaryDouble => bytes.try_into().map_or(Value::Null, |bytes: [u8; 8]| {
            Value::Double(f64::from_be_bytes(unsortable(bytes)))
        }),
        Kind::BinaryFloat => bytes.try_into().map_or(Value::Null, |bytes: [u8; 4]| {
            Value::Float(f32::from_be_bytes(unsortable(bytes)))
        }),
        Kind::Raw(_) => Value::Bytes(bytes),
        Kind::Boolean => Value::Boolean(bytes.last() == Some(&1)),
        Kind::Nvarchar(_) => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|unit| u16::from_be_bytes([unit[0], unit[1]]))
                .collect();
            Value::Text(String::from_utf16_lossy(&units))
        }
        _ => Value::Text(String::from_utf8_lossy(&bytes).into_owned()),
    };
    Ok(Bind { kind, value })
}
