//! Values to bind. Textual numbers, dates and times arrive as strings and are cast in the statement itself, where they
//! were bound with their declared type.

use bytes::{BufMut, BytesMut};
use gateway_core::{ParamType, ParamValue, temporal};
use mysql_common::constants::ColumnType;

use super::lengths::put_bytes;

/// The second byte of a parameter's type, where it is a number without a sign.
const UNSIGNED: u8 = 0x80;

/// Which value cannot be sent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    pub(super) index: usize,
    pub(super) message: &'static str,
}

/// What tells the type that a value is sent as from all others.
pub(super) fn letter(value: &ParamValue) -> char {
    match value {
        ParamValue::Null => 'n',
        ParamValue::Bool(_) | ParamValue::Int(_) => 'i',
        ParamValue::UInt(_) => 'u',
        ParamValue::Number(_)
        | ParamValue::Text(_)
        | ParamValue::Typed(..)
        | ParamValue::Binary(_)
        | ParamValue::Array(_) => 's',
    }
}

/// Writes what executes a prepared statement with these values
/// (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_execute.html>). After an error, a part of it has
/// been written.
pub(super) fn write(out: &mut BytesMut, statement: u32, values: &[ParamValue]) -> Result<(), Unfit> {
    const NO_CURSOR: u8 = 0;
    const ONCE: u32 = 1;
    const WITH_TYPES: u8 = 1;
    out.put_u32_le(statement);
    out.put_u8(NO_CURSOR);
    out.put_u32_le(ONCE);
    if values.is_empty() {
        return Ok(());
    }
    for eight in values.chunks(8) {
        let nulls = eight.iter().enumerate().fold(0, |bits, (at, value)| {
            bits | u8::from(*value == ParamValue::Null) << at
        });
        out.put_u8(nulls);
    }
    out.put_u8(WITH_TYPES);
    for value in values {
        let (kind, sign) = match letter(value) {
            'n' => (ColumnType::MYSQL_TYPE_NULL, 0),
            'i' => (ColumnType::MYSQL_TYPE_LONGLONG, 0),
            'u' => (ColumnType::MYSQL_TYPE_LONGLONG, UNSIGNED),
            _ => (ColumnType::MYSQL_TYPE_VAR_STRING, 0),
        };
        out.extend_from_slice(&[kind as u8, sign]);
    }
    for (index, value) in values.iter().enumerate() {
        put(out, value).map_err(|message| Unfit { index, message })?;
    }
    Ok(())
}

fn put(out: &mut BytesMut, value: &ParamValue) -> Result<(), &'static str> {
    match value {
        ParamValue::Null => {}
        ParamValue::Bool(flag) => out.put_i64_le(i64::from(*flag)),
        ParamValue::Int(number) => out.put_i64_le(*number),
        ParamValue::UInt(number) => out.put_u64_le(*number),
        ParamValue::Typed(ParamType::Timestamp, text) => {
            put_bytes(out, text.replacen('T', " ", 1).as_bytes());
        }
        // The session is in UTC, and neither MariaDB nor MySQL before 8.0.19 reads an offset.
        ParamValue::Typed(ParamType::TimestampTz, text) => {
            let utc = temporal::in_utc(text).ok_or("is not a timestamp with a zone")?;
            put_bytes(out, utc.as_bytes());
        }
        ParamValue::Number(text) | ParamValue::Typed(ParamType::Decimal, text) => {
            check_range(text)?;
            put_bytes(out, text.as_bytes());
        }
        ParamValue::Text(text) | ParamValue::Typed(_, text) => put_bytes(out, text.as_bytes()),
        ParamValue::Binary(bytes) => put_bytes(out, bytes),
        ParamValue::Array(_) => return Err("an array can be used only inside IN (…)"),
    }
    Ok(())
}

/// Refuses what the cast would silently cut to the nearest number that the type can hold.
fn check_range(digits: &str) -> Result<(), &'static str> {
    if digits.contains(['e', 'E']) {
        return match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err("is beyond the range of DOUBLE"),
        };
    }
    let unsigned = digits.trim_start_matches(['-', '+']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = whole.trim_start_matches('0').len();
    if fraction.len() > 30 || whole + fraction.len() > 65 {
        return Err("has more digits than a DECIMAL can hold: 65, of them 30 after the point");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_cut_in_silence() {
        for (digits, fits) in [
            ("12.50", true),
            (&"9".repeat(65), true),
            (&"9".repeat(66), false),
            (&format!("{}.5", "9".repeat(65)), false),
            (&format!("-0.{}", "1".repeat(30)), true),
            (&format!("0.{}", "1".repeat(31)), false),
            ("1e308", true),
            ("1e309", false),
        ] {
            assert_eq!(check_range(digits).is_ok(), fits, "{digits}");
        }
        let offset = ParamValue::Typed(ParamType::TimestampTz, "2026-01-31T12:00:00+02:00".into());
        let mut out = BytesMut::new();
        put(&mut out, &offset).unwrap();
        assert_eq!(&out[..], b"\x132026-01-31 10:00:00");
    }

    #[test]
    fn an_execution_has_nulls_types_and_values() {
        let mut values = vec![
            ParamValue::Null,
            ParamValue::UInt(1),
            ParamValue::Text("a".into()),
        ];
        values.resize(9, ParamValue::Null);
        let mut out = BytesMut::new();
        write(&mut out, 7, &values).unwrap();
        let mut expected = b"\x07\0\0\0\0\x01\0\0\0\xf9\x01\x01\x06\0\x08\x80\xfd\0".to_vec();
        expected.extend_from_slice(&b"\x06\0".repeat(6));
        expected.extend_from_slice(b"\x01\0\0\0\0\0\0\0\x01a");
        assert_eq!(&out[..], &expected[..]);
        let array = [ParamValue::Null, ParamValue::Array(Vec::new())];
        assert_eq!(write(&mut out, 7, &array).unwrap_err().index, 1);
    }
}
