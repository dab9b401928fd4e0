//! Arrays and composites in the server's words, taken apart and written as JSON.
//!
//! This is for those that have a part of a type whose binary form is unknown to us. The forms are those of `array_out` and
//! `record_out` (the manual's sections 8.15 and 8.16), under the settings that are pinned in every session.

use std::borrow::Cow;

use gateway_core::{ValueStyle, json};

use super::nested::{number, quoted};
use super::types::{Array, Decode, Field, Scalar};
use super::value::Malformed;

/// Appends a value as JSON.
pub(super) fn write(
    out: &mut Vec<u8>,
    decode: &Decode,
    style: ValueStyle,
    text: &str,
) -> Result<(), Malformed> {
    match decode {
        Decode::Scalar(scalar) => write_scalar(out, *scalar, style, text),
        Decode::Array(array) => write_array(out, array, style, text),
        Decode::Struct(fields) => write_struct(out, fields, style, text),
    }
}

/// `{1,NULL,"a b"}`, with bounds before it if they are not the usual ones: `[0:1]={1,2}`.
fn write_array(out: &mut Vec<u8>, array: &Array, style: ValueStyle, text: &str) -> Result<(), Malformed> {
    if array.delimiter == b' ' {
        return write_vector(out, array, style, text);
    }
    let body = match text.split_once('=') {
        Some((bounds, body)) if bounds.starts_with('[') => body,
        _ => text,
    };
    let mut rest = body;
    write_dimension(out, array, style, &mut rest)?;
    if rest.is_empty() { Ok(()) } else { Err(Malformed) }
}

fn write_dimension(
    out: &mut Vec<u8>,
    array: &Array,
    style: ValueStyle,
    rest: &mut &str,
) -> Result<(), Malformed> {
    *rest = rest.strip_prefix('{').ok_or(Malformed)?;
    out.push(b'[');
    if let Some(after) = rest.strip_prefix('}') {
        *rest = after;
        out.push(b']');
        return Ok(());
    }
    loop {
        if rest.starts_with('{') {
            write_dimension(out, array, style, rest)?;
        } else {
            match token(rest, char::from(array.delimiter), '}')? {
                Token::Bare("NULL") => out.extend_from_slice(b"null"),
                Token::Bare(text) => write(out, &array.element, style, text)?,
                Token::Quoted(text) => write(out, &array.element, style, &text)?,
            }
        }
        if let Some(after) = rest.strip_prefix('}') {
            *rest = after;
            out.push(b']');
            return Ok(());
        }
        *rest = rest.strip_prefix(char::from(array.delimiter)).ok_or(Malformed)?;
        out.push(b',');
    }
}

/// `int2vector` and `oidvector`: numbers with spaces between them.
fn write_vector(out: &mut Vec<u8>, array: &Array, style: ValueStyle, text: &str) -> Result<(), Malformed> {
    out.push(b'[');
    for (index, element) in text.split_ascii_whitespace().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, &array.element, style, element)?;
    }
    out.push(b']');
    Ok(())
}

/// `(1,,"a b")`: nothing at all is NULL.
fn write_struct(out: &mut Vec<u8>, fields: &[Field], style: ValueStyle, text: &str) -> Result<(), Malformed> {
    let mut rest = text.strip_prefix('(').ok_or(Malformed)?;
    out.push(b'{');
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(',').ok_or(Malformed)?;
            out.push(b',');
        }
        out.extend_from_slice(&field.key);
        match token(&mut rest, ',', ')')? {
            Token::Bare("") => out.extend_from_slice(b"null"),
            Token::Bare(text) => write(out, &field.decode, style, text)?,
            Token::Quoted(text) => write(out, &field.decode, style, &text)?,
        }
    }
    out.push(b'}');
    if rest == ")" { Ok(()) } else { Err(Malformed) }
}

enum Token<'a> {
    Bare(&'a str),
    Quoted(String),
}

/// Takes one element up to `delimiter` or `end`, which stay. Within quotes, a backslash or a second quote escapes.
fn token<'a>(rest: &mut &'a str, delimiter: char, end: char) -> Result<Token<'a>, Malformed> {
    let Some(inside) = rest.strip_prefix('"') else {
        let length = rest.find([delimiter, end]).ok_or(Malformed)?;
        let (bare, after) = rest.split_at(length);
        *rest = after;
        return Ok(Token::Bare(bare));
    };
    let mut text = String::new();
    let mut characters = inside.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => text.push(characters.next().ok_or(Malformed)?.1),
            '"' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
                text.push('"');
            }
            '"' => {
                *rest = &inside[at + 1..];
                return Ok(Token::Quoted(text));
            }
            other => text.push(other),
        }
    }
    Err(Malformed)
}

fn write_scalar(out: &mut Vec<u8>, scalar: Scalar, style: ValueStyle, text: &str) -> Result<(), Malformed> {
    match scalar {
        Scalar::Bool => out.extend_from_slice(if text == "t" { b"true" } else { b"false" }),
        Scalar::Int2 | Scalar::Int4 | Scalar::UInt4 | Scalar::Json | Scalar::Jsonb => {
            out.extend_from_slice(text.as_bytes());
        }
        Scalar::Int8 | Scalar::UInt8 | Scalar::Numeric => number(out, style.numbers, |out| {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        })?,
        Scalar::Float4 => json::write_float(out, text.parse().map_err(|_| Malformed)?),
        Scalar::Float8 => json::write_double(out, text.parse().map_err(|_| Malformed)?),
        Scalar::Text | Scalar::Char | Scalar::Words => json::write_string(out, text),
        Scalar::Bytea => quoted(out, |out| {
            json::write_bytes(out, &bytes(text)?, style.binary);
            Ok(())
        })?,
        Scalar::Date => quoted(out, |out| {
            out.extend_from_slice(iso_date(text)?.as_bytes());
            Ok(())
        })?,
        Scalar::Timestamp | Scalar::TimestampTz => quoted(out, |out| write_timestamp(out, scalar, text))?,
        Scalar::TimeTz => quoted(out, |out| {
            out.extend_from_slice(text.as_bytes());
            // The server leaves out minutes of zero.
            if text.rfind(['+', '-']).is_some_and(|sign| text.len() - sign == 3) {
                out.extend_from_slice(b":00");
            }
            Ok(())
        })?,
        Scalar::Bits | Scalar::Network | Scalar::Time | Scalar::Interval | Scalar::Uuid => {
            quoted(out, |out| {
                out.extend_from_slice(text.as_bytes());
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// `\x00ff`.
fn bytes(text: &str) -> Result<Vec<u8>, Malformed> {
    let digits = text.strip_prefix("\\x").ok_or(Malformed)?.as_bytes();
    digits
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair).map_err(|_| Malformed)?;
            u8::from_str_radix(pair, 16).map_err(|_| Malformed)
        })
        .collect()
}

/// `2026-01-31`, `10000-01-01`, `0044-03-15 BC`, `infinity`: years outside of four digits get ISO 8601's sign.
fn iso_date(text: &str) -> Result<Cow<'_, str>, Malformed> {
    let (date, before_christ) = match text.strip_suffix(" BC") {
        Some(date) => (date, true),
        None => (text, false),
    };
    let Some((year, rest)) = date.split_once('-').filter(|(year, _)| !year.is_empty()) else {
        return Ok(Cow::Borrowed(text));
    };
    let number: u32 = year.parse().map_err(|_| Malformed)?;
    Ok(match (before_christ, number) {
        (false, ..=9999) => Cow::Borrowed(text),
        (false, _) => Cow::Owned(format!("+{date}")),
        // There is a year 0 in ISO 8601: it is 1 BC.
        (true, ..=1) => Cow::Owned(format!("0000-{rest}")),
        (true, _) => Cow::Owned(format!("-{:04}-{rest}", number - 1)),
    })
}

/// `2026-01-31 12:00:00.5`, with `+00` if it has a zone, which is UTC in every session.
fn write_timestamp(out: &mut Vec<u8>, scalar: Scalar, text: &str) -> Result<(), Malformed> {
    let (moment, era) = match text.strip_suffix(" BC") {
        Some(moment) => (moment, " BC"),
        None => (text, ""),
    };
    let Some((date, time)) = moment.split_once(' ') else {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    };
    out.extend_from_slice(iso_date(&format!("{date}{era}"))?.as_bytes());
    out.push(b'T');
    if scalar == Scalar::TimestampTz {
        out.extend_from_slice(time.strip_suffix("+00").ok_or(Malformed)?.as_bytes());
        out.push(b'Z');
    } else {
        out.extend_from_slice(time.as_bytes());
    }
    Ok(())
}
