//! Rows as lines of JSON: first the columns, then a line for each row, last the end. A body without its end line is
//! incomplete.

use gateway_core::json::{write_double, write_int, write_string};
use gateway_core::{Classify, Frame, QuerySummary};
use gateway_service::ServiceError;

use super::body::{Encoder, Step};
use super::json::JsonRows;

/// Writes columns, rows and end as lines.
pub(crate) struct NdjsonRows {
    rows: JsonRows,
    query_id: String,
}

impl NdjsonRows {
    pub(crate) fn new(rows: JsonRows, query_id: String) -> Self {
        Self { rows, query_id }
    }

    fn end(&self, out: &mut Vec<u8>, summary: &QuerySummary) {
        let status = if summary.truncated_by.is_some() {
            "truncated"
        } else {
            "ok"
        };
        out.extend_from_slice(b"{\"end\":{\"status\":");
        write_string(out, status);
        out.extend_from_slice(b",\"rowCount\":");
        write_int(out, summary.rows);
        if let Some(why) = summary.truncated_by {
            out.extend_from_slice(b",\"truncatedBy\":");
            write_string(out, why.as_str());
        }
        out.extend_from_slice(b",\"executionTimeMs\":");
        write_double(out, super::hundredths_of_ms(summary.elapsed));
        out.extend_from_slice(b",\"queryId\":");
        write_string(out, &self.query_id);
        out.extend_from_slice(b"}}\n");
    }
}

impl Encoder for NdjsonRows {
    const CONTENT_TYPE: &'static str = "application/x-ndjson";
    const HELD_BACK: usize = 1;

    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> Result<Step, ServiceError> {
        match frame {
            Frame::Columns(columns) => {
                self.rows.set_columns(&columns);
                out.push(b'{');
                JsonRows::columns(out, &columns);
                out.extend_from_slice(b"}\n");
            }
            Frame::Batch(batch) => {
                for row in batch.rows() {
                    let start = out.len();
                    self.rows.row(out, &batch, row);
                    if self.rows.passes_json_through() {
                        keep_on_one_line(&mut out[start..]);
                    }
                    out.push(b'\n');
                }
            }
            Frame::End(summary) => {
                self.end(out, &summary);
                return Ok(Step::Last);
            }
        }
        Ok(Step::More)
    }

    fn failure(&mut self, out: &mut Vec<u8>, error: &ServiceError) -> bool {
        out.extend_from_slice(b"{\"end\":{\"status\":\"error\",\"code\":");
        write_string(out, error.kind().code());
        out.extend_from_slice(b",\"message\":");
        write_string(out, &error.public_message());
        out.extend_from_slice(b",\"queryId\":");
        write_string(out, &self.query_id);
        out.extend_from_slice(b"}}\n");
        true
    }
}

/// A document that was stored with line breaks between its tokens has spaces there; inside strings there are none.
fn keep_on_one_line(row: &mut [u8]) {
    for byte in row {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
