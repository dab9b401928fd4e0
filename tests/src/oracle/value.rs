//! Values of a scripted row.

use super::temporal::{DaySecond, Moment, YearMonth};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// A decimal number of any length.
    Number(String),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A DATE or a timestamp.
    Moment(Moment),
    /// An interval.
    YearMonth(YearMonth),
    /// An interval.
    DaySecond(DaySecond),
    /// A BINARY_FLOAT.
    Float(f32),
    /// A BINARY_DOUBLE.
    Double(f64),
    /// A BOOLEAN.
    Boolean(bool),
    /// A ROWID.
    RowId(RowId),
    /// A JSON document.
    Json(serde_json::Value),
    /// A VECTOR of FLOAT32.
    Vector(Vec<f32>),
}

/// The parts of a ROWID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowId {
    /// The data object.
    pub object: u32,
    /// The file.
    pub file: u16,
    /// The block in the file.
    pub block: u32,
    /// The row in the block.
    pub row: u16,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
