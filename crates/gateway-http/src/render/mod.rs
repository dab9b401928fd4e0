//! From frames to bytes.

mod arrow;
mod body;
mod cell;
mod csv;
pub(crate) mod envelope;
mod envelope_rows;
mod json;
mod names;
mod ndjson;

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};
use gateway_core::{BinaryStyle, NumberStyle};
use gateway_service::{ReadPage, RunningQuery};

use arrow::ArrowRows;
use csv::CsvRows;
use envelope_rows::{EnvelopeRows, Paging};
use json::JsonRows;
pub(crate) use json::RowFormat;
use ndjson::NdjsonRows;

use crate::error::ApiError;
use crate::middleware::{CorrelationId, Facts};

/// How the caller wants values to look.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    pub(crate) rows: RowFormat,
    pub(crate) numbers: NumberStyle,
    pub(crate) binary: BinaryStyle,
}

/// What the caller wants to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// The JSON envelope.
    Json,
    /// A line of JSON for each row.
    Ndjson,
    /// RFC 4180.
    Csv,
    /// An Arrow IPC stream.
    Arrow,
}

impl Format {
    /// The first known format in the `Accept` header; the envelope if there is none.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let known = |media: &str| match media {
            "application/x-ndjson" | "application/ndjson" => Some(Self::Ndjson),
            "text/csv" => Some(Self::Csv),
            "application/vnd.apache.arrow.stream" => Some(Self::Arrow),
            "application/json" | "*/*" | "application/*" => Some(Self::Json),
            _ => None,
        };
        accept
            .split(',')
            .filter_map(|entry| known(entry.split(';').next().unwrap_or_default().trim()))
            .next()
            .unwrap_or(Self::Json)
    }

    /// Whether the answer flows however long it is, so that rows need no cap.
    pub(crate) fn flows(self) -> bool {
        self != Self::Json
    }
}

/// Answers with the rows of `query`.
pub(crate) async fn respond(
    query: RunningQuery,
    format: Format,
    style: Style,
    request: &HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let facts = Facts::of(request);
    let rows = JsonRows::new(style);
    let query_id = query.id.to_string();
    match format {
        Format::Json => {
            let encoder = EnvelopeRows {
                rows,
                query_id,
                source_id: query.source.to_string(),
                engine: query.engine.as_str(),
                correlation_id: CorrelationId::from(request).0.to_string(),
                rows_written: false,
                paging: Paging::Whole,
            };
            body::respond(query.stream, encoder, facts).await
        }
        Format::Ndjson => body::respond(query.stream, NdjsonRows::new(rows, query_id), facts).await,
        Format::Csv => body::respond(query.stream, CsvRows::new(style.binary), facts).await,
        Format::Arrow => body::respond(query.stream, ArrowRows::default(), facts).await,
    }
}

/// Answers with a page of a result; `next` is the address of the page after it.
pub(crate) fn page(
    page: &ReadPage,
    format: Format,
    style: Style,
    next: Option<&str>,
    correlation_id: &str,
) -> Result<HttpResponse, ApiError> {
    let rows = JsonRows::new(style);
    let query_id = page.id.to_string();
    match format {
        Format::Json => {
            let encoder = EnvelopeRows {
                rows,
                query_id,
                source_id: page.source.to_string(),
                engine: page.engine.as_str(),
                correlation_id: correlation_id.to_owned(),
                rows_written: false,
                paging: Paging::Page {
                    next: next.map(str::to_owned),
                },
            };
            body::whole(page.frames(), encoder)
        }
        Format::Ndjson => body::whole(page.frames(), NdjsonRows::new(rows, query_id)),
        Format::Csv => body::whole(page.frames(), CsvRows::new(style.binary)),
        Format::Arrow => body::whole(page.frames(), ArrowRows::default()),
    }
}

/// Appends what would be answered, without an answer.
#[cfg(feature = "testkit")]
pub(crate) fn encode(
    frames: impl Iterator<Item = gateway_core::Frame>,
    format: Format,
    out: &mut Vec<u8>,
) -> Result<(), gateway_service::ServiceError> {
    let rows = JsonRows::new(Style::default());
    match format {
        Format::Json => {
            let mut encoder = EnvelopeRows {
                rows,
                query_id: String::new(),
                source_id: String::new(),
                engine: "",
                correlation_id: String::new(),
                rows_written: false,
                paging: Paging::Whole,
            };
            body::append_all(frames, &mut encoder, out)
        }
        Format::Ndjson => body::append_all(frames, &mut NdjsonRows::new(rows, String::new()), out),
        Format::Csv => body::append_all(frames, &mut CsvRows::new(BinaryStyle::default()), out),
        Format::Arrow => body::append_all(frames, &mut ArrowRows::default(), out),
    }
}

/// A duration as it is shown: milliseconds, to the hundredth.
fn hundredths_of_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
