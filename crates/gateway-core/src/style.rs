//! How the caller wants values to look where more than one form is right.

/// How BIGINT and DECIMAL are shown in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberStyle {
    /// As strings, safe with every JSON reader.
    #[default]
    Exact,
    /// As numerals with all their digits.
    Native,
}

/// How bytes are shown in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BinaryStyle {
    /// RFC 4648, section 4.
    #[default]
    Base64,
    /// Lower-case hexadecimal.
    Hex,
}

/// How values are shown. Drivers need it for arrays and composites only, which they write as JSON text at once, so that
/// no cell is taken apart a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValueStyle {
    /// BIGINT and DECIMAL.
    pub numbers: NumberStyle,
    /// BINARY.
    pub binary: BinaryStyle,
}
