//! Values as they stand in a row.

use super::column::Kind;
use super::lob::Lobs;
use super::number;
use super::temporal::{DaySecond, Moment, YearMonth};
use super::value::{RowId, Value};
use super::wire::Out;
use super::{OraError, json, vector};

/// Lengths of locators.
const LOCATOR: usize = 40;
/// What a LOB is read in.
const LOB_CHUNK: u64 = 8132;

/// How a value is to be sent.
pub(super) struct Encoder<'a> {
    /// Where LOBs are kept while only their locators travel.
    pub(super) lobs: &'a mut Lobs,
}

impl Encoder<'_> {
    /// Writes a value; `inline` for a LOB that the client wants as a LONG.
    ///
    /// # Errors
    ///
    /// ORA-00932 if the value cannot be in a column of that type.
    pub(super) fn write(
        &mut self,
        out: &mut Out,
        kind: Kind,
        inline: bool,
        value: &Value,
    ) -> Result<(), OraError> {
        if kind.has_locator() && !inline {
            return self.write_lob(out, kind, value);
        }
        match (kind, value) {
            (Kind::UrowId, Value::RowId(rowid)) => write_urowid(out, *rowid),
            (Kind::Xml, Value::Null) => {
                // No type, no object, no snapshot, a version, no length, no flags.
                out.ub(0).ub(0).ub(0).ub(0).ub(0).ub(0);
            }
            (Kind::Xml, Value::Text(text)) => write_xml(out, text),
            (_, Value::Null) => {
                out.u8(0);
            }
            (Kind::Number { .. } | Kind::Float(_), Value::Integer(value)) => {
                number::write_integer(out, *value);
            }
            (Kind::Number { .. } | Kind::Float(_), Value::Number(text) | Value::Text(text)) => {
                number::write_text(out, text);
            }
            (Kind::Number { .. } | Kind::Float(_), Value::Double(value)) => {
                number::write_text(out, &value.to_string());
            }
            (Kind::Varchar(_) | Kind::Char(_) | Kind::Long | Kind::Clob, value) => {
                out.bytes(text(kind, value)?.as_bytes());
            }
            (Kind::Nvarchar(_) | Kind::Nchar(_) | Kind::Nclob, value) => {
                out.bytes(&national(&text(kind, value)?));
            }
            (Kind::Raw(_) | Kind::LongRaw | Kind::Blob, Value::Bytes(bytes)) => {
                out.bytes(bytes);
            }
            (
                Kind::Date | Kind::Timestamp(_) | Kind::TimestampTz(_) | Kind::TimestampLtz(_),
                Value::Moment(moment),
            ) => write_moment(out, kind, *moment),
            (
                Kind::Date | Kind::Timestamp(_) | Kind::TimestampTz(_) | Kind::TimestampLtz(_),
                Value::Text(text),
            ) => match Moment::parse(text) {
                Some(moment) => write_moment(out, kind, moment),
                None => return Err(OraError::new(1841, "(full) year must be between -4713 and +9999")),
            },
            (Kind::YearMonth(_), Value::YearMonth(interval)) => interval.write(out),
            (Kind::DaySecond(..), Value::DaySecond(interval)) => interval.write(out),
            (Kind::YearMonth(_), Value::Text(text)) => match YearMonth::parse(text) {
                Some(interval) => interval.write(out),
                None => return Err(OraError::new(1867, "the interval is invalid")),
            },
            (Kind::DaySecond(..), Value::Text(text)) => match DaySecond::parse(text) {
                Some(interval) => interval.write(out),
                None => return Err(OraError::new(1867, "the interval is invalid")),
            },
            (Kind::BinaryFloat, Value::Float(value)) => {
                out.bytes(&sortable(value.to_be_bytes()));
            }
            (Kind::BinaryFloat, Value::Double(value)) => {
                out.bytes(&sortable((*value as f32).to_be_bytes()));
            }
            (Kind::BinaryDouble, Value::Double(value)) => {
                out.bytes(&sortable(value.to_be_bytes()));
            }
            (Kind::BinaryDouble, Value::Integer(value)) => {
                out.bytes(&sortable((*value as f64).to_be_bytes()));
            }
            (Kind::Boolean, Value::Boolean(true)) => {
                out.bytes(&[1, 1]);
            }
            (Kind::Boolean, Value::Boolean(false)) => {
                out.bytes(&[0]);
            }
            (Kind::Boolean, Value::Integer(value)) => {
                out.bytes(if *value == 0 { &[0] } else { &[1, 1] });
            }
            (Kind::RowId, Value::RowId(rowid)) => {
                out.u8(13).ub(rowid.object.into()).ub(rowid.file.into());
                out.u8(0).ub(rowid.block.into()).ub(rowid.row.into());
            }
            (kind, value) => return Err(misfit(kind, value)),
        }
        if inline || matches!(kind, Kind::Long | Kind::LongRaw) {
            // The indicator of NULL, and a return code.
            out.sb(0).ub(0);
        }
        Ok(())
    }

    fn write_lob(&mut self, out: &mut Out, kind: Kind, value: &Value) -> Result<(), OraError> {
        let image = match (kind, value) {
            (_, Value::Null) => {
                out.ub(0);
                return Ok(());
            }
            (Kind::Json, Value::Json(document)) => json::image(document),
            (Kind::Json, Value::Text(text)) => {
                let document = serde_json::from_str(text)
                    .map_err(|failure| OraError::new(40441, &format!("JSON syntax error: {failure}")))?;
                json::image(&document)
            }
            (Kind::Vector, Value::Vector(numbers)) => vector::image(numbers),
            (Kind::Blob, Value::Bytes(bytes)) => {
                let (size, locator) = (bytes.len(), self.lobs.keep(kind, bytes.clone()));
                out.size(LOCATOR).size(size).ub(LOB_CHUNK).bytes(&locator);
                return Ok(());
            }
            (Kind::Clob | Kind::Nclob, value) => {
                let text = text(kind, value)?;
                let size = text.encode_utf16().count();
                let locator = self.lobs.keep(kind, text.into_bytes());
                out.size(LOCATOR).size(size).ub(LOB_CHUNK).bytes(&locator);
                return Ok(());
            }
            (kind, value) => return Err(misfit(kind, value)),
        };
        out.size(LOCATOR).size(image.len()).ub(LOB_CHUNK);
        out.bytes(&image).bytes(&[0; LOCATOR]);
        Ok(())
    }
}

fn misfit(kind: Kind, value: &Value) -> OraError {
    OraError::new(
        932,
        &format!("expression is of data type {value:?}, which is incompatible with {kind:?}"),
    )
}

fn text(kind: Kind, value: &Value) -> Result<String, OraError> {
    if let (Kind::Char(size) | Kind::Nchar(size), Value::Text(text)) = (kind, value) {
        return Ok(format!("{text:<width$}", width = usize::from(size)));
    }
    match value {
        Value::Text(text) | Value::Number(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Double(number) => Ok(number.to_string()),
        Value::Moment(moment) => Ok(moment.to_string()),
        value => Err(misfit(kind, value)),
    }
}

/// UTF-16, as the national character set is.
pub(super) fn national(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn write_moment(out: &mut Out, kind: Kind, moment: Moment) {
    match kind {
        Kind::Date => moment.write_date(out),
        Kind::TimestampTz(_) => moment.write_zoned(out),
        Kind::TimestampLtz(_) => moment.write_local(out),
        _ => moment.write_timestamp(out),
    }
}

/// The bytes of a floating point number, changed so that they compare as the numbers do.
pub(super) fn sortable<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    if bytes[0] & 0x80 == 0 {
        bytes[0] |= 0x80;
    } else {
        bytes.iter_mut().for_each(|byte| *byte = !*byte);
    }
    bytes
}

/// The reverse of [`sortable`].
pub(super) fn unsortable<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    if bytes[0] & 0x80 == 0 {
        bytes.iter_mut().for_each(|byte| *byte = !*byte);
    } else {
        bytes[0] &= 0x7f;
    }
    bytes
}

/// A physical ROWID in the form of a universal one.
fn write_urowid(out: &mut Out, rowid: RowId) {
    let mut image = Out::default();
    image.u8(1).u32(rowid.object).u16(rowid.file);
    image.u32(rowid.block).u16(rowid.row);
    out.bytes(&[image.0.len() as u8]).bytes(&image.0);
}

/// An object of the type XMLTYPE: its image holds the text.
fn write_xml(out: &mut Out, text: &str) {
    // No type and no object by reference, no snapshot, no version.
    out.ub(0).ub(0).ub(0).ub(0);
    let mut image = Out::default();
    // Flags: a pickled value of version 1 without a prefix; then the length of everything.
    image.u8(0x80 | 0x04).u8(1);
    let length = text.len() as u32 + 12;
    image.u8(0xfe).u32(length);
    // XMLTYPE's own version, and flags: the text follows.
    image.u8(1).u32(0x04);
    image.raw(text.as_bytes());
    out.size(image.0.len()).ub(0).bytes(&image.0);
}
