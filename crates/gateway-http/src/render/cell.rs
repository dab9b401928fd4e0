//! The text of a value, the same in every format.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway_core::json::{non_finite_name, write_double, write_float, write_int};
use gateway_core::{Batch, Cell, temporal};

/// How bytes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BinaryStyle {
    /// RFC 4648, section 4.
    #[default]
    Base64,
    /// Lower-case hexadecimal.
    Hex,
}

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

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8], style: BinaryStyle) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match style {
        BinaryStyle::Base64 => {
            let start = out.len();
            out.resize(start + bytes.len().div_ceil(3) * 4, 0);
            // The slice has exactly the encoded length.
            let _ = STANDARD.encode_slice(bytes, &mut out[start..]);
        }
        BinaryStyle::Hex => {
            for byte in bytes {
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 0xf)]);
            }
        }
    }
}
