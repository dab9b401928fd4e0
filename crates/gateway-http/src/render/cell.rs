//! The text of a value, the same in every format.

use gateway_core::json::{non_finite_name, write_bytes, write_double, write_float, write_int};
use gateway_core::{Batch, BinaryStyle, Cell, temporal};

/// Appends the text of a value without quotes; nothing for NULL.
pub(super) fn write_plain(out: &mut Vec<u8>, batch: &Batch, cell: Cell, binary: BinaryStyle) {
    match cell {
        Cell::Null => {}
        Cell::Bool(flag) => out.extend_from_slice(if flag { b"true" } else { b"false" }),
        Cell::Int(number) => write_int(out, number),
        Cell::UInt(number) => write_int(out, number),
        Cell::Float(number) if number.is_finite() => write_float(out, number),
        Cell::Float(number) => out.extend_from_slice(non_finite_name(f64::from(number)).as_bytes()),
        Cell::Double(number) if number.is_finite() => write_double(out, number),
        Cell::Double(number) => out.extend_from_slice(non_finite_name(number).as_bytes()),
        Cell::Text(_) | Cell::Json(_) => out.extend_from_slice(batch.bytes(cell).unwrap_or_default()),
        Cell::Bytes(_) => write_bytes(out, batch.bytes(cell).unwrap_or_default(), binary),
        Cell::Date(days) => temporal::write_date(out, i64::from(days)),
        Cell::Time { nanos, digits } => temporal::write_time(out, nanos, digits),
        Cell::Timestamp { secs, nanos, digits } => temporal::write_timestamp(out, secs, nanos, digits),
        Cell::TimestampTz { secs, nanos, digits } => {
            temporal::write_timestamp(out, secs, nanos, digits);
            out.push(b'Z');
        }
    }
}
