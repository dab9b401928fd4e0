//! A query's frames on their way out, with its audit record attached.

use std::task::{Context, Poll};

use gateway_core::Frame;
use gateway_drivers::{QueryCanceller, QueryStream};

use crate::ServiceError;
use crate::admission::Admitted;
use crate::audit::OpenRecord;
use crate::running::Listed;

/// The frames of a running query. Dropping it before its end cancels the query and puts that on record.
pub struct AnswerStream {
    frames: QueryStream,
    record: Option<OpenRecord>,
    _listed: Listed,
    _admitted: Admitted,
}

impl AnswerStream {
    pub(crate) fn new(frames: QueryStream, record: OpenRecord, listed: Listed, admitted: Admitted) -> Self {
        Self {
            frames,
            record: Some(record),
            _listed: listed,
            _admitted: admitted,
        }
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
        let frame = std::task::ready!(self.frames.poll_next(context));
        Poll::Ready(frame.map(|frame| self.note(frame.map_err(ServiceError::from))))
    }

    fn note(&mut self, frame: Result<Frame, ServiceError>) -> Result<Frame, ServiceError> {
        match &frame {
            Ok(Frame::End(summary)) => {
                if let Some(record) = self.record.take() {
                    record.allowed(Some(summary));
                }
            }
            Err(error) => {
                if let Some(record) = self.record.take() {
                    record.failed(error);
                }
            }
            Ok(Frame::Columns(_) | Frame::Batch(_)) => {}
        }
        frame
    }
}
