//! The bytes of a connection, in the clear or not, and the end of patience with a client that does not read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_codec::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use crate::auth::ClientCertificate;

/// A connection's transport, in the clear or encrypted.
pub(super) type Transport = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// A transport that fails once bytes have waited too long for the client to take any. The failure drops the connection, and
/// with it the answer and the query behind it.
pub(super) struct Watched {
    transport: Transport,
    patience: Duration,
    stalled: Pin<Box<Sleep>>,
    waits: bool,
}

impl Watched {
    pub(super) fn new(transport: Transport, patience: Duration) -> Self {
        Self {
            transport,
            patience,
            stalled: Box::pin(sleep(patience)),
            waits: false,
        }
    }

    /// The certificate that the client has shown and whose key it has.
    pub(super) fn client_certificate(&self) -> Option<ClientCertificate> {
        let Either::Right(stream) = &self.transport else {
            return None;
        };
        let chain = stream.get_ref().1.peer_certificates()?;
        chain.first().map(|der| ClientCertificate(der.as_ref().into()))
    }

    /// Passes on the outcome of an attempt to write, unless the last success is too long ago.
    fn watch<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waits = false;
            return outcome;
        }
        if !self.waits {
            self.waits = true;
            self.stalled.as_mut().reset(Instant::now() + self.patience);
        }
        ready!(self.stalled.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client does not read",
        )))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().transport).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.transport).poll_write(context, bytes);
        this.watch(context, outcome)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.transport).poll_flush(context);
        // That there is nothing to flush is no sign of life.
        if outcome.is_ready() {
            return outcome;
        }
        this.watch(context, outcome)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.transport).poll_shutdown(context);
        this.watch(context, outcome)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.transport).poll_write_vectored(context, buffers);
        this.watch(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }
}
