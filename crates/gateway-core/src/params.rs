//! Parameter values, as the caller gave them.

use std::collections::BTreeMap;
use std::fmt;

/// The type a caller names in a typed parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// Exact decimal digits.
    Decimal,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A date and time without a zone.
    Timestamp,
    /// An instant.
    TimestampTz,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
}

impl ParamType {
    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::TimestampTz => "timestamptz",
            Self::Uuid => "uuid",
            Self::Json => "json",
        }
    }
}

/// One value to bind. Numbers keep the digits the caller wrote.
#[derive(Clone, PartialEq)]
pub enum ParamValue {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number that fits 64 signed bits.
    Int(i64),
    /// A whole number that fits 64 unsigned bits only.
    UInt(u64),
    /// Any other numeral, as its digits.
    Number(String),
    /// Text of no declared type; engines that infer types read it as the type they expect.
    Text(String),
    /// Text of a declared type.
    Typed(ParamType, String),
    /// Raw bytes.
    Binary(Vec<u8>),
    /// A list, for `IN (:ids)` and for array parameters.
    Array(Vec<ParamValue>),
}

impl ParamValue {
    /// What kind of value this is, for messages.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::UInt(_) => "integer",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Typed(declared, _) => declared.as_str(),
            Self::Binary(_) => "binary",
            Self::Array(_) => "array",
        }
    }
}

// A parameter may be personal data, so its value stays out of logs that print a structure holding it.
impl fmt::Debug for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.kind_name())
    }
}

/// The parameters of one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Parameters {
    /// None given.
    #[default]
    None,
    /// For `?` and `$1`.
    Positional(Vec<ParamValue>),
    /// For `:name`.
    Named(BTreeMap<String, ParamValue>),
}
