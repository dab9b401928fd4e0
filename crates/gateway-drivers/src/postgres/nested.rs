//! PostgreSQL's binary arrays and composites as JSON, their parts by the same rules as columns of their type.

use gateway_core::{NumberStyle, ValueStyle, json, temporal};

use super::types::{Decode, Field, Scalar};
use super::value::{
    Malformed, date, digits_of_micros, fixed, infinite, jsonb, take_i32, text, timestamp, write_text,
};

/// Appends a value as JSON.
pub(super) fn write(
    out: &mut Vec<u8>,
    decode: &Decode,
    style: ValueStyle,
    raw: &[u8],
) -> Result<(), Malformed> {
    match decode {
        Decode::Scalar(scalar) => write_scalar(out, *scalar, style, raw),
        Decode::Array(array) => write_array(out, &array.element, style, raw),
        Decode::Struct(fields) => write_struct(out, fields, style, raw),
    }
}

/// `array_send`: dimensions, a null flag, the element type, then length and lower bound of each dimension, then each
/// element with its length (-1 for NULL).
fn write_array(out: &mut Vec<u8>, element: &Decode, style: ValueStyle, raw: &[u8]) -> Result<(), Malformed> {
    let mut rest = raw;
    let dimensions = usize::try_from(take_i32(&mut rest)?).map_err(|_| Malformed)?;
    let (_flags, _element_type) = (take_i32(&mut rest)?, take_i32(&mut rest)?);
    // MAXDIM in the server is 6.
    if dimensions > 6 {
        return Err(Malformed);
    }
    let mut lengths = [0_usize; 6];
    for length in lengths.iter_mut().take(dimensions) {
        *length = usize::try_from(take_i32(&mut rest)?).map_err(|_| Malformed)?;
        let _lower_bound = take_i32(&mut rest)?;
    }
    if dimensions == 0 {
        out.extend_from_slice(b"[]");
        return Ok(());
    }
    write_dimension(out, element, style, &lengths[..dimensions], &mut rest)
}

fn write_dimension(
    out: &mut Vec<u8>,
    element: &Decode,
    style: ValueStyle,
    lengths: &[usize],
    rest: &mut &[u8],
) -> Result<(), Malformed> {
    let Some((length, inner)) = lengths.split_first() else {
        return write_part(out, element, style, rest);
    };
    out.push(b'[');
    for index in 0..*length {
        if index > 0 {
            out.push(b',');
        }
        write_dimension(out, element, style, inner, rest)?;
    }
    out.push(b']');
    Ok(())
}

/// `record_send`: the number of fields, then each with its type, its length (-1 for NULL) and its value.
fn write_struct(out: &mut Vec<u8>, fields: &[Field], style: ValueStyle, raw: &[u8]) -> Result<(), Malformed> {
    let mut rest = raw;
    if usize::try_from(take_i32(&mut rest)?) != Ok(fields.len()) {
        return Err(Malformed);
    }
    out.push(b'{');
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if take_i32(&mut rest)?.cast_unsigned() != field.oid {
            return Err(Malformed);
        }
        out.extend_from_slice(&field.key);
        write_part(out, &field.decode, style, &mut rest)?;
    }
    out.push(b'}');
    Ok(())
}

/// A length, and so many bytes.
fn write_part(
    out: &mut Vec<u8>,
    decode: &Decode,
    style: ValueStyle,
    rest: &mut &[u8],
) -> Result<(), Malformed> {
    let Ok(length) = usize::try_from(take_i32(rest)?) else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    let (raw, after) = rest.split_at_checked(length).ok_or(Malformed)?;
    *rest = after;
    write(out, decode, style, raw)
}

fn write_scalar(out: &mut Vec<u8>, scalar: Scalar, style: ValueStyle, raw: &[u8]) -> Result<(), Malformed> {
    match scalar {
        Scalar::Bool => {
            let text: &[u8] = if fixed::<1>(raw)?[0] != 0 {
                b"true"
            } else {
                b"false"
            };
            out.extend_from_slice(text);
        }
        Scalar::Int2 => json::write_int(out, i16::from_be_bytes(fixed(raw)?)),
        Scalar::Int4 => json::write_int(out, i32::from_be_bytes(fixed(raw)?)),
        Scalar::Float4 => json::write_float(out, f32::from_be_bytes(fixed(raw)?)),
        Scalar::Float8 => json::write_double(out, f64::from_be_bytes(fixed(raw)?)),
        Scalar::Json => out.extend_from_slice(text(raw)?.as_bytes()),
        Scalar::Jsonb => out.extend_from_slice(jsonb(raw)?.as_bytes()),
        Scalar::UInt4 => json::write_int(out, u32::from_be_bytes(fixed(raw)?)),
        Scalar::Text | Scalar::Words => json::write_string(out, &String::from_utf8_lossy(raw)),
        Scalar::Bytea => quoted(out, |out| {
            json::write_bytes(out, raw, style.binary);
            Ok(())
        })?,
        Scalar::Char => {
            let mut shown = Vec::new();
            write_text(&mut shown, scalar, raw)?;
            json::write_string(out, &String::from_utf8_lossy(&shown));
        }
        Scalar::Int8 => number(out, style.numbers, |out| {
            json::write_int(out, i64::from_be_bytes(fixed(raw)?));
            Ok(())
        })?,
        Scalar::UInt8 => number(out, style.numbers, |out| {
            json::write_int(out, u64::from_be_bytes(fixed(raw)?));
            Ok(())
        })?,
        Scalar::Numeric => number(out, style.numbers, |out| write_text(out, scalar, raw))?,
        // None of these texts needs escaping.
        Scalar::Date => quoted(out, |out| {
            match date(raw)? {
                Some(days) => temporal::write_date(out, i64::from(days)),
                None => out.extend_from_slice(infinite(i32::from_be_bytes(fixed(raw)?) > 0)),
            }
            Ok(())
        })?,
        Scalar::Time => quoted(out, |out| {
            let micros = i64::from_be_bytes(fixed(raw)?);
            temporal::write_time(out, micros * 1000, digits_of_micros(micros));
            Ok(())
        })?,
        Scalar::Timestamp | Scalar::TimestampTz => quoted(out, |out| {
            let micros = i64::from_be_bytes(fixed(raw)?);
            let Some((secs, nanos, digits)) = timestamp(micros) else {
                out.extend_from_slice(infinite(micros > 0));
                return Ok(());
            };
            temporal::write_timestamp(out, secs, nanos, digits);
            if scalar == Scalar::TimestampTz {
                out.push(b'Z');
            }
            Ok(())
        })?,
        Scalar::Bits | Scalar::Network | Scalar::TimeTz | Scalar::Interval | Scalar::Uuid => {
            quoted(out, |out| write_text(out, scalar, raw))?;
        }
    }
    Ok(())
}

/// A number by the caller's choice: quoted or, if it is one that JSON can say, bare.
pub(super) fn number(
    out: &mut Vec<u8>,
    style: NumberStyle,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let start = out.len();
    out.push(b'"');
    write(out)?;
    let is_finite = out.last().is_some_and(u8::is_ascii_digit);
    if style == NumberStyle::Native && is_finite {
        out.remove(start);
    } else {
        out.push(b'"');
    }
    Ok(())
}

pub(super) fn quoted(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    out.push(b'"');
    write(out)?;
    out.push(b'"');
    Ok(())
}
