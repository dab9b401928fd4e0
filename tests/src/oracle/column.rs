//! Types of columns, and how a server describes them.

use super::wire::Out;

/// UTF-8.
const CHARSET: u64 = 873;
/// UTF-16, of the national character types.
const NATIONAL_CHARSET: u64 = 2000;
/// The collation of characters: as the session compares.
const COLLATION: u64 = 0x3ffe;
/// In a description's flags: the column holds characters.
const FLAG_CHARACTERS: u8 = 0x80;
/// In a description's user-defined flags: the column holds JSON.
const FLAG_JSON: u64 = 0x100;
/// A scale that says: floating point.
const FLOATING: i8 = -127;
/// The size that LOBs are described with.
const LOB_SIZE: u64 = 4000;

/// The type of XMLTYPE's values, as every database numbers it.
const XMLTYPE_OID: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0];

/// Oracle's numbers for types.
pub(super) mod code {
    pub(crate) const VARCHAR: u8 = 1;
    pub(crate) const NUMBER: u8 = 2;
    pub(crate) const INTEGER: u8 = 3;
    pub(crate) const LONG: u8 = 8;
    pub(crate) const ROWID: u8 = 11;
    pub(crate) const DATE: u8 = 12;
    pub(crate) const RAW: u8 = 23;
    pub(crate) const LONG_RAW: u8 = 24;
    pub(crate) const CHAR: u8 = 96;
    pub(crate) const BINARY_FLOAT: u8 = 100;
    pub(crate) const BINARY_DOUBLE: u8 = 101;
    pub(crate) const OBJECT: u8 = 109;
    pub(crate) const CLOB: u8 = 112;
    pub(crate) const BLOB: u8 = 113;
    pub(crate) const JSON: u8 = 119;
    pub(crate) const VECTOR: u8 = 127;
    pub(crate) const TIMESTAMP: u8 = 180;
    pub(crate) const TIMESTAMP_TZ: u8 = 181;
    pub(crate) const INTERVAL_YM: u8 = 182;
    pub(crate) const INTERVAL_DS: u8 = 183;
    pub(crate) const UROWID: u8 = 208;
    pub(crate) const TIMESTAMP_LTZ: u8 = 231;
    pub(crate) const BOOLEAN: u8 = 252;
}

/// A column's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `NUMBER(precision, scale)`; zero and -127 for plain `NUMBER`.
    Number {
        /// Decimal digits.
        precision: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// `FLOAT(n)`: n binary digits.
    Float(u8),
    /// `VARCHAR2(n)`, in bytes as the servers count unless told otherwise.
    Varchar(u16),
    /// `NVARCHAR2(n)`.
    Nvarchar(u16),
    /// `CHAR(n)`.
    Char(u16),
    /// `NCHAR(n)`.
    Nchar(u16),
    /// `LONG`.
    Long,
    /// `DATE`.
    Date,
    /// `TIMESTAMP(n)`.
    Timestamp(u8),
    /// `TIMESTAMP(n) WITH TIME ZONE`.
    TimestampTz(u8),
    /// `TIMESTAMP(n) WITH LOCAL TIME ZONE`.
    TimestampLtz(u8),
    /// `INTERVAL YEAR(n) TO MONTH`.
    YearMonth(u8),
    /// `INTERVAL DAY(n) TO SECOND(m)`.
    DaySecond(u8, u8),
    /// `RAW(n)`.
    Raw(u16),
    /// `LONG RAW`.
    LongRaw,
    /// `ROWID`.
    RowId,
    /// `UROWID`.
    UrowId,
    /// `BINARY_FLOAT`.
    BinaryFloat,
    /// `BINARY_DOUBLE`.
    BinaryDouble,
    /// `CLOB`.
    Clob,
    /// `NCLOB`.
    Nclob,
    /// `BLOB`.
    Blob,
    /// `JSON`.
    Json,
    /// `BOOLEAN`.
    Boolean,
    /// `VECTOR`.
    Vector,
    /// `XMLTYPE`, an object.
    Xml,
}

impl Kind {
    /// Plain `NUMBER`.
    pub const NUMBER: Self = Self::Number {
        precision: 0,
        scale: FLOATING,
    };
    /// `INTEGER`.
    pub const INTEGER: Self = Self::Number {
        precision: 38,
        scale: 0,
    };

    /// Oracle's number for the type.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Number { .. } | Self::Float(_) => code::NUMBER,
            Self::Varchar(_) | Self::Nvarchar(_) => code::VARCHAR,
            Self::Char(_) | Self::Nchar(_) => code::CHAR,
            Self::Long => code::LONG,
            Self::Date => code::DATE,
            Self::Timestamp(_) => code::TIMESTAMP,
            Self::TimestampTz(_) => code::TIMESTAMP_TZ,
            Self::TimestampLtz(_) => code::TIMESTAMP_LTZ,
            Self::YearMonth(_) => code::INTERVAL_YM,
            Self::DaySecond(..) => code::INTERVAL_DS,
            Self::Raw(_) => code::RAW,
            Self::LongRaw => code::LONG_RAW,
            Self::RowId => code::ROWID,
            Self::UrowId => code::UROWID,
            Self::BinaryFloat => code::BINARY_FLOAT,
            Self::BinaryDouble => code::BINARY_DOUBLE,
            Self::Clob | Self::Nclob => code::CLOB,
            Self::Blob => code::BLOB,
            Self::Json => code::JSON,
            Self::Boolean => code::BOOLEAN,
            Self::Vector => code::VECTOR,
            Self::Xml => code::OBJECT,
        }
    }

    /// Whether a server hands out a locator for it, and waits for the client's definition before it sends rows.
    pub(super) fn has_locator(self) -> bool {
        matches!(
            self,
            Self::Clob | Self::Nclob | Self::Blob | Self::Json | Self::Vector
        )
    }

    fn precision_and_scale(self) -> (u8, i8) {
        match self {
            Self::Number { precision, scale } => (precision, scale),
            Self::Float(digits) => (digits, FLOATING),
            Self::Timestamp(digits) | Self::TimestampTz(digits) | Self::TimestampLtz(digits) => {
                (0, digits as i8)
            }
            Self::YearMonth(digits) => (digits, 0),
            Self::DaySecond(days, seconds) => (days, seconds as i8),
            _ => (0, 0),
        }
    }

    fn size(self) -> u64 {
        match self {
            Self::Number { .. } | Self::Float(_) => 22,
            Self::Varchar(size) | Self::Char(size) => u64::from(size).max(1),
            // Two bytes a character.
            Self::Nvarchar(size) | Self::Nchar(size) => u64::from(size).max(1) * 2,
            Self::Raw(size) => u64::from(size).max(1),
            Self::Date | Self::BinaryFloat | Self::BinaryDouble => 1,
            Self::Timestamp(_) | Self::TimestampLtz(_) | Self::DaySecond(..) => 11,
            Self::TimestampTz(_) => 13,
            Self::YearMonth(_) => 5,
            Self::RowId => 18,
            Self::UrowId => 3950,
            Self::Boolean => 4,
            Self::Long | Self::LongRaw => 0,
            Self::Clob | Self::Nclob | Self::Blob => LOB_SIZE,
            Self::Json | Self::Vector => 8200,
            Self::Xml => 2000,
        }
    }

    /// The form of its character set, and the most characters.
    fn characters(self) -> (u8, u64) {
        match self {
            Self::Varchar(size) | Self::Char(size) => (1, u64::from(size).max(1)),
            Self::Nvarchar(size) | Self::Nchar(size) => (2, u64::from(size).max(1)),
            Self::Long | Self::Clob => (1, 0),
            Self::Nclob => (2, 0),
            _ => (0, 0),
        }
    }
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, as the server has it: in capitals unless it was quoted.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// Whether NULL may be in it.
    pub nullable: bool,
}

impl Column {
    /// One that may hold NULL.
    #[must_use]
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            nullable: true,
        }
    }

    /// The same, without NULL.
    #[must_use]
    pub fn not_null(self) -> Self {
        Self {
            nullable: false,
            ..self
        }
    }

    /// Writes its description for a client of a field version.
    pub(super) fn describe(&self, out: &mut Out, position: usize, version: u8) {
        let (precision, scale) = self.kind.precision_and_scale();
        let (form, characters) = self.kind.characters();
        let flags = if form != 0 && !self.kind.has_locator() {
            FLAG_CHARACTERS
        } else {
            0
        };
        out.u8(self.kind.code()).u8(flags).u8(precision).u8(scale as u8);
        out.ub(self.kind.size()).ub(0).ub(0);
        let object = self.kind == Kind::Xml;
        out.sized(if object { &XMLTYPE_OID[..] } else { b"" });
        out.ub(u64::from(object));
        out.ub(match form {
            0 => 0,
            1 => CHARSET,
            _ => NATIONAL_CHARSET,
        });
        out.u8(form).ub(characters);
        if version >= 8 {
            out.ub(if flags == 0 { 0 } else { COLLATION });
        }
        out.u8(u8::from(self.nullable)).u8(self.name.len() as u8);
        out.sized(&self.name);
        out.sized(if object { "SYS" } else { "" });
        out.sized(if object { "XMLTYPE" } else { "" });
        out.size(position);
        out.ub(if self.kind == Kind::Json { FLAG_JSON } else { 0 });
        if version >= 17 {
            // The domain.
            out.sized("").sized("");
        }
        if version >= 20 {
            // Annotations.
            out.ub(0);
        }
        if version >= 24 {
            // A vector's dimensions, format and flags: any.
            let flags = u8::from(self.kind == Kind::Vector);
            out.ub(0).u8(0).u8(flags);
        }
    }
}
