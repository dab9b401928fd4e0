//! A query's frames on their way out, with its audit record attached.

use std::pin::Pin;
use std::task::{Context, Poll};

use gateway_core::trace::{SpanKind, Stage, Trace};
use gateway_core::{Classify, Frame};
use gateway_drivers::{QueryCanceller, QueryStream};

use crate::ServiceError;
use crate::admission::Admitted;
use crate::audit::{OpenRecord, Recorded};
use crate::running::Listed;

/// The frames of a running query. Dropping it before its end cancels the query and puts that on record.
pub struct AnswerStream {
    frames: QueryStream,
    record: Option<OpenRecord>,
    /// The last frame, held back until its record is as safe as was asked for.
    last: Option<(Recorded, Result<Frame, ServiceError>)>,
    _listed: Listed,
    _admitted: Admitted,
    trace: Trace,
    /// From the first frame until nobody has a use for this any more.
    streaming: Stage,
}

impl AnswerStream {
    pub(crate) fn new(frames: QueryStream, record: OpenRecord, listed: Listed, admitted: Admitted) -> Self {
        Self {
            frames,
            record: Some(record),
            last: None,
            _listed: listed,
            _admitted: admitted,
            trace: Trace::default(),
            streaming: Stage::default(),
        }
    }

    /// Makes it a part of a request's trace.
    pub(crate) fn traced(mut self, trace: &Trace) -> Self {
        self.trace = trace.clone();
        self
    }

    /// Says that the answer had begun and was then broken off, with a failure's code.
    pub fn broken_off(&mut self, code: &'static str) {
        self.streaming.turned_out(Some(code));
        self.trace.broken_off(code);
    }

    /// A handle that cancels the query from anywhere.
    pub(crate) fn canceller(&self) -> QueryCanceller {
        self.frames.canceller()
    }

    /// The next frame; `None` after the end frame or an error.
    pub async fn next(&mut self) -> Option<Result<Frame, ServiceError>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// [`AnswerStream::next`] in the form that hand-written streams need.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame, ServiceError>>> {
        if self.last.is_none() {
            let Some(frame) = std::task::ready!(self.frames.poll_next(context)) else {
                return Poll::Ready(None);
            };
            let frame = frame.map_err(ServiceError::from);
            self.note(&frame);
            let Some(recorded) = self.close_record(&frame) else {
                return Poll::Ready(Some(frame));
            };
            self.last = Some((recorded, frame));
        }
        let Some((recorded, _)) = &mut self.last else {
            return Poll::Ready(None);
        };
        let safe = std::task::ready!(Pin::new(recorded).poll(context));
        let last = self.last.take().map(|(_, frame)| frame);
        Poll::Ready(match safe {
            Ok(()) => last,
            Err(error) => Some(Err(error)),
        })
    }

    /// Follows what goes by.
    fn note(&mut self, frame: &Result<Frame, ServiceError>) {
        if !self.trace.is_kept() {
            return;
        }
        match frame {
            Ok(Frame::Columns(_)) => self.streaming = self.trace.stage("stream", SpanKind::Internal),
            Ok(Frame::Batch(_)) => {}
            Ok(Frame::End(summary)) => {
                self.streaming.set("nexus.rows", summary.rows);
                self.streaming.set("nexus.bytes", summary.bytes);
                self.streaming.turned_out(None);
            }
            Err(error) => self.streaming.turned_out(Some(error.kind().code())),
        }
    }

    /// Closes the record if `frame` is the last.
    fn close_record(&mut self, frame: &Result<Frame, ServiceError>) -> Option<Recorded> {
        match frame {
            Ok(Frame::Columns(_) | Frame::Batch(_)) => None,
            Ok(Frame::End(summary)) => Some(self.record.take()?.allowed(Some(summary))),
            Err(error) => Some(self.record.take()?.failed(error)),
        }
    }
}
