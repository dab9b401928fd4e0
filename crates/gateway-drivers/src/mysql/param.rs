//! Values to bind. Textual numbers, dates and times arrive as strings and are cast in the statement itself, where they
//! were bound with their declared type.

use gateway_core::{ParamType, ParamValue, temporal};
use mysql_async::Value;

/// A value for the server, or why there is none.
pub(super) fn to_value(parameter: &ParamValue) -> Result<Value, String> {
    Ok(match parameter {
        ParamValue::Null => Value::NULL,
        ParamValue::Bool(flag) => Value::Int(i64::from(*flag)),
        ParamValue::Int(number) => Value::Int(*number),
        ParamValue::UInt(number) => Value::UInt(*number),
        ParamValue::Typed(ParamType::Timestamp, text) => {
            Value::Bytes(text.replacen('T', " ", 1).into_bytes())
        }
        // The session is in UTC, and neither MariaDB nor MySQL before 8.0.19 reads an offset.
        ParamValue::Typed(ParamType::TimestampTz, text) => match temporal::in_utc(text) {
            Some(utc) => Value::Bytes(utc.into_bytes()),
            None => return Err("is not a timestamp with a zone".into()),
        },
        ParamValue::Number(text) | ParamValue::Typed(ParamType::Decimal, text) => {
            check_range(text)?;
            Value::Bytes(text.clone().into_bytes())
        }
        ParamValue::Text(text) | ParamValue::Typed(_, text) => Value::Bytes(text.clone().into_bytes()),
        ParamValue::Binary(bytes) => Value::Bytes(bytes.clone()),
        ParamValue::Array(_) => return Err("an array can be used only inside IN (…)".into()),
    })
}

/// Refuses what the cast would silently cut to the nearest number that the type can hold.
fn check_range(digits: &str) -> Result<(), String> {
    if digits.contains(['e', 'E']) {
        return match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err("is beyond the range of DOUBLE".into()),
        };
    }
    let unsigned = digits.trim_start_matches(['-', '+']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = whole.trim_start_matches('0').len();
    if fraction.len() > 30 || whole + fraction.len() > 65 {
        return Err("has more digits than a DECIMAL can hold: 65, of them 30 after the point".into());
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
        assert_eq!(to_value(&offset), Ok(Value::Bytes(b"2026-01-31 10:00:00".into())));
    }
}
