//! Values to bind.

use gateway_core::{BoundSql, ParamType, ParamValue, temporal};
use oracledb::{OracleNumber, OracleTimestamp, ToDbValue};

use crate::DriverError;

/// Digits that a NUMBER always holds, and how far from the point they may be.
const MAX_DIGITS: usize = 38;
const EXPONENTS: std::ops::RangeInclusive<i64> = -130..=125;

/// A value as Oracle takes it.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Int(i64),
    UInt(u64),
    Number(OracleNumber),
    Timestamp(OracleTimestamp),
    Text(String),
    Bytes(Vec<u8>),
}

/// The name of a placeholder and the value for it.
type Bind = (String, Box<dyn ToDbValue>);

/// The values of a statement for the client in Rust, each for the placeholder of its number.
pub(super) fn named(sql: &BoundSql) -> Result<Vec<Bind>, DriverError> {
    let numbered = values(sql)?.into_iter().enumerate();
    Ok(numbered
        .map(|(index, value)| ((index + 1).to_string(), bind(value)))
        .collect())
}

fn bind(value: Value) -> Box<dyn ToDbValue> {
    match value {
        Value::Null => Box::new(None::<String>),
        Value::Int(number) => Box::new(number),
        Value::UInt(number) => Box::new(number),
        Value::Number(number) => Box::new(number),
        Value::Timestamp(at) => Box::new(at),
        Value::Text(text) => Box::new(text),
        Value::Bytes(bytes) => Box::new(bytes),
    }
}

/// The values of a statement, in the order of their numbers.
pub(super) fn values(sql: &BoundSql) -> Result<Vec<Value>, DriverError> {
    let numbered = sql.values().iter().enumerate();
    numbered
        .map(|(index, value)| match to_value(value) {
            Ok(value) => Ok(value),
            Err(message) => Err(DriverError::Parameter {
                name: sql.label(index).to_owned(),
                message: message.to_owned(),
            }),
        })
        .collect()
}

fn to_value(parameter: &ParamValue) -> Result<Value, &'static str> {
    Ok(match parameter {
        ParamValue::Null => Value::Null,
        // Servers before 23ai have no BOOLEAN, and those after take numbers for it.
        ParamValue::Bool(flag) => Value::Int(i64::from(*flag)),
        ParamValue::Int(number) => Value::Int(*number),
        ParamValue::UInt(number) => Value::UInt(*number),
        ParamValue::Number(digits) | ParamValue::Typed(ParamType::Decimal, digits) => {
            Value::Number(number(digits)?)
        }
        ParamValue::Typed(ParamType::Date | ParamType::Timestamp, text) => Value::Timestamp(
            timestamp(text).ok_or("is not a date or timestamp between the years 1 and 9999")?,
        ),
        ParamValue::Typed(ParamType::TimestampTz, text) => {
            let utc = temporal::in_utc(text).ok_or("is not a timestamp with a zone")?;
            Value::Timestamp(timestamp(&utc).ok_or("is not a timestamp between the years 1 and 9999")?)
        }
        ParamValue::Typed(ParamType::Time, _) => {
            return Err("is a time of day, a type that Oracle does not have; give text, or a timestamp");
        }
        ParamValue::Text(text) | ParamValue::Typed(ParamType::Uuid | ParamType::Json, text) => {
            Value::Text(text.clone())
        }
        ParamValue::Binary(bytes) => Value::Bytes(bytes.clone()),
        ParamValue::Array(_) => return Err("an array can be used only inside IN (…)"),
    })
}

/// A numeral, with or without an exponent, as an exact number.
fn number(text: &str) -> Result<OracleNumber, &'static str> {
    const NOT_ONE: &str = "is not a number";
    const BEYOND: &str = "has more digits than a NUMBER can hold (38), or is beyond its range";
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().map_err(|_| NOT_ONE)?;
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NOT_ONE);
    }
    let digits = all.trim_start_matches('0');
    // Where the point is, counted from the first digit that is not zero.
    let leading = (all.len() - digits.len()) as i64;
    let point = (whole.len() as i64 - leading)
        .checked_add(exponent)
        .ok_or(BEYOND)?;
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".parse().map_err(|_| NOT_ONE);
    }
    if digits.len() > MAX_DIGITS || !EXPONENTS.contains(&(point - 1)) {
        return Err(BEYOND);
    }
    let count = digits.len() as i64;
    let plain = if point <= 0 {
        format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point >= count {
        format!("{sign}{digits}{}", "0".repeat((point - count) as usize))
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{sign}{whole}.{fraction}")
    };
    plain.parse().map_err(|_| NOT_ONE)
}

/// `2026-01-31` or `2026-01-31T12:00:00.5`, with a space in place of the T or not.
fn timestamp(text: &str) -> Option<OracleTimestamp> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i16 = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = whole.split(':');
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second = parts.next().unwrap_or("0").parse().ok()?;
    let is_valid =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if !is_valid || fraction.len() > 9 {
        return None;
    }
    let nanos: u32 = format!("{fraction:0<9}").parse().ok()?;
    Some(OracleTimestamp::new_timestamp(
        year, month, day, hour, minute, second, nanos,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_exact_or_refused() {
        for (text, expected) in [
            ("12.50", Some("12.5")),
            ("-0.001", Some("-0.001")),
            ("1e3", Some("1000")),
            ("1.5E-3", Some("0.0015")),
            ("+7", Some("7")),
            ("0.0", Some("0")),
            ("-0", Some("0")),
            ("1e125", Some(&*format!("1{}", "0".repeat(125)))),
            ("1e126", None),
            ("1e-131", None),
            ("1e99999999999999999999", None),
            (&"9".repeat(38), Some(&*"9".repeat(38))),
            (&"9".repeat(39), None),
            (
                &format!("1{}", "0".repeat(50)),
                Some(&*format!("1{}", "0".repeat(50))),
            ),
            ("", None),
            (".", None),
            ("NaN", None),
        ] {
            let found = number(text).ok().map(|number| number.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn timestamps_are_read_to_the_nanosecond() {
        let found = timestamp("2026-01-31T12:34:56.123456789").unwrap();
        assert_eq!(found.to_string(), "2026-01-31T12:34:56.123456789");
        assert_eq!(
            timestamp("2026-01-31").unwrap(),
            OracleTimestamp::new_date(2026, 1, 31)
        );
        assert_eq!(timestamp("2026-01-31 12:34").unwrap().minute(), 34);
        for wrong in [
            "",
            "2026",
            "2026-13-01",
            "2026-01-31T24:00:00",
            "10000-01-01",
            "2026-01-31T12:00:00.1234567890",
        ] {
            assert_eq!(timestamp(wrong), None, "{wrong}");
        }
    }
}
