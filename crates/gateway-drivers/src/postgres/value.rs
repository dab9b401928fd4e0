//! PostgreSQL's binary values as cells.
//!
//! The formats are those of the `*_send` functions in the server's `utils/adt`. Dates and times count from 2000-01-01.

use gateway_core::{BatchBuilder, Cell, ValueStyle, json, temporal};

use super::types::{Decode, Scalar};
use super::{nested, network, numeric, words};

const DAYS_1970_TO_2000: i32 = 10_957;
const SECS_1970_TO_2000: i64 = 946_684_800;
const MICROS_PER_SEC: i64 = 1_000_000;

/// The server sent something that is not in its documented format.
#[derive(Debug)]
pub(super) struct Malformed;

/// How the values of a column are read.
#[derive(Debug, Clone)]
pub(super) enum Reader {
    /// From the type's binary form.
    Binary(Decode),
    /// From the server's words, which stand for a value of a type that is read as this.
    Words(Decode),
}

/// Appends one value as a cell; `style` is for values inside others.
pub(super) fn push(
    cells: &mut BatchBuilder,
    reader: &Reader,
    style: ValueStyle,
    raw: Option<&[u8]>,
) -> Result<(), Malformed> {
    let Some(raw) = raw else {
        cells.push(Cell::Null);
        return Ok(());
    };
    let mut outcome = Ok(());
    match reader {
        Reader::Binary(Decode::Scalar(scalar)) => return push_scalar(cells, *scalar, raw),
        Reader::Binary(decode) => {
            cells.push_json_with(|out| outcome = nested::write(out, decode, style, raw));
        }
        Reader::Words(Decode::Scalar(_)) => cells.push_text_lossy(raw),
        Reader::Words(decode) => {
            let text = text(raw)?;
            cells.push_json_with(|out| outcome = words::write(out, decode, style, text));
        }
    }
    outcome
}

fn push_scalar(cells: &mut BatchBuilder, scalar: Scalar, raw: &[u8]) -> Result<(), Malformed> {
    match scalar {
        Scalar::Bool => cells.push(Cell::Bool(fixed::<1>(raw)?[0] != 0)),
        Scalar::Int2 => cells.push(Cell::Int(i64::from(i16::from_be_bytes(fixed(raw)?)))),
        Scalar::Int4 => cells.push(Cell::Int(i64::from(i32::from_be_bytes(fixed(raw)?)))),
        Scalar::Int8 => cells.push(Cell::Int(i64::from_be_bytes(fixed(raw)?))),
        Scalar::UInt4 => cells.push(Cell::UInt(u64::from(u32::from_be_bytes(fixed(raw)?)))),
        Scalar::UInt8 => cells.push(Cell::UInt(u64::from_be_bytes(fixed(raw)?))),
        Scalar::Float4 => cells.push(Cell::Float(f32::from_be_bytes(fixed(raw)?))),
        Scalar::Float8 => cells.push(Cell::Double(f64::from_be_bytes(fixed(raw)?))),
        Scalar::Text | Scalar::Words => cells.push_text_lossy(raw),
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
        Scalar::Numeric
        | Scalar::Char
        | Scalar::Bits
        | Scalar::Network
        | Scalar::TimeTz
        | Scalar::Interval
        | Scalar::Uuid => {
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
pub(super) fn write_text(out: &mut Vec<u8>, scalar: Scalar, raw: &[u8]) -> Result<(), Malformed> {
    match scalar {
        Scalar::Numeric => numeric::write(out, raw).ok_or(Malformed),
        Scalar::Uuid => write_uuid(out, fixed(raw)?),
        Scalar::Bits => write_bits(out, raw),
        Scalar::Network => network::write(out, raw).ok_or(Malformed),
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

/// `bit_send`: the number of bits, then the bits, the first of them in the highest place.
fn write_bits(out: &mut Vec<u8>, raw: &[u8]) -> Result<(), Malformed> {
    let (count, bytes) = raw.split_at_checked(4).ok_or(Malformed)?;
    let count = usize::try_from(i32::from_be_bytes(fixed(count)?)).map_err(|_| Malformed)?;
    if bytes.len() != count.div_ceil(8) {
        return Err(Malformed);
    }
    out.extend((0..count).map(|bit| b'0' + (bytes[bit / 8] >> (7 - bit % 8) & 1)));
    Ok(())
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

pub(super) const fn infinite(positive: bool) -> &'static [u8] {
    if positive { b"infinity" } else { b"-infinity" }
}

/// Days since 1970, or `None` for an infinite date.
pub(super) fn date(raw: &[u8]) -> Result<Option<i32>, Malformed> {
    let days = i32::from_be_bytes(fixed(raw)?);
    Ok(days.checked_add(DAYS_1970_TO_2000).filter(|_| days != i32::MIN))
}

/// Seconds since 1970, nanoseconds and digits to show, or `None` for an infinite timestamp.
pub(super) fn timestamp(micros: i64) -> Option<(i64, u32, u8)> {
    if micros == i64::MAX || micros == i64::MIN {
        return None;
    }
    let secs = micros.div_euclid(MICROS_PER_SEC) + SECS_1970_TO_2000;
    let nanos = u32::try_from(micros.rem_euclid(MICROS_PER_SEC) * 1000).unwrap_or(0);
    Some((secs, nanos, temporal::needed_digits(nanos)))
}

pub(super) fn digits_of_micros(micros: i64) -> u8 {
    temporal::needed_digits(u32::try_from(micros.rem_euclid(MICROS_PER_SEC) * 1000).unwrap_or(0))
}

pub(super) fn jsonb(raw: &[u8]) -> Result<&str, Malformed> {
    match raw.split_first() {
        Some((1, rest)) => text(rest),
        _ => Err(Malformed),
    }
}

pub(super) fn text(raw: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(raw).map_err(|_| Malformed)
}

pub(super) fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N], Malformed> {
    raw.try_into().map_err(|_| Malformed)
}

pub(super) fn take_i32(rest: &mut &[u8]) -> Result<i32, Malformed> {
    let (head, tail) = rest.split_at_checked(4).ok_or(Malformed)?;
    *rest = tail;
    Ok(i32::from_be_bytes(fixed(head)?))
}
