//! A query's answer on its way out, in any format.
//!
//! A beginning is held back, so that a failure within it still gets its own status. After that the body flows. A failure
//! then ends it as the format allows: with an end record that says so, or else by breaking the body off, so that the
//! connection closes without the end of the chunked encoding and no client can mistake the part for the whole.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use gateway_core::{Classify, Frame, QuerySummary, TruncatedBy};
use gateway_service::{AnswerStream, ServiceError};

use crate::error::ApiError;
use crate::meters;
use crate::middleware::Facts;

/// Room for a batch in text form.
const CHUNK: usize = 128 * 1024;

/// Whether more is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is.
    More,
    /// That was all.
    Last,
}

/// A format for answers.
pub(crate) trait Encoder: Unpin + 'static {
    /// Its media type.
    const CONTENT_TYPE: &'static str;
    /// Bytes that must be there before the first is sent; the columns alone do not count.
    const HELD_BACK: usize;

    /// Appends a frame.
    ///
    /// # Errors
    ///
    /// If the format cannot say what the frame says; then the query is cancelled and the answer fails.
    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> Result<Step, ServiceError>;

    /// Appends the failure of a body that has begun; whether the format can say so.
    fn failure(&mut self, _out: &mut Vec<u8>, _error: &ServiceError) -> bool {
        false
    }
}

/// For formats without a place for an end record: that a row limit cut the result needs no saying, since whoever reads such
/// a format has asked for that limit; a cut that nobody asked for must not look like the end.
pub(super) fn stated_by_end(summary: &QuerySummary) -> Result<(), ServiceError> {
    match summary.truncated_by {
        None | Some(TruncatedBy::Rows) => Ok(()),
        Some(by @ (TruncatedBy::Bytes | TruncatedBy::Cell | TruncatedBy::Time)) => {
            Err(ServiceError::CutShort(by))
        }
    }
}

/// Answers with the frames of `stream`.
pub(super) async fn respond<E: Encoder>(
    mut stream: AnswerStream,
    mut encoder: E,
    facts: Facts,
) -> Result<HttpResponse, ApiError> {
    let mut out = Vec::with_capacity(1024);
    let mut floor = usize::MAX;
    while out.len() < floor {
        let frame = stream.next().await.unwrap_or_else(|| Err(incomplete()))?;
        let is_columns = matches!(frame, Frame::Columns(_));
        note_end(&facts, &frame);
        if encoder.frame(&mut out, frame)? == Step::Last {
            return Ok(HttpResponse::Ok().content_type(E::CONTENT_TYPE).body(out));
        }
        if is_columns {
            floor = out.len() + E::HELD_BACK;
        }
    }
    facts.flows();
    let body = FlowingBody {
        stream,
        encoder,
        facts,
        ready: Some(out),
        ended: false,
    };
    Ok(HttpResponse::Ok().content_type(E::CONTENT_TYPE).body(body))
}

/// Answers with frames that are all there.
pub(super) fn whole<E: Encoder>(
    frames: impl Iterator<Item = Frame>,
    mut encoder: E,
) -> Result<HttpResponse, ApiError> {
    let mut out = Vec::with_capacity(CHUNK);
    append_all(frames, &mut encoder, &mut out)?;
    Ok(HttpResponse::Ok().content_type(E::CONTENT_TYPE).body(out))
}

/// Appends frames.
pub(super) fn append_all(
    frames: impl Iterator<Item = Frame>,
    encoder: &mut impl Encoder,
    out: &mut Vec<u8>,
) -> Result<(), ServiceError> {
    for frame in frames {
        encoder.frame(out, frame)?;
    }
    Ok(())
}

fn incomplete() -> ServiceError {
    ServiceError::Incomplete
}

/// The rest of an answer. Dropping it, as happens when the client leaves, cancels the query.
struct FlowingBody<E> {
    stream: AnswerStream,
    encoder: E,
    facts: Facts,
    ready: Option<Vec<u8>>,
    ended: bool,
}

impl<E: Encoder> MessageBody for FlowingBody<E> {
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
        let mut out = Vec::with_capacity(CHUNK);
        let step = loop {
            let frame =
                std::task::ready!(this.stream.poll_next(context)).unwrap_or_else(|| Err(incomplete()));
            let step = frame.and_then(|frame| {
                note_end(&this.facts, &frame);
                this.encoder.frame(&mut out, frame)
            });
            // An empty chunk would be taken for the end; some formats gather several batches first.
            if !out.is_empty() || !matches!(step, Ok(Step::More)) {
                break step;
            }
        };
        match step {
            Ok(step) => this.ended = step == Step::Last,
            Err(error) => {
                let kind = error.kind();
                this.facts.broke_off(kind);
                meters::answer_broken(kind.code());
                this.stream.broken_off(kind.code());
                this.ended = true;
                if !this.encoder.failure(&mut out, &error) {
                    return Poll::Ready(Some(Err(ApiError::from(error))));
                }
            }
        }
        if out.is_empty() && this.ended {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(out.into())))
    }
}

fn note_end(facts: &Facts, frame: &Frame) {
    if let Frame::End(summary) = frame {
        facts.completed(summary.rows);
    }
}
