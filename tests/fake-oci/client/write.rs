//! Values in the forms that C programs have them in: putting one where it was asked for, and reading one that was bound.

use std::ffi::c_void;

use super::handles::{at, put};
use super::lobs::{Lob, Rowid};
use super::moments::{Interval, Moment, OciDate};
use super::numbers::{self, OciNumber};
use super::script::{Fault, Value};
use super::statements::text;
use super::types;

/// Where a column's values go.
#[derive(Clone, Copy)]
pub(crate) struct Define {
    pub(crate) place: *mut c_void,
    pub(crate) size: usize,
    pub(crate) kind: u16,
    pub(crate) indicator: *mut i16,
    pub(crate) length: *mut u32,
}

impl Define {
    /// Writes a value, and tells whether all of it had room.
    ///
    /// # Safety
    ///
    /// The place is what the program said it is.
    pub(crate) unsafe fn put(&self, value: &Value) -> Result<bool, Fault> {
        // SAFETY: as promised by the caller, for all that is done here.
        unsafe {
            self.indicator.write(0);
            match (self.kind, value) {
                (_, Value::Null) => self.indicator.write(-1),
                (types::LONG_VARCHAR, Value::Text(text)) => return Ok(self.put_bytes(text.as_bytes())),
                (types::LONG_VARRAW, Value::Bytes(bytes)) => return Ok(self.put_bytes(bytes)),
                (types::VARNUM, Value::Number(number)) => put(self.place, numbers::encode(number)),
                (types::OCI_DATE, Value::Moment(moment)) => put(self.place, OciDate::from(*moment)),
                (types::NATIVE_FLOAT, Value::Float(float)) => put(self.place, *float),
                (types::NATIVE_DOUBLE, Value::Double(double)) => put(self.place, *double),
                (types::TIMESTAMP | types::TIMESTAMP_TZ | types::TIMESTAMP_LTZ, Value::Moment(moment)) => {
                    *self.descriptor::<Moment>() = *moment;
                }
                (types::INTERVAL_YM | types::INTERVAL_DS, Value::Interval(interval)) => {
                    *self.descriptor::<Interval>() = *interval;
                }
                (types::CLOB, Value::Text(text)) => *self.descriptor::<Lob>() = Lob::text(text),
                (types::BLOB, Value::Bytes(bytes)) => *self.descriptor::<Lob>() = Lob::bytes(bytes),
                (types::ROWID, Value::Rowid(rowid)) => *self.descriptor::<Rowid>() = Rowid::new(rowid),
                _ => {
                    return Err(Fault {
                        code: 932,
                        message: "inconsistent datatypes",
                    });
                }
            }
        }
        Ok(true)
    }

    /// The descriptor that the place points to.
    unsafe fn descriptor<T>(&self) -> &'static mut T {
        // SAFETY: for these types the place holds a descriptor of the right kind.
        unsafe { at(self.place.cast::<*const c_void>().read()) }
    }

    /// Writes a length and bytes, as many as there is room for.
    unsafe fn put_bytes(&self, bytes: &[u8]) -> bool {
        let length = bytes.len().min(self.size - size_of::<u32>());
        // SAFETY: the place has the size that was given.
        unsafe {
            put(self.place, length as u32);
            let rest = self.place.cast::<u8>().add(size_of::<u32>());
            rest.copy_from_nonoverlapping(bytes.as_ptr(), length);
            if !self.length.is_null() {
                self.length.write(length as u32);
            }
            if length < bytes.len() {
                self.indicator.write(i16::try_from(bytes.len()).unwrap_or(-2));
            }
        }
        length == bytes.len()
    }
}

/// A bound value: its type's code, then what it is.
///
/// # Safety
///
/// At `value` there is one of that type, of `length` bytes.
pub(crate) unsafe fn show(value: *const c_void, kind: u16, length: usize) -> String {
    // SAFETY: as promised by the caller, for all that is done here.
    let shown = unsafe {
        match kind {
            types::VARCHAR2 => text(value.cast(), length),
            types::INTEGER => value.cast::<i64>().read_unaligned().to_string(),
            types::VARNUM => numbers::decode(&value.cast::<OciNumber>().read_unaligned()),
            types::NATIVE_DOUBLE => format!("{:?}", value.cast::<f64>().read_unaligned()),
            types::NATIVE_FLOAT => format!("{:?}", value.cast::<f32>().read_unaligned()),
            types::LONG_RAW => hex(std::slice::from_raw_parts(value.cast(), length)),
            types::LONG_VARRAW => {
                let length = value.cast::<u32>().read_unaligned() as usize;
                hex(std::slice::from_raw_parts(value.cast::<u8>().add(4), length))
            }
            types::OCI_DATE => Moment::from(value.cast::<OciDate>().read_unaligned()).to_string(),
            types::TIMESTAMP | types::TIMESTAMP_TZ | types::TIMESTAMP_LTZ => {
                at::<Moment>(value.cast::<*const c_void>().read_unaligned()).to_string()
            }
            _ => "?".to_owned(),
        }
    };
    format!("{kind} {shown}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
