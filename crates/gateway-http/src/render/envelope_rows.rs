//! Rows as the JSON envelope, the default.

use gateway_core::json::{write_double, write_int, write_string};
use gateway_core::{Frame, QuerySummary};
use gateway_service::ServiceError;

use super::body::{Encoder, Step};
use super::envelope;
use super::json::JsonRows;

/// What the answer is of a result.
pub(crate) enum Paging {
    /// All that is given of it.
    Whole,
    /// A page of it.
    Page {
        /// The address of the one after it.
        next: Option<String>,
    },
}

/// Writes the envelope around columns, rows and metadata.
pub(crate) struct EnvelopeRows {
    pub(crate) rows: JsonRows,
    pub(crate) query_id: String,
    pub(crate) source_id: String,
    pub(crate) engine: &'static str,
    pub(crate) correlation_id: String,
    pub(crate) rows_written: bool,
    pub(crate) paging: Paging,
}

impl EnvelopeRows {
    fn end(&self, out: &mut Vec<u8>, summary: &QuerySummary) {
        out.extend_from_slice(b"],\"metadata\":{\"rowCount\":");
        write_int(out, summary.rows);
        match summary.truncated_by {
            None => out.extend_from_slice(b",\"truncated\":false"),
            Some(why) => {
                out.extend_from_slice(b",\"truncated\":true,\"truncatedBy\":");
                write_string(out, why.as_str());
            }
        }
        out.extend_from_slice(b",\"executionTimeMs\":");
        write_double(out, super::hundredths_of_ms(summary.elapsed));
        out.extend_from_slice(b",\"queryId\":");
        write_string(out, &self.query_id);
        out.extend_from_slice(b",\"dataSourceId\":");
        write_string(out, &self.source_id);
        out.extend_from_slice(b",\"databaseType\":");
        write_string(out, self.engine);
        out.push(b'}');
        match &self.paging {
            Paging::Whole => {}
            Paging::Page { next: None } => out.extend_from_slice(b",\"nextUri\":null"),
            Paging::Page { next: Some(uri) } => {
                out.extend_from_slice(b",\"nextUri\":");
                write_string(out, uri);
            }
        }
        out.push(b'}');
        envelope::close(out, &self.correlation_id);
    }
}

impl Encoder for EnvelopeRows {
    const CONTENT_TYPE: &'static str = "application/json";
    const HELD_BACK: usize = 256 * 1024;

    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> Result<Step, ServiceError> {
        match frame {
            Frame::Columns(columns) => {
                self.rows.set_columns(&columns);
                out.extend_from_slice(b"{\"success\":true,\"data\":{");
                JsonRows::columns(out, &columns);
                out.extend_from_slice(b",\"rows\":[");
            }
            Frame::Batch(batch) => {
                for row in batch.rows() {
                    if self.rows_written {
                        out.push(b',');
                    }
                    self.rows_written = true;
                    self.rows.row(out, &batch, row);
                }
            }
            Frame::End(summary) => {
                self.end(out, &summary);
                return Ok(Step::Last);
            }
        }
        Ok(Step::More)
    }
}
