//! Values to bind, in PostgreSQL's text format.
//!
//! The server infers the type of each parameter from the statement and reads our text as that type, so no value is ever
//! squeezed through a type of ours. What would be a type error on the server is found here first where that is cheap, so
//! that the answer can name the parameter.

use bytes::BytesMut;
use gateway_core::{BoundSql, ParamValue};
use postgres_protocol::IsNull;
use postgres_types::{Kind, Type};

use super::refusal::{Failure, Refusal};
use super::types;
use crate::DriverError;

/// A value that the inferred type cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("expected {expected}, got {given}")]
pub(super) struct Unfit {
    expected: String,
    given: &'static str,
}

/// Appends `value`, which the server takes for a `ty`.
pub(super) fn encode(value: &ParamValue, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Unfit> {
    match value {
        ParamValue::Null => return Ok(IsNull::Yes),
        // The commonest, for which no text need be made.
        ParamValue::Int(number) if *ty == Type::INT8 || narrow(*number, ty) => {
            out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
        }
        ParamValue::Text(text) if *ty == Type::TEXT || *ty == Type::VARCHAR => {
            out.extend_from_slice(text.as_bytes());
        }
        _ => {
            check(value, ty)?;
            let mut text = String::new();
            write(&mut text, value);
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(IsNull::No)
}

fn narrow(number: i64, ty: &Type) -> bool {
    match *ty {
        Type::INT4 => i32::try_from(number).is_ok(),
        Type::INT2 => i16::try_from(number).is_ok(),
        _ => false,
    }
}

fn write(out: &mut String, value: &ParamValue) {
    match value {
        ParamValue::Null => out.push_str("NULL"),
        ParamValue::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        ParamValue::Int(number) => out.push_str(itoa::Buffer::new().format(*number)),
        ParamValue::UInt(number) => out.push_str(itoa::Buffer::new().format(*number)),
        ParamValue::Number(text) | ParamValue::Text(text) | ParamValue::Typed(_, text) => out.push_str(text),
        ParamValue::Binary(bytes) => {
            out.push_str("\\x");
            for byte in bytes {
                for nibble in [byte >> 4, byte & 0xf] {
                    out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
                }
            }
        }
        ParamValue::Array(items) => write_array(out, items),
    }
}

/// The array literal of the manual's section 8.15.2; every element but NULL and nested arrays is quoted.
fn write_array(out: &mut String, items: &[ParamValue]) {
    out.push('{');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match item {
            ParamValue::Null => out.push_str("NULL"),
            ParamValue::Array(inner) => write_array(out, inner),
            scalar => {
                let mut text = String::new();
                write(&mut text, scalar);
                out.push('"');
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        out.push('\\');
                    }
                    out.push(character);
                }
                out.push('"');
            }
        }
    }
    out.push('}');
}

fn check(value: &ParamValue, ty: &Type) -> Result<(), Unfit> {
    let base = types::base(ty);
    if let (ParamValue::Array(items), Kind::Array(element)) = (value, base.kind()) {
        return items.iter().try_for_each(|item| match item {
            ParamValue::Array(_) => check(item, base),
            _ => check(item, element),
        });
    }
    if matches!(value, ParamValue::Null) || fits(value, base) {
        return Ok(());
    }
    let expected = match base.kind() {
        Kind::Array(element) => format!("an array of {}", element.name()),
        _ => base.name().to_owned(),
    };
    Err(Unfit {
        expected,
        given: value.kind_name(),
    })
}

/// Whether the value may be of type `ty`; in doubt yes, and the server decides.
fn fits(value: &ParamValue, ty: &Type) -> bool {
    let mut text = String::new();
    if !matches!(value, ParamValue::Array(_)) {
        write(&mut text, value);
    }
    let text = text.trim();
    match *ty {
        Type::BOOL => matches!(value, ParamValue::Bool(_) | ParamValue::Text(_)),
        Type::INT2 => text.parse::<i16>().is_ok(),
        Type::INT4 => text.parse::<i32>().is_ok(),
        Type::INT8 => text.parse::<i64>().is_ok(),
        Type::OID => text.parse::<u32>().is_ok(),
        Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 => {
            text.parse::<f64>().is_ok() && !matches!(value, ParamValue::Bool(_))
        }
        Type::BYTEA => matches!(value, ParamValue::Binary(_) | ParamValue::Text(_)),
        Type::DATE | Type::TIMESTAMP | Type::TIMESTAMPTZ | Type::TIME | Type::TIMETZ | Type::UUID => {
            matches!(value, ParamValue::Text(_) | ParamValue::Typed(..))
        }
        _ => {
            matches!(ty.kind(), Kind::Array(_)) == matches!(value, ParamValue::Array(_))
                || matches!((value, ty.kind()), (ParamValue::Text(_), Kind::Array(_)))
        }
    }
}

/// The parameter that the server refused to read, if that is what went wrong.
pub(super) fn refusal(failure: &Failure, sql: &BoundSql) -> Option<DriverError> {
    let refusal = failure.refusal()?;
    let index = index_of_unread(refusal.context.as_deref()?)?;
    Some(DriverError::Parameter {
        name: sql.label(index).to_owned(),
        message: without_value(refusal, sql.values().get(index)?),
    })
}

/// The server's words for where it stopped: "unnamed portal parameter $1".
fn index_of_unread(context: &str) -> Option<usize> {
    let (_, rest) = context.split_once("portal parameter $")?;
    let digits = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    digits.parse::<usize>().ok()?.checked_sub(1)
}

/// What the server says of a value, without the value: it may be personal data, and this may be logged.
fn without_value(refusal: &Refusal, value: &ParamValue) -> String {
    let mut text = String::new();
    write(&mut text, value);
    let said = refusal.message.split(':').next().unwrap_or_default();
    if said.contains('"') || said.contains(&text) {
        format!(
            "the {} is not a value of the type that the statement expects",
            value.kind_name()
        )
    } else {
        said.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &ParamValue) -> String {
        let mut out = String::new();
        write(&mut out, value);
        out
    }

    #[test]
    fn arrays_are_quoted_so_that_no_element_can_break_out() {
        let value = ParamValue::Array(vec![
            ParamValue::Text("a\",b\\".into()),
            ParamValue::Null,
            ParamValue::Array(vec![ParamValue::Int(1)]),
        ]);
        assert_eq!(text(&value), "{\"a\\\",b\\\\\",NULL,{\"1\"}}");
        assert_eq!(text(&ParamValue::Binary(vec![0, 255])), "\\x00ff");
    }

    #[test]
    fn values_that_cannot_fit_are_refused_by_type() {
        for (value, ty, fits) in [
            (ParamValue::Int(5), Type::INT4, true),
            (ParamValue::Int(1 << 40), Type::INT4, false),
            (ParamValue::Text("12.50".into()), Type::NUMERIC, true),
            (ParamValue::Text("x".into()), Type::INT8, false),
            (ParamValue::Bool(true), Type::NUMERIC, false),
            (ParamValue::Int(20_260_131), Type::DATE, false),
            (
                ParamValue::Array(vec![ParamValue::Int(1)]),
                Type::INT4_ARRAY,
                true,
            ),
            (
                ParamValue::Array(vec![ParamValue::Text("x".into())]),
                Type::INT4_ARRAY,
                false,
            ),
            (ParamValue::Array(vec![]), Type::TEXT, false),
        ] {
            assert_eq!(check(&value, &ty).is_ok(), fits, "{} as {ty}", value.kind_name());
        }
    }
}
