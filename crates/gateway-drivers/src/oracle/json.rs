//! JSON and VECTOR values, which come in binary form, as JSON text.
//!
//! Oracle's binary form keeps the digits of numbers and not the order of an object's keys; they are written in the order of
//! their names, so that the same value always gives the same text. What JSON has no form for is written as the string that the
//! value would be in a column of its own.

use std::io::Write as _;

use gateway_core::{ValueStyle, json, temporal};
use oracledb::{JsonValue, OracleTimestamp, Vector, VectorData};

use super::interval;
use super::value::instant;

/// Deeper values are not written: they would take the thread's stack.
const MAX_DEPTH: usize = 512;

/// The value is nested too deeply.
#[derive(Debug)]
pub(super) struct TooDeep;

/// Appends a value.
pub(super) fn write(
    out: &mut Vec<u8>,
    value: &JsonValue,
    style: ValueStyle,
    depth: usize,
) -> Result<(), TooDeep> {
    if depth == MAX_DEPTH {
        return Err(TooDeep);
    }
    match value {
        JsonValue::Null => out.extend_from_slice(b"null"),
        JsonValue::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        JsonValue::Number(number) => {
            // Writing to a vector cannot fail.
            let _ = write!(out, "{number}");
        }
        JsonValue::BinaryDouble(number) => json::write_double(out, *number),
        JsonValue::BinaryFloat(number) => json::write_float(out, *number),
        JsonValue::String(text) => json::write_string(out, text),
        JsonValue::JsonId(bytes) | JsonValue::Raw(bytes) => {
            quoted(out, |out| json::write_bytes(out, bytes, style.binary));
        }
        JsonValue::IntervalDS(found) => quoted(out, |out| interval::write_days(out, *found)),
        JsonValue::IntervalYM(found) => quoted(out, |out| interval::write_months(out, *found)),
        JsonValue::Timestamp(found) => quoted(out, |out| write_timestamp(out, found)),
        JsonValue::Vector(vector) => write_vector(out, vector),
        JsonValue::JsonArray(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(out, item, style, depth + 1)?;
            }
            out.push(b']');
        }
        JsonValue::JsonObject(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (index, (key, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                json::write_string(out, key);
                out.push(b':');
                write(out, member, style, depth + 1)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// Appends a vector as an array of numbers, one for each dimension; of bits, one for each byte.
pub(super) fn write_vector(out: &mut Vec<u8>, vector: &Vector) {
    match vector {
        Vector::Dense(VectorData::Float32(items)) => {
            list(out, items, |out, item| json::write_float(out, *item));
        }
        Vector::Dense(VectorData::Float64(items)) => {
            list(out, items, |out, item| json::write_double(out, *item));
        }
        Vector::Dense(VectorData::Int8(items)) => list(out, items, |out, item| json::write_int(out, *item)),
        Vector::Dense(VectorData::Binary(items)) => list(out, items, |out, item| json::write_int(out, *item)),
        Vector::Sparse(sparse) => {
            let mut wanted = sparse.indices().iter().enumerate().peekable();
            list(out, 0..sparse.num_dimensions(), |out, dimension| {
                match wanted.next_if(|(_, index)| **index == dimension) {
                    Some((at, _)) => write_item(out, sparse.values(), at),
                    None => out.push(b'0'),
                }
            });
        }
    }
}

fn write_item(out: &mut Vec<u8>, values: &VectorData, at: usize) {
    match values {
        VectorData::Float32(items) => json::write_float(out, items.get(at).copied().unwrap_or_default()),
        VectorData::Float64(items) => json::write_double(out, items.get(at).copied().unwrap_or_default()),
        VectorData::Int8(items) => json::write_int(out, items.get(at).copied().unwrap_or_default()),
        VectorData::Binary(items) => json::write_int(out, items.get(at).copied().unwrap_or_default()),
    }
}

fn list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

fn write_timestamp(out: &mut Vec<u8>, found: &OracleTimestamp) {
    let digits = temporal::needed_digits(found.nanoseconds());
    temporal::write_timestamp(out, instant(found), found.nanoseconds(), digits);
    if found.is_utc() {
        out.push(b'Z');
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}
