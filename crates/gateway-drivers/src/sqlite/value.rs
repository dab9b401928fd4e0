//! Values to and from SQLite.

use std::io::Write as _;

use gateway_core::{BatchBuilder, Cell, ParamType, ParamValue, StandardType, json, temporal};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

/// Largest whole number that a 64-bit float holds exactly.
const EXACT_IN_DOUBLE: u64 = 1 << 53;

/// What is needed to read the values of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) standard: StandardType,
    /// Declared digits after the decimal point.
    pub(super) scale: Option<usize>,
}

/// Appends a value of a column. A value that does not fit the type goes out as text, verbatim.
pub(super) fn push(cells: &mut BatchBuilder, reader: Reader, value: ValueRef<'_>) {
    match (reader.standard, value) {
        (_, ValueRef::Null) => cells.push(Cell::Null),
        (StandardType::Boolean, ValueRef::Integer(number @ (0 | 1))) => cells.push(Cell::Bool(number == 1)),
        (StandardType::Integer | StandardType::BigInt, ValueRef::Integer(number)) => {
            cells.push(Cell::Int(number));
        }
        (StandardType::Float | StandardType::Double, ValueRef::Real(number)) => {
            cells.push(Cell::Double(number));
        }
        (StandardType::Float | StandardType::Double, ValueRef::Integer(number))
            if number.unsigned_abs() <= EXACT_IN_DOUBLE =>
        {
            cells.push(Cell::Double(number as f64));
        }
        (StandardType::Timestamp, ValueRef::Text(text)) => push_timestamp(cells, text, false),
        (StandardType::TimestampTz, ValueRef::Text(text)) => push_timestamp(cells, text, true),
        (StandardType::Json, ValueRef::Text(text)) => push_json(cells, text),
        // What is not bytes there goes out as the bytes of its text, as a CAST to BLOB would give: a column's form is one.
        (StandardType::Binary, ValueRef::Text(text)) => cells.push_bytes(text),
        (StandardType::Binary, ValueRef::Integer(number)) => {
            cells.push_bytes(itoa::Buffer::new().format(number).as_bytes());
        }
        (StandardType::Binary, ValueRef::Real(number)) => {
            let mut text = Vec::new();
            write_real(&mut text, number);
            cells.push_bytes(&text);
        }
        (StandardType::Decimal, ValueRef::Integer(number)) => cells.push_text_with(|out| {
            json::write_int(out, number);
            if let Some(scale) = reader.scale.filter(|scale| *scale > 0) {
                out.push(b'.');
                out.resize(out.len() + scale, b'0');
            }
        }),
        (StandardType::Decimal, ValueRef::Real(number)) => {
            cells.push_text_with(|out| write_scaled(out, number, reader.scale));
        }
        (_, ValueRef::Integer(number)) => {
            let mut digits = itoa::Buffer::new();
            cells.push_text(digits.format(number));
        }
        (_, ValueRef::Real(number)) => cells.push_text_with(|out| write_real(out, number)),
        (_, ValueRef::Text(text)) => cells.push_text_lossy(text),
        (_, ValueRef::Blob(bytes)) => cells.push_bytes(bytes),
    }
}

/// `YYYY-MM-DD HH:MM:SS[.f]` gets the `T` of ISO 8601; anything else stays as it is.
fn push_timestamp(cells: &mut BatchBuilder, text: &[u8], zoned: bool) {
    let plain = text.len() >= 19
        && text[10] == b' '
        && text[4] == b'-'
        && text[13] == b':'
        && text[17..]
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain {
        return cells.push_text_lossy(text);
    }
    cells.push_text_with(|out| {
        out.extend_from_slice(&text[..10]);
        out.push(b'T');
        out.extend_from_slice(&text[11..]);
        if zoned {
            out.push(b'Z');
        }
    });
}

fn push_json(cells: &mut BatchBuilder, text: &[u8]) {
    // SQLite does not check a column that merely declares JSON, and malformed text would spoil the whole answer.
    match serde_json::from_slice::<&serde_json::value::RawValue>(text) {
        Ok(raw) => cells.push_json(raw.get()),
        Err(_) => cells.push_text_lossy(text),
    }
}

/// SQLite keeps a decimal as binary, without its scale; the declared scale is put back unless that would change the value.
fn write_scaled(out: &mut Vec<u8>, number: f64, scale: Option<usize>) {
    let start = out.len();
    if let Some(scale) = scale {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{number:.scale$}");
        let same = std::str::from_utf8(&out[start..])
            .ok()
            .and_then(|text| text.parse::<f64>().ok())
            .is_some_and(|read| read == number);
        if same && number.is_finite() {
            return;
        }
        out.truncate(start);
    }
    write_real(out, number);
}

fn write_real(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        let _ = write!(out, "{number:?}");
    } else {
        out.extend_from_slice(json::non_finite_name(number).as_bytes());
    }
}

/// A value to bind. SQLite's only inexact number is the 64-bit float, so other numerals become one.
pub(super) fn to_sql(value: &ParamValue) -> Result<ToSqlOutput<'_>, String> {
    Ok(match value {
        ParamValue::Null => ToSqlOutput::Owned(Value::Null),
        ParamValue::Bool(flag) => ToSqlOutput::Owned(Value::Integer(i64::from(*flag))),
        ParamValue::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
        ParamValue::UInt(_) => return Err("is too large for SQLite's 64-bit signed integers".into()),
        ParamValue::Number(digits) | ParamValue::Typed(ParamType::Decimal, digits) => {
            match digits.parse::<f64>() {
                Ok(number) if number.is_finite() => ToSqlOutput::Owned(Value::Real(number)),
                _ => return Err("is beyond the range of SQLite's 64-bit floats".into()),
            }
        }
        // SQLite's own functions write a space where ISO 8601 has a T, and UTC; comparisons are textual.
        ParamValue::Typed(ParamType::Timestamp, text) => {
            ToSqlOutput::Owned(Value::Text(text.replacen('T', " ", 1)))
        }
        ParamValue::Typed(ParamType::TimestampTz, text) => match temporal::in_utc(text) {
            Some(utc) => ToSqlOutput::Owned(Value::Text(utc)),
            None => return Err("is not a timestamp with a zone".into()),
        },
        ParamValue::Text(text) | ParamValue::Typed(_, text) => {
            ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
        }
        ParamValue::Binary(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        ParamValue::Array(_) => return Err("an array can be used only inside IN (…)".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(column: StandardType, value: ValueRef<'_>) -> String {
        let mut cells = BatchBuilder::new(1);
        push(
            &mut cells,
            Reader {
                standard: column,
                scale: Some(2),
            },
            value,
        );
        let batch = cells.take();
        let cell = batch.rows().next().unwrap()[0];
        batch
            .text(cell)
            .map_or_else(|| format!("{cell:?}"), str::to_owned)
    }

    #[test]
    fn values_that_do_not_fit_their_column_go_out_verbatim() {
        assert_eq!(shown(StandardType::Integer, ValueRef::Integer(5)), "Int(5)");
        assert_eq!(shown(StandardType::Integer, ValueRef::Text(b"five")), "five");
        assert_eq!(shown(StandardType::Boolean, ValueRef::Integer(7)), "7");
        assert_eq!(shown(StandardType::String, ValueRef::Integer(7)), "7");
        assert_eq!(shown(StandardType::Json, ValueRef::Text(b"{oops")), "{oops");
        assert_eq!(shown(StandardType::Decimal, ValueRef::Real(12.5)), "12.50");
        let beyond_doubles = ValueRef::Integer(9_007_199_254_740_993);
        assert_eq!(
            shown(StandardType::Decimal, beyond_doubles),
            "9007199254740993.00"
        );
        assert_eq!(shown(StandardType::Decimal, ValueRef::Real(0.125)), "0.125");
    }

    #[test]
    fn timestamps_get_their_iso_form() {
        let column = StandardType::Timestamp;
        assert_eq!(
            shown(column, ValueRef::Text(b"2026-01-31 12:00:00.5")),
            "2026-01-31T12:00:00.5"
        );
        assert_eq!(shown(column, ValueRef::Text(b"yesterday")), "yesterday");
    }
}
