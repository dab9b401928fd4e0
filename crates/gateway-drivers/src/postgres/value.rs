//! PostgreSQL's binary values as cells and as JSON.
//!
//! The formats are those of the `*_send` functions in the server's `utils/adt`. Dates and times count from 2000-01-01.

use gateway_core::{BatchBuilder, Cell, json, temporal};

use super::numeric;
use super::types::{Decode, Scalar};

const DAYS_1970_TO_2000: i32 = 10_957;
const SECS_1970_TO_2000: i64 = 946_684_800;
const MICROS_PER_SEC: i64 = 1_000_000;

/// The server sent something that is not in its documented format.
#[derive(Debug)]
pub(super) struct Malformed;

/// Appends one value as a cell.
pub(super) fn push(cells: &mut BatchBuilder, decode: Decode, raw: Option<&[u8]>) -> Result<(), Malformed> {
    let Some(raw) = raw else {
        cells.push(Cell::Null);
        return Ok(());
    };
    match decode {
        Decode::Scalar(scalar) => push_scalar(cells, scalar, raw),
        Decode::Array(element) => {
            let mut outcome = Ok(());
            cells.push_json_with(|out| outcome = write_array(out, element, raw));
            outcome
        }
    }
}

fn push_scalar(cells: &mut BatchBuilder, scalar: Scalar, raw: &[u8]) -> Result<(), Malformed> {
    match scalar {
        Scalar::Bool => cells.push(Cell::Bool(fixed::<1>(raw)?[0] != 0)),
        Scalar::Int2 => cells.push(Cell::Int(i64::from(i16::from_be_bytes(fixed(raw)?)))),
        Scalar::Int4 => cells.push(Cell::Int(i64::from(i32::from_be_bytes(fixed(raw)?)))),
        Scalar::Int8 => cells.push(Cell::Int(i64::from_be_bytes(fixed(raw)?))),
        Scalar::Oid => cells.push(Cell::UInt(u64::from(u32::from_be_bytes(fixed(raw)?)))),
        Scalar::Float4 => cells.push(Cell::Float(f32::from_be_bytes(fixed(raw)?))),
        Scalar::Float8 => cells.push(Cell::Double(f64::from_be_bytes(fixed(raw)?))),
        Scalar::Text => cells.push_text_lossy(raw),
        Scalar::Bytea => cells.push_bytes(raw),
        Scalar::Json => cells.push_json(text(raw)?),
        Scalar::Jsonb => cells.push_json(jsonb(raw)?),
        Scalar::Date => match date(raw)? {
            Some(days) => cells.push(Cell::Date(days)),
            None => push_infinite(cells, i32::from_be_bytes(fixed(raw)?) > 0),
        },
        Scalar::Time => {
            let micros = i64::from_be_bytes(fixed(raw)?);
            cells.push(Cell::Time {
                nanos: micros * 1000,
                digits: digits_of_micros(micros),
            });
        }
        Scalar::Timestamp | Scalar::TimestampTz => {
            let micros = i64::from_be_bytes(fixed(raw)?);
            let Some((secs, nanos, digits)) = timestamp(micros) else {
                push_infinite(cells, micros > 0);
                return Ok(());
            };
            cells.push(match scalar {
                Scalar::TimestampTz => Cell::TimestampTz { secs, nanos, digits },
                _ => Cell::Timestamp { secs, nanos, digits },
            });
        }
        Scalar::Numeric | Scalar::Char | Scalar::TimeTz | Scalar::Interval | Scalar::Uuid => {
            let mut outcome = Ok(());
            cells.push_text_with(|out| outcome = write_text(out, scalar, raw));
            return outcome;
        }
    }
    Ok(())
}

fn push_infinite(cells: &mut BatchBuilder, positive: bool) {
    cells.push_text(if positive { "infinity" } else { "-infinity" });
}

/// Appends the text of a scalar that has no cell of its own.
fn write_text(out: &mut Vec<u8>, scalar: Scalar, raw: &[u8]) -> Result<(), Malformed> {
    match scalar {
        Scalar::Numeric => numeric::write(out, raw).ok_or(Malformed),
        Scalar::Uuid => write_uuid(out, fixed(raw)?),
        Scalar::TimeTz => write_timetz(out, raw),
        Scalar::Interval => write_interval(out, raw),
        Scalar::Char => {
            // The zero byte is the empty "char"; bytes above 127 are shown as octal, as the server does.
            match fixed::<1>(raw)?[0] {
                0 => {}
                byte @ 1..=127 => out.push(byte),
                byte => out.extend_from_slice(format!("\\{byte:o}").as_bytes()),
            }
            Ok(())
        }
        _ => Err(Malformed),
    }
}

fn write_uuid(out: &mut Vec<u8>, raw: [u8; 16]) -> Result<(), Malformed> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for (index, byte) in raw.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 0xf)]);
    }
    Ok(())
}

fn write_timetz(out: &mut Vec<u8>, raw: &[u8]) -> Result<(), Malformed> {
    let (micros, zone) = raw.split_at_checked(8).ok_or(Malformed)?;
    let micros = i64::from_be_bytes(fixed(micros)?);
    // The wire counts seconds west of UTC, the text form shows hours east.
    let east = -i32::from_be_bytes(fixed(zone)?);
    temporal::write_time(out, micros * 1000, digits_of_micros(micros));
    out.push(if east < 0 { b'-' } else { b'+' });
    let east = east.unsigned_abs();
    out.extend_from_slice(format!("{:02}:{:02}", east / 3600, east / 60 % 60).as_bytes());
    if east % 60 != 0 {
        out.extend_from_slice(format!(":{:02}", east % 60).as_bytes());
    }
    Ok(())
}

/// ISO 8601 with designators, in the form of the server's `IntervalStyle = iso_8601`.
fn write_interval(out: &mut Vec<u8>, raw: &[u8]) -> Result<(), Malformed> {
    let micros = i64::from_be_bytes(fixed(raw.get(..8).ok_or(Malformed)?)?);
    let days = i32::from_be_bytes(fixed(raw.get(8..12).ok_or(Malformed)?)?);
    let months = i32::from_be_bytes(fixed(raw.get(12..).ok_or(Malformed)?)?);
    // PostgreSQL 17 has infinite intervals: all three fields at their extremes.
    if (micros, days, months) == (i64::MAX, i32::MAX, i32::MAX) {
        out.extend_from_slice(b"infinity");
        return Ok(());
    }
    if (micros, days, months) == (i64::MIN, i32::MIN, i32::MIN) {
        out.extend_from_slice(b"-infinity");
        return Ok(());
    }
    out.push(b'P');
    let mut part = |value: i64, unit: u8| {
        if value != 0 {
            json::write_int(out, value);
            out.push(unit);
        }
    };
    part(i64::from(months / 12), b'Y');
    part(i64::from(months % 12), b'M');
    part(i64::from(days), b'D');
    if micros == 0 {
        if out.last() == Some(&b'P') {
            out.extend_from_slice(b"T0S");
        }
        return Ok(());
    }
    out.push(b'T');
    let secs = micros / MICROS_PER_SEC;
    let mut part = |value: i64, unit: u8| {
        if value != 0 {
            json::write_int(out, value);
            out.push(unit);
        }
    };
    part(secs / 3600, b'H');
    part(secs / 60 % 60, b'M');
    write_interval_seconds(out, secs % 60, micros % MICROS_PER_SEC);
    Ok(())
}

fn write_interval_seconds(out: &mut Vec<u8>, secs: i64, micros: i64) {
    if secs == 0 && micros == 0 {
        return;
    }
    if secs < 0 || micros < 0 {
        out.push(b'-');
    }
    json::write_int(out, secs.unsigned_abs());
    if micros != 0 {
        let fraction = format!(".{:06}", micros.unsigned_abs());
        out.extend_from_slice(fraction.trim_end_matches('0').as_bytes());
    }
    out.push(b'S');
}

/// Appends an array as nested JSON arrays, its elements by the same rules as columns of their type.
///
/// `array_send`: dimensions, a null flag, the element type, then length and lower bound of each dimension, then each
/// element with its length (-1 for NULL).
fn write_array(out: &mut Vec<u8>, element: Scalar, raw: &[u8]) -> Result<(), Malformed> {
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
    write_dimension(out, element, &lengths[..dimensions], &mut rest)
}

fn write_dimension(
    out: &mut Vec<u8>,
    element: Scalar,
    lengths: &[usize],
    rest: &mut &[u8],
) -> Result<(), Malformed> {
    let Some((length, inner)) = lengths.split_first() else {
        return write_element(out, element, rest);
    };
    out.push(b'[');
    for index in 0..*length {
        if index > 0 {
            out.push(b',');
        }
        write_dimension(out, element, inner, rest)?;
    }
    out.push(b']');
    Ok(())
}

fn write_element(out: &mut Vec<u8>, element: Scalar, rest: &mut &[u8]) -> Result<(), Malformed> {
    let Ok(length) = usize::try_from(take_i32(rest)?) else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    let (raw, after) = rest.split_at_checked(length).ok_or(Malformed)?;
    *rest = after;
    write_json(out, element, raw)
}

fn write_json(out: &mut Vec<u8>, scalar: Scalar, raw: &[u8]) -> Result<(), Malformed> {
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
        Scalar::Text => json::write_string(out, &String::from_utf8_lossy(raw)),
        Scalar::Bytea => return Err(Malformed),
        Scalar::Char => {
            let mut shown = Vec::new();
            write_text(&mut shown, scalar, raw)?;
            json::write_string(out, &String::from_utf8_lossy(&shown));
        }
        // None of these texts needs escaping.
        Scalar::Int8 => quoted(out, |out| {
            json::write_int(out, i64::from_be_bytes(fixed(raw)?));
            Ok(())
        })?,
        Scalar::Oid => quoted(out, |out| {
            json::write_int(out, u32::from_be_bytes(fixed(raw)?));
            Ok(())
        })?,
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
        Scalar::Numeric | Scalar::TimeTz | Scalar::Interval | Scalar::Uuid => {
            quoted(out, |out| write_text(out, scalar, raw))?;
        }
    }
    Ok(())
}

fn quoted(
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    out.push(b'"');
    write(out)?;
    out.push(b'"');
    Ok(())
}

const fn infinite(positive: bool) -> &'static [u8] {
    if positive { b"infinity" } else { b"-infinity" }
}

/// Days since 1970, or `None` for an infinite date.
fn date(raw: &[u8]) -> Result<Option<i32>, Malformed> {
    let days = i32::from_be_bytes(fixed(raw)?);
    Ok(days.checked_add(DAYS_1970_TO_2000).filter(|_| days != i32::MIN))
}

/// Seconds since 1970, nanoseconds and digits to show, or `None` for an infinite timestamp.
fn timestamp(micros: i64) -> Option<(i64, u32, u8)> {
    if micros == i64::MAX || micros == i64::MIN {
        return None;
    }
    let secs = micros.div_euclid(MICROS_PER_SEC) + SECS_1970_TO_2000;
    let nanos = u32::try_from(micros.rem_euclid(MICROS_PER_SEC) * 1000).unwrap_or(0);
    Some((secs, nanos, temporal::needed_digits(nanos)))
}

fn digits_of_micros(micros: i64) -> u8 {
    temporal::needed_digits(u32::try_from(micros.rem_euclid(MICROS_PER_SEC) * 1000).unwrap_or(0))
}

fn jsonb(raw: &[u8]) -> Result<&str, Malformed> {
    match raw.split_first() {
        Some((1, rest)) => text(rest),
        _ => Err(Malformed),
    }
}

fn text(raw: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(raw).map_err(|_| Malformed)
}

fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N], Malformed> {
    raw.try_into().map_err(|_| Malformed)
}

fn take_i32(rest: &mut &[u8]) -> Result<i32, Malformed> {
    let (head, tail) = rest.split_at_checked(4).ok_or(Malformed)?;
    *rest = tail;
    Ok(i32::from_be_bytes(fixed(head)?))
}
