//! Columns and rows as JSON.

use gateway_core::json::{write_double, write_float, write_int, write_string};
use gateway_core::{Batch, Cell, Column, Encoding, NumberStyle, StandardType};

use super::Style;
use super::cell::write_plain;
use super::names;

/// How a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RowFormat {
    /// `[1,"a"]`
    #[default]
    Array,
    /// `{"id":1,"name":"a"}`
    Object,
}

/// Writes columns and rows.
pub(crate) struct JsonRows {
    style: Style,
    types: Vec<StandardType>,
    /// `"name":` of each column, for rows as objects.
    keys: Vec<Vec<u8>>,
}

impl JsonRows {
    pub(super) fn new(style: Style) -> Self {
        Self {
            style,
            types: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Says which columns the rows to come have.
    pub(super) fn set_columns(&mut self, columns: &[Column]) {
        self.types = columns.iter().map(|column| column.standard_type).collect();
        if self.style.rows == RowFormat::Object {
            self.keys = object_keys(columns);
        }
    }

    /// Whether rows may hold documents as their writers formatted them.
    pub(super) fn passes_json_through(&self) -> bool {
        let may = |standard: &StandardType| {
            matches!(
                standard,
                StandardType::Json | StandardType::Array | StandardType::Struct
            )
        };
        self.types.iter().any(may)
    }

    /// Appends `"columns":[…]`.
    pub(super) fn columns(out: &mut Vec<u8>, columns: &[Column]) {
        out.extend_from_slice(b"\"columns\":[");
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_column(out, index + 1, column);
        }
        out.push(b']');
    }

    /// Appends one row.
    pub(super) fn row(&self, out: &mut Vec<u8>, batch: &Batch, row: &[Cell]) {
        let (open, close) = match self.style.rows {
            RowFormat::Array => (b'[', b']'),
            RowFormat::Object => (b'{', b'}'),
        };
        out.push(open);
        for (index, (cell, standard)) in row.iter().zip(&self.types).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            if let Some(key) = self.keys.get(index) {
                out.extend_from_slice(key);
            }
            self.cell(out, batch, *standard, *cell);
        }
        out.push(close);
    }

    fn cell(&self, out: &mut Vec<u8>, batch: &Batch, standard: StandardType, cell: Cell) {
        match cell {
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Bool(_) | Cell::Json(_) => write_plain(out, batch, cell, self.style.binary),
            Cell::Float(number) => write_float(out, number),
            Cell::Double(number) => write_double(out, number),
            Cell::Int(_) | Cell::UInt(_)
                if self.style.numbers == NumberStyle::Native
                    || (standard == StandardType::Integer && is_safe(cell)) =>
            {
                write_plain(out, batch, cell, self.style.binary);
            }
            Cell::Text(_) => self.text(out, standard, batch.text(cell).unwrap_or_default()),
            // None of these texts needs escaping.
            Cell::Int(_)
            | Cell::UInt(_)
            | Cell::Bytes(_)
            | Cell::Date(_)
            | Cell::Time { .. }
            | Cell::Timestamp { .. }
            | Cell::TimestampTz { .. } => {
                out.push(b'"');
                write_plain(out, batch, cell, self.style.binary);
                out.push(b'"');
            }
        }
    }

    fn text(&self, out: &mut Vec<u8>, standard: StandardType, text: &str) {
        let numeral = standard == StandardType::Decimal
            && self.style.numbers == NumberStyle::Native
            && is_numeral(text);
        if numeral {
            out.extend_from_slice(text.as_bytes());
        } else {
            write_string(out, text);
        }
    }
}

/// Whether every JSON reader gets the number right. An INTEGER of SQLite may have 64 bits.
fn is_safe(cell: Cell) -> bool {
    const MOST: u64 = (1 << 53) - 1;
    match cell {
        Cell::Int(number) => number.unsigned_abs() <= MOST,
        Cell::UInt(number) => number <= MOST,
        _ => false,
    }
}

/// Whether a decimal's text is a JSON numeral as it stands (RFC 8259, section 6, without an exponent).
fn is_numeral(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

fn write_column(out: &mut Vec<u8>, ordinal: usize, column: &Column) {
    out.extend_from_slice(b"{\"name\":");
    write_string(out, &column.name);
    out.extend_from_slice(b",\"ordinal\":");
    write_int(out, ordinal);
    out.extend_from_slice(b",\"type\":\"");
    out.extend_from_slice(column.standard_type.as_str().as_bytes());
    out.extend_from_slice(b"\",\"nativeType\":");
    write_string(out, &column.native_type);
    out.extend_from_slice(b",\"nullable\":");
    let nullable: &[u8] = match column.nullable {
        Some(true) => b"true",
        Some(false) => b"false",
        None => b"null",
    };
    out.extend_from_slice(nullable);
    if let Some(precision) = column.precision {
        out.extend_from_slice(b",\"precision\":");
        write_int(out, precision);
    }
    if let Some(scale) = column.scale {
        out.extend_from_slice(b",\"scale\":");
        write_int(out, scale);
    }
    if let Some(length) = column.length {
        out.extend_from_slice(b",\"length\":");
        write_int(out, length);
    }
    if let Some(encoding) = column.encoding {
        let name: &[u8] = match encoding {
            Encoding::Utf8 => b"utf8",
            Encoding::Binary => b"binary",
        };
        out.extend_from_slice(b",\"encoding\":\"");
        out.extend_from_slice(name);
        out.push(b'"');
    }
    if let Some(table) = &column.table {
        out.extend_from_slice(b",\"table\":");
        write_string(out, table);
    }
    out.push(b'}');
}

/// The keys of rows as objects.
fn object_keys(columns: &[Column]) -> Vec<Vec<u8>> {
    names::distinct(columns)
        .map(|name| {
            let mut key = Vec::with_capacity(name.len() + 3);
            write_string(&mut key, &name);
            key.push(b':');
            key
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::{BatchBuilder, BinaryStyle};

    fn shown(style: Style, columns: &[Column], fill: impl FnOnce(&mut BatchBuilder)) -> String {
        let mut rows = JsonRows::new(style);
        rows.set_columns(columns);
        let mut builder = BatchBuilder::new(columns.len());
        fill(&mut builder);
        let batch = builder.take();
        let mut out = Vec::new();
        for row in batch.rows() {
            rows.row(&mut out, &batch, row);
        }
        String::from_utf8(out).unwrap()
    }

    fn style(rows: RowFormat, numbers: NumberStyle, binary: BinaryStyle) -> Style {
        Style {
            rows,
            numbers,
            binary,
        }
    }

    fn columns(types: &[StandardType]) -> Vec<Column> {
        types
            .iter()
            .map(|standard| Column::new("c", *standard, "n"))
            .collect()
    }

    #[test]
    fn big_numbers_are_strings_unless_asked_otherwise() {
        let types = columns(&[StandardType::Integer, StandardType::BigInt, StandardType::Decimal]);
        let fill = |builder: &mut BatchBuilder| {
            builder.push(Cell::Int(-1));
            builder.push(Cell::UInt(u64::MAX));
            builder.push_text("1.10");
        };
        let array = RowFormat::Array;
        let exact = shown(
            style(array, NumberStyle::Exact, BinaryStyle::Base64),
            &types,
            fill,
        );
        assert_eq!(exact, r#"[-1,"18446744073709551615","1.10"]"#);
        let native = shown(
            style(array, NumberStyle::Native, BinaryStyle::Base64),
            &types,
            fill,
        );
        assert_eq!(native, "[-1,18446744073709551615,1.10]");
    }

    #[test]
    fn what_no_numeral_can_say_stays_a_string() {
        let types = columns(&[
            StandardType::Decimal,
            StandardType::Double,
            StandardType::Timestamp,
        ]);
        let native = shown(
            style(RowFormat::Array, NumberStyle::Native, BinaryStyle::Hex),
            &types,
            |builder| {
                builder.push_text("NaN");
                builder.push(Cell::Double(f64::INFINITY));
                builder.push_text("infinity");
            },
        );
        assert_eq!(native, r#"["NaN","Infinity","infinity"]"#);
    }

    #[test]
    fn repeated_names_become_distinct_keys() {
        let mut three = columns(&[StandardType::Integer; 3]);
        three[1].name = "c_2".into();
        let format = style(RowFormat::Object, NumberStyle::Exact, BinaryStyle::Base64);
        let text = shown(format, &three, |builder| {
            (1..=3).for_each(|n| builder.push(Cell::Int(n)));
        });
        assert_eq!(text, r#"{"c":1,"c_2":2,"c_3":3}"#);
    }

    #[test]
    fn bytes_are_base64_or_hex() {
        let types = columns(&[StandardType::Binary, StandardType::Binary]);
        let fill = |builder: &mut BatchBuilder| {
            builder.push_bytes(&[0, 255, 16]);
            builder.push_bytes(&[]);
        };
        let base64 = shown(
            style(RowFormat::Array, NumberStyle::Exact, BinaryStyle::Base64),
            &types,
            fill,
        );
        assert_eq!(base64, r#"["AP8Q",""]"#);
        let hex = shown(
            style(RowFormat::Array, NumberStyle::Exact, BinaryStyle::Hex),
            &types,
            fill,
        );
        assert_eq!(hex, r#"["00ff10",""]"#);
    }
}
