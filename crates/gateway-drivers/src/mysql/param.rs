//! Values to bind. Textual numbers, dates and times arrive as strings and are cast in the statement itself, where they
//! were bound with their declared type.

use gateway_core::{ParamType, ParamValue};
use mysql_async::Value;

/// A value for the server, or why there is none.
pub(super) fn to_value(parameter: &ParamValue) -> Result<Value, String> {
    Ok(match parameter {
        ParamValue::Null => Value::NULL,
        ParamValue::Bool(flag) => Value::Int(i64::from(*flag)),
        ParamValue::Int(number) => Value::Int(*number),
        ParamValue::UInt(number) => Value::UInt(*number),
        ParamValue::Typed(ParamType::Timestamp | ParamType::TimestampTz, text) => {
            // The session is in UTC, and MySQL before 8.0.19 reads no zone.
            Value::Bytes(text.trim_end_matches('Z').replacen('T', " ", 1).into_bytes())
        }
        ParamValue::Number(text) | ParamValue::Text(text) | ParamValue::Typed(_, text) => {
            Value::Bytes(text.clone().into_bytes())
        }
        ParamValue::Binary(bytes) => Value::Bytes(bytes.clone()),
        ParamValue::Array(_) => return Err("an array can be used only inside IN (…)".into()),
    })
}
