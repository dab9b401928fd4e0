//! Rows as CSV (RFC 4180): a header row, CRLF, quotes where they are needed. NULL is an empty field, an empty text is `""`.

use gateway_core::{Batch, BinaryStyle, Cell, Column, Frame};
use gateway_service::ServiceError;

use super::body::{Encoder, Step, stated_by_end};
use super::cell::write_plain;

/// Writes columns and rows as CSV. CSV has no place for an end record; see [`Encoder::failure`].
pub(crate) struct CsvRows {
    binary: BinaryStyle,
}

impl CsvRows {
    pub(crate) fn new(binary: BinaryStyle) -> Self {
        Self { binary }
    }

    fn header(out: &mut Vec<u8>, columns: &[Column]) {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_field(out, column.name.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }

    fn rows(&self, out: &mut Vec<u8>, batch: &Batch) {
        for row in batch.rows() {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                match cell {
                    Cell::Text(_) | Cell::Json(_) => {
                        write_field(out, batch.bytes(*cell).unwrap_or_default());
                    }
                    Cell::Bytes(span) if span.is_empty() => out.extend_from_slice(b"\"\""),
                    // None of these texts holds a character that would need quotes.
                    _ => write_plain(out, batch, *cell, self.binary),
                }
            }
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl Encoder for CsvRows {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8; header=present";
    const HELD_BACK: usize = 1;

    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> Result<Step, ServiceError> {
        match frame {
            Frame::Columns(columns) => Self::header(out, &columns),
            Frame::Batch(batch) => self.rows(out, &batch),
            Frame::End(summary) => {
                stated_by_end(&summary)?;
                return Ok(Step::Last);
            }
        }
        Ok(Step::More)
    }
}

fn write_field(out: &mut Vec<u8>, text: &[u8]) {
    let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    // An empty text must not look like NULL, and spaces at the ends are stripped by some readers.
    let bare = !text.is_empty()
        && !text.iter().any(special)
        && text.first() != Some(&b' ')
        && text.last() != Some(&b' ');
    if bare {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::{BatchBuilder, StandardType};

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut rows = CsvRows::new(BinaryStyle::Hex);
        let columns = ["plain", "with,comma"].map(|name| Column::new(name, StandardType::String, "text"));
        let mut out = Vec::new();
        rows.frame(&mut out, Frame::Columns(columns.to_vec().into()))
            .unwrap();
        let mut builder = BatchBuilder::new(2);
        for text in ["a", "say \"hi\"", "", "two\nlines", " padded"] {
            builder.push_text(text);
        }
        builder.push(Cell::Null);
        builder.push(Cell::Double(f64::NAN));
        builder.push_bytes(&[1, 255]);
        rows.frame(&mut out, Frame::Batch(builder.take())).unwrap();
        let expected = "plain,\"with,comma\"\r\na,\"say \"\"hi\"\"\"\r\n\"\",\"two\nlines\"\r\n\" padded\",\r\nNaN,01ff\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
