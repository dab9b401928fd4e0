//! Column descriptions and the standard types.

use std::fmt;

/// The engine-independent type of a column. It is constant for the whole result and never depends on a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StandardType {
    /// True or false.
    Boolean,
    /// Whole numbers of 8 to 32 bits, signed or not.
    Integer,
    /// Whole numbers of 64 bits, signed or not.
    BigInt,
    /// Exact decimal numbers, scale kept.
    Decimal,
    /// IEEE 754 binary32.
    Float,
    /// IEEE 754 binary64.
    Double,
    /// Text, and every type that has no closer match, in the engine's own text form.
    String,
    /// A calendar date.
    Date,
    /// A time of day, or MySQL's signed duration of up to 838 hours.
    Time,
    /// A date and time without a time zone.
    Timestamp,
    /// An instant.
    TimestampTz,
    /// A duration in ISO 8601 form.
    Interval,
    /// Raw bytes.
    Binary,
    /// A JSON document as the engine wrote it.
    Json,
    /// A UUID.
    Uuid,
    /// A list, carried as JSON text.
    Array,
    /// A composite value, carried as JSON text.
    Struct,
}

impl StandardType {
    /// Every standard type, in the order in which the documentation lists them.
    pub const ALL: [Self; 17] = [
        Self::Boolean,
        Self::Integer,
        Self::BigInt,
        Self::Decimal,
        Self::Float,
        Self::Double,
        Self::String,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::TimestampTz,
        Self::Interval,
        Self::Binary,
        Self::Json,
        Self::Uuid,
        Self::Array,
        Self::Struct,
    ];

    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "BOOLEAN",
            Self::Integer => "INTEGER",
            Self::BigInt => "BIGINT",
            Self::Decimal => "DECIMAL",
            Self::Float => "FLOAT",
            Self::Double => "DOUBLE",
            Self::String => "STRING",
            Self::Date => "DATE",
            Self::Time => "TIME",
            Self::Timestamp => "TIMESTAMP",
            Self::TimestampTz => "TIMESTAMP_TZ",
            Self::Interval => "INTERVAL",
            Self::Binary => "BINARY",
            Self::Json => "JSON",
            Self::Uuid => "UUID",
            Self::Array => "ARRAY",
            Self::Struct => "STRUCT",
        }
    }
}

impl fmt::Display for StandardType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the text or bytes of a column are encoded at the source, where the engine tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 text.
    Utf8,
    /// Bytes without a character set.
    Binary,
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The label as the engine gives it; labels may repeat within a result.
    pub name: String,
    /// The standard type.
    pub standard_type: StandardType,
    /// The engine's own name of the type, in lower case, for example `int4` or `varchar`.
    pub native_type: String,
    /// Whether NULL may occur; `None` where the engine does not tell.
    pub nullable: Option<bool>,
    /// Total digits of an exact number, where declared.
    pub precision: Option<u32>,
    /// Digits after the decimal point, or fractional digits of a second, where declared.
    pub scale: Option<i32>,
    /// Declared length in characters (text) or bytes (binary).
    pub length: Option<u64>,
    /// Encoding at the source, where the engine tells.
    pub encoding: Option<Encoding>,
    /// The table the column comes from, where the engine tells.
    pub table: Option<String>,
    /// Of whole numbers: whether they may be negative. Of times: whether they are signed durations rather than times of
    /// day. `None` where the engine does not tell or it makes no sense.
    pub signed: Option<bool>,
    /// Whether a value may be of any type, whatever the column declares, as in SQLite.
    pub dynamic: bool,
}

impl Column {
    /// A column of which only the name and the types are known.
    #[must_use]
    pub fn new(name: impl Into<String>, standard_type: StandardType, native_type: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            standard_type,
            native_type: native_type.into(),
            nullable: None,
            precision: None,
            scale: None,
            length: None,
            encoding: None,
            table: None,
            signed: None,
            dynamic: false,
        }
    }
}
