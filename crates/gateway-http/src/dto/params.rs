//! Parameters on the wire: JSON scalars, lists, and typed values. Numerals keep the digits the caller wrote.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway_core::{ErrorKind, ParamType, ParamValue, Parameters};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::ApiError;

/// Lists in lists deeper than this are refused; PostgreSQL arrays have at most 6 dimensions.
const DEEPEST: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed<'a> {
    r#type: String,
    #[serde(borrow)]
    value: &'a RawValue,
}

/// Reads the `parameters` field.
pub(crate) fn parse(raw: Option<&RawValue>) -> Result<Parameters, ApiError> {
    let Some(raw) = raw else {
        return Ok(Parameters::None);
    };
    match raw.get().as_bytes().first() {
        Some(b'n') => Ok(Parameters::None),
        Some(b'[') => {
            let items: Vec<&RawValue> = read(raw, "parameters")?;
            let values = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| value(item, &format!("parameters[{index}]"), 0))
                .collect::<Result<_, _>>()?;
            Ok(Parameters::Positional(values))
        }
        Some(b'{') => {
            let items: BTreeMap<String, &RawValue> = read(raw, "parameters")?;
            let values = items
                .into_iter()
                .map(|(name, item)| {
                    let path = format!("parameters.{name}");
                    value(item, &path, 0).map(|value| (name, value))
                })
                .collect::<Result<_, _>>()?;
            Ok(Parameters::Named(values))
        }
        _ => Err(ApiError::field(
            ErrorKind::InvalidRequest,
            "parameters",
            "must be an array for ? and $1, or an object for :name",
        )),
    }
}

fn value(raw: &RawValue, path: &str, depth: usize) -> Result<ParamValue, ApiError> {
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'n') => ParamValue::Null,
        Some(b't') => ParamValue::Bool(true),
        Some(b'f') => ParamValue::Bool(false),
        Some(b'"') => ParamValue::Text(read(raw, path)?),
        Some(b'[') if depth >= DEEPEST => {
            return Err(refuse(path, format!("has lists nested deeper than {DEEPEST}")));
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = read(raw, path)?;
            let items = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| value(item, &format!("{path}[{index}]"), depth + 1))
                .collect::<Result<_, _>>()?;
            ParamValue::Array(items)
        }
        Some(b'{') => typed(&read(raw, path)?, path)?,
        _ => numeral(text),
    })
}

fn numeral(text: &str) -> ParamValue {
    if let Ok(number) = text.parse() {
        return ParamValue::Int(number);
    }
    match text.parse() {
        Ok(number) => ParamValue::UInt(number),
        Err(_) => ParamValue::Number(text.to_owned()),
    }
}

fn typed(typed: &Typed<'_>, path: &str) -> Result<ParamValue, ApiError> {
    let raw = typed.value;
    if raw.get() == "null" {
        return Ok(ParamValue::Null);
    }
    // A numeral may stand for its text: {"type":"decimal","value":1.10}.
    let text = || -> Result<String, ApiError> {
        match raw.get().as_bytes().first() {
            Some(b'"') => read(raw, path),
            Some(b'{' | b'[') => Err(refuse(path, "must have a string as its value")),
            _ => Ok(raw.get().to_owned()),
        }
    };
    let checked = |declared: ParamType, fits: fn(&str) -> bool| -> Result<ParamValue, ApiError> {
        let text = text()?;
        if fits(&text) {
            return Ok(ParamValue::Typed(declared, text));
        }
        Err(refuse(path, format!("is not a valid {}", declared.as_str())))
    };
    match typed.r#type.as_str() {
        "decimal" => checked(ParamType::Decimal, is_decimal),
        "date" => checked(ParamType::Date, is_date),
        "time" => checked(ParamType::Time, is_time),
        "timestamp" => checked(ParamType::Timestamp, is_timestamp),
        "timestamptz" => checked(ParamType::TimestampTz, is_instant),
        "uuid" => checked(ParamType::Uuid, |text| Uuid::try_parse(text).is_ok()),
        "json" => match raw.get().as_bytes().first() {
            // A string holds the document's text; anything else is the document.
            Some(b'"') => checked(ParamType::Json, |text| {
                serde_json::from_str::<&RawValue>(text).is_ok()
            }),
            _ => Ok(ParamValue::Typed(ParamType::Json, raw.get().to_owned())),
        },
        "int64" | "integer" => {
            let text = text()?;
            text.parse()
                .map(ParamValue::Int)
                .map_err(|_| refuse(path, "is not a 64-bit integer"))
        }
        "double" => {
            let text = text()?;
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(ParamValue::Number(text)),
                _ => Err(refuse(path, "is not a finite number")),
            }
        }
        "boolean" => match text()?.as_str() {
            "true" => Ok(ParamValue::Bool(true)),
            "false" => Ok(ParamValue::Bool(false)),
            _ => Err(refuse(path, "is not true or false")),
        },
        "string" => Ok(ParamValue::Text(text()?)),
        "binary" => STANDARD
            .decode(text()?)
            .map(ParamValue::Binary)
            .map_err(|_| refuse(path, "is not base64")),
        other => Err(refuse(
            path,
            format!(
                "has the unknown type {other:?}; known are decimal, date, time, timestamp, timestamptz, uuid, json, \
                 binary, int64, double, boolean, string"
            ),
        )),
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    !(whole.is_empty() && fraction.is_empty()) && all_digits(whole) && all_digits(fraction)
}

/// Whether `text` has the shape of `pattern`, where `0` stands for any digit.
fn has_shape(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
}

fn is_date(text: &str) -> bool {
    has_shape(text, "0000-00-00")
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    has_shape(clock, "00:00:00")
        && !fraction.is_empty()
        && fraction.len() <= 9
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_timestamp(text: &str) -> bool {
    text.split_once(['T', ' '])
        .is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn is_instant(text: &str) -> bool {
    if let Some(local) = text.strip_suffix('Z') {
        return is_timestamp(local);
    }
    let Some(at) = text.len().checked_sub(6).filter(|at| text.is_char_boundary(*at)) else {
        return false;
    };
    let (local, zone) = text.split_at(at);
    is_timestamp(local) && (has_shape(zone, "+00:00") || has_shape(zone, "-00:00"))
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue, path: &str) -> Result<T, ApiError> {
    serde_json::from_str(raw.get())
        .map_err(|error| ApiError::field(ErrorKind::InvalidRequest, path, format!("is not valid: {error}")))
}

fn refuse(path: &str, message: impl std::fmt::Display) -> ApiError {
    ApiError::field(ErrorKind::Validation, path, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Parameters, ApiError> {
        let raw: Box<RawValue> = serde_json::from_str(text).unwrap();
        parse(Some(&raw))
    }

    #[test]
    fn numerals_keep_their_digits() {
        let values = vec![
            ParamValue::Int(-5),
            ParamValue::UInt(u64::MAX),
            ParamValue::Number("1.10".into()),
            ParamValue::Number("123456789012345678901234567890".into()),
        ];
        let text = "[-5, 18446744073709551615, 1.10, 123456789012345678901234567890]";
        assert_eq!(parsed(text).unwrap(), Parameters::Positional(values));
    }

    #[test]
    fn typed_values_are_checked() {
        for (text, fine) in [
            (r#"[{"type":"decimal","value":"1.10"}]"#, true),
            (r#"[{"type":"decimal","value":"1e5"}]"#, false),
            (r#"[{"type":"date","value":"2026-01-31"}]"#, true),
            (r#"[{"type":"date","value":"31.1.2026"}]"#, false),
            (
                r#"[{"type":"timestamptz","value":"2026-01-31T12:00:00.5+02:00"}]"#,
                true,
            ),
            (r#"[{"type":"timestamptz","value":"2026-01-31T12:00:00"}]"#, false),
            (
                r#"[{"type":"uuid","value":"550e8400-e29b-41d4-a716-446655440000"}]"#,
                true,
            ),
            (r#"[{"type":"json","value":{"a":1}}]"#, true),
            (r#"[{"type":"json","value":"{"}]"#, false),
            (r#"[{"type":"binary","value":"AP8="}]"#, true),
            (r#"[{"type":"binary","value":"?"}]"#, false),
            (r#"[{"type":"int64","value":"9223372036854775807"}]"#, true),
            (r#"[{"type":"thing","value":"1"}]"#, false),
            (r#"[{"type":"date","value":null}]"#, true),
        ] {
            assert_eq!(parsed(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_path() {
        let error = parsed(r#"{"ids":[1,{"type":"date","value":"x"}]}"#).unwrap_err();
        assert_eq!(error.0.detail.details.as_deref(), Some("parameters.ids[1]"));
        assert!(parsed("5").is_err());
        assert!(parsed("[[[[[[[[1]]]]]]]]").is_err());
    }
}
