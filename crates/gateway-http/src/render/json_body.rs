//! A query's answer as the JSON envelope.
//!
//! Small answers go out whole. A larger one starts to flow once [`HELD_BACK`] bytes are written; until then a failure still
//! gets its own status. A failure after that breaks the body off: the connection closes without the end of the chunked
//! encoding, so no client can mistake the part for the whole.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use gateway_core::json::{write_double, write_int, write_string};
use gateway_core::{Frame, QuerySummary};
use gateway_service::{AnswerStream, RunningQuery};

use super::envelope;
use super::json::JsonRows;
use crate::error::ApiError;

/// How much of an answer may be complete before the first byte is sent.
const HELD_BACK: usize = 256 * 1024;

const JSON: &str = "application/json";

struct Writer {
    rows: JsonRows,
    query_id: String,
    source_id: String,
    engine: &'static str,
    correlation_id: String,
}

/// Answers with the rows of `query`.
pub(crate) async fn respond(
    query: RunningQuery,
    rows: JsonRows,
    correlation_id: &str,
) -> Result<HttpResponse, ApiError> {
    let mut writer = Writer {
        rows,
        query_id: query.id.to_string(),
        source_id: query.source.to_string(),
        engine: query.engine.as_str(),
        correlation_id: correlation_id.to_owned(),
    };
    let mut stream = query.stream;
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(b"{\"success\":true,\"data\":{");
    while out.len() < HELD_BACK {
        match stream.next().await {
            Some(Ok(frame)) => {
                if writer.frame(&mut out, frame) {
                    return Ok(HttpResponse::Ok().content_type(JSON).body(out));
                }
            }
            Some(Err(error)) => return Err(ApiError::from(error)),
            None => return Err(incomplete()),
        }
    }
    let body = FlowingBody {
        stream,
        writer,
        ready: Some(out),
        ended: false,
    };
    Ok(HttpResponse::Ok().content_type(JSON).body(body))
}

fn incomplete() -> ApiError {
    ApiError::new(
        gateway_core::ErrorKind::Internal,
        "The query ended without a result",
    )
}

impl Writer {
    /// Appends a frame; whether it was the last.
    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> bool {
        match frame {
            Frame::Columns(columns) => self.rows.open(out, &columns),
            Frame::Batch(batch) => self.rows.batch(out, &batch),
            Frame::End(summary) => {
                self.end(out, &summary);
                return true;
            }
        }
        false
    }

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
        // Hundredths of a millisecond.
        write_double(out, (summary.elapsed.as_secs_f64() * 100_000.0).round() / 100.0);
        out.extend_from_slice(b",\"queryId\":");
        write_string(out, &self.query_id);
        out.extend_from_slice(b",\"dataSourceId\":");
        write_string(out, &self.source_id);
        out.extend_from_slice(b",\"databaseType\":");
        write_string(out, self.engine);
        out.extend_from_slice(b"}}");
        envelope::close(out, &self.correlation_id);
    }
}

/// The rest of a large answer. Dropping it, as happens when the client leaves, cancels the query.
struct FlowingBody {
    stream: AnswerStream,
    writer: Writer,
    ready: Option<Vec<u8>>,
    ended: bool,
}

impl MessageBody for FlowingBody {
    type Error = ApiError;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, ApiError>>> {
        let this = self.get_mut();
        if let Some(out) = this.ready.take() {
            return Poll::Ready(Some(Ok(out.into())));
        }
        if this.ended {
            return Poll::Ready(None);
        }
        match std::task::ready!(this.stream.poll_next(context)) {
            Some(Ok(frame)) => {
                let mut out = Vec::with_capacity(128 * 1024);
                this.ended = this.writer.frame(&mut out, frame);
                Poll::Ready(Some(Ok(out.into())))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(ApiError::from(error)))),
            None => Poll::Ready(Some(Err(incomplete()))),
        }
    }
}
