//! A body that tells somebody when it is over.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// Wants to know when a body is over.
pub(super) trait AtEnd: Unpin + 'static {
    /// It is. `is_read` says whether anybody saw its end; else the client has left.
    fn over(&mut self, is_read: bool);
}

/// The body.
pub(super) struct EndingBody<E: AtEnd> {
    /// Dropped before what waits for its end, which may hold what this ends with.
    body: BoxBody,
    is_over: bool,
    end: E,
}

impl<E: AtEnd> EndingBody<E> {
    /// `is_over` says that nobody will read `body`, and that this is no loss.
    pub(super) fn new(body: BoxBody, is_over: bool, end: E) -> Self {
        Self { body, is_over, end }
    }
}

impl<E: AtEnd> MessageBody for EndingBody<E> {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = std::task::ready!(Pin::new(&mut self.body).poll_next(context));
        // An error is told of by whoever made it.
        self.is_over |= matches!(polled, None | Some(Err(_)));
        Poll::Ready(polled)
    }

    fn try_into_bytes(mut self) -> Result<Bytes, Self> {
        let body = std::mem::replace(&mut self.body, BoxBody::new(()));
        match body.try_into_bytes() {
            Ok(bytes) => {
                self.is_over = true;
                Ok(bytes)
            }
            Err(body) => {
                self.body = body;
                Err(self)
            }
        }
    }
}

impl<E: AtEnd> Drop for EndingBody<E> {
    fn drop(&mut self) {
        self.end.over(self.is_over);
    }
}
