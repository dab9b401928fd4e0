//! Rows as the JSON envelope, written batch by batch.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway_core::json::{non_finite_name, write_double, write_float, write_int, write_string};
use gateway_core::{Batch, Cell, Column, Encoding, StandardType, temporal};

/// How a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RowFormat {
    /// `[1,"a"]`
    #[default]
    Array,
    /// `{"id":1,"name":"a"}`
    Object,
}

/// How BIGINT and DECIMAL are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberStyle {
    /// As strings, safe with every JSON reader.
    #[default]
    Exact,
    /// As numerals with all their digits.
    Native,
}

/// How bytes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BinaryStyle {
    /// RFC 4648, section 4.
    #[default]
    Base64,
    /// Lower-case hexadecimal.
    Hex,
}

/// Writes columns and rows. The pieces, put together, are `"columns":[…],"rows":[…]`.
pub(crate) struct JsonRows {
    row_format: RowFormat,
    numbers: NumberStyle,
    binary: BinaryStyle,
    types: Vec<StandardType>,
    /// `"name":` of each column, for rows as objects.
    keys: Vec<Vec<u8>>,
    rows_written: u64,
}

impl JsonRows {
    pub(crate) fn new(row_format: RowFormat, numbers: NumberStyle, binary: BinaryStyle) -> Self {
        Self {
            row_format,
            numbers,
            binary,
            types: Vec::new(),
            keys: Vec::new(),
            rows_written: 0,
        }
    }

    /// Appends `"columns":[…],"rows":[`.
    pub(crate) fn open(&mut self, out: &mut Vec<u8>, columns: &[Column]) {
        self.types = columns.iter().map(|column| column.standard_type).collect();
        if self.row_format == RowFormat::Object {
            self.keys = object_keys(columns);
        }
        out.extend_from_slice(b"\"columns\":[");
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_column(out, index + 1, column);
        }
        out.extend_from_slice(b"],\"rows\":[");
    }

    /// Appends the rows of a batch.
    pub(crate) fn batch(&mut self, out: &mut Vec<u8>, batch: &Batch) {
        for row in batch.rows() {
            if self.rows_written > 0 {
                out.push(b',');
            }
            self.rows_written += 1;
            self.row(out, batch, row);
        }
    }

    fn row(&self, out: &mut Vec<u8>, batch: &Batch, row: &[Cell]) {
        let (open, close) = match self.row_format {
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
            Cell::Bool(true) => out.extend_from_slice(b"true"),
            Cell::Bool(false) => out.extend_from_slice(b"false"),
            Cell::Int(number) => self.whole(out, standard, number),
            Cell::UInt(number) => self.whole(out, standard, number),
            Cell::Float(number) => write_float(out, number),
            Cell::Double(number) => write_double(out, number),
            Cell::Text(_) => self.text(out, standard, batch.text(cell).unwrap_or_default()),
            Cell::Json(_) => out.extend_from_slice(batch.bytes(cell).unwrap_or(b"null")),
            Cell::Bytes(_) => self.bytes(out, batch.bytes(cell).unwrap_or_default()),
            Cell::Date(days) => {
                out.push(b'"');
                temporal::write_date(out, i64::from(days));
                out.push(b'"');
            }
            Cell::Time { nanos, digits } => {
                out.push(b'"');
                temporal::write_time(out, nanos, digits);
                out.push(b'"');
            }
            Cell::Timestamp { secs, nanos, digits } => {
                out.push(b'"');
                temporal::write_timestamp(out, secs, nanos, digits);
                out.push(b'"');
            }
            Cell::TimestampTz { secs, nanos, digits } => {
                out.push(b'"');
                temporal::write_timestamp(out, secs, nanos, digits);
                out.extend_from_slice(b"Z\"");
            }
        }
    }

    fn whole(&self, out: &mut Vec<u8>, standard: StandardType, number: impl Into<i128>) {
        let number: i128 = number.into();
        if standard == StandardType::Integer || self.numbers == NumberStyle::Native {
            write_int(out, number);
        } else {
            out.push(b'"');
            write_int(out, number);
            out.push(b'"');
        }
    }

    fn text(&self, out: &mut Vec<u8>, standard: StandardType, text: &str) {
        let numeral = standard == StandardType::Decimal
            && self.numbers == NumberStyle::Native
            && text.ends_with(|last: char| last.is_ascii_digit())
            && text != non_finite_name(f64::NAN);
        if numeral {
            out.extend_from_slice(text.as_bytes());
        } else {
            write_string(out, text);
        }
    }

    fn bytes(&self, out: &mut Vec<u8>, bytes: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        out.push(b'"');
        match self.binary {
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
        out.push(b'"');
    }
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

/// The keys of rows as objects. A name that is taken gets the first free of `name_2`, `name_3` and so on.
fn object_keys(columns: &[Column]) -> Vec<Vec<u8>> {
    let names: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut taken: HashSet<String> = HashSet::new();
    columns
        .iter()
        .map(|column| {
            let mut name = column.name.clone();
            let mut count = 1;
            while taken.contains(&name) || (count > 1 && names.contains(name.as_str())) {
                count += 1;
                name = format!("{}_{count}", column.name);
            }
            let mut key = Vec::with_capacity(name.len() + 3);
            write_string(&mut key, &name);
            key.push(b':');
            taken.insert(name);
            key
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::BatchBuilder;

    fn shown(
        format: (RowFormat, NumberStyle, BinaryStyle),
        columns: &[Column],
        fill: impl FnOnce(&mut BatchBuilder),
    ) -> String {
        let mut rows = JsonRows::new(format.0, format.1, format.2);
        let mut out = Vec::new();
        rows.open(&mut out, columns);
        out.clear();
        let mut builder = BatchBuilder::new(columns.len());
        fill(&mut builder);
        rows.batch(&mut out, &builder.take());
        String::from_utf8(out).unwrap()
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
        let exact = shown((array, NumberStyle::Exact, BinaryStyle::Base64), &types, fill);
        assert_eq!(exact, r#"[-1,"18446744073709551615","1.10"]"#);
        let native = shown((array, NumberStyle::Native, BinaryStyle::Base64), &types, fill);
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
            (RowFormat::Array, NumberStyle::Native, BinaryStyle::Hex),
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
        let format = (RowFormat::Object, NumberStyle::Exact, BinaryStyle::Base64);
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
            (RowFormat::Array, NumberStyle::Exact, BinaryStyle::Base64),
            &types,
            fill,
        );
        assert_eq!(base64, r#"["AP8Q",""]"#);
        let hex = shown(
            (RowFormat::Array, NumberStyle::Exact, BinaryStyle::Hex),
            &types,
            fill,
        );
        assert_eq!(hex, r#"["00ff10",""]"#);
    }
}
