//! The socket below a connection, and its move from one runtime to another.

use std::io;
use std::net::SocketAddr;
#[cfg(feature = "postgres")]
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::runtime::{Handle, Id};
use tokio_util::either::Either;

/// A connected socket that can change its runtime.
///
/// A socket is watched by the runtime in which it was made, and each of the gateway's workers is a runtime with one thread. A
/// session that serves a query of another worker would have its answer noticed by the one thread and read by the other, which
/// costs two switches of threads for each query. Changing the runtime costs two calls of the system.
pub(crate) struct Socket {
    /// `None` only within [`Socket::move_here`], or after it failed.
    stream: Option<Stream>,
    home: Option<Id>,
}

type Stream = Either<TcpStream, UnixStream>;

impl Socket {
    pub(crate) async fn tcp(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::new(Either::Left(stream)))
    }

    #[cfg(feature = "postgres")]
    pub(crate) async fn unix(path: &Path) -> io::Result<Self> {
        Ok(Self::new(Either::Right(UnixStream::connect(path).await?)))
    }

    fn new(stream: Stream) -> Self {
        Self {
            stream: Some(stream),
            home: here(),
        }
    }

    /// Has the socket watched by the runtime that this is called in.
    pub(crate) fn move_here(&mut self) -> io::Result<()> {
        let here = here();
        if here == self.home {
            return Ok(());
        }
        self.stream = match self.stream.take() {
            Some(Either::Left(stream)) => Some(Either::Left(TcpStream::from_std(stream.into_std()?)?)),
            Some(Either::Right(stream)) => Some(Either::Right(UnixStream::from_std(stream.into_std()?)?)),
            None => None,
        };
        self.home = here;
        Ok(())
    }

    /// Whether the other side is known to have ended the connection. What waits to be read is left there.
    pub(crate) fn has_ended(&self) -> bool {
        let Some(Either::Left(stream)) = &self.stream else {
            return self.stream.is_none();
        };
        let mut byte = [0];
        let mut first = ReadBuf::new(&mut byte);
        match stream.poll_peek(&mut Context::from_waker(Waker::noop()), &mut first) {
            Poll::Pending => false,
            Poll::Ready(Ok(count)) => count == 0,
            Poll::Ready(Err(_)) => true,
        }
    }

    fn stream(&mut self) -> io::Result<&mut Stream> {
        self.stream
            .as_mut()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))
    }
}

/// The runtime that this is called in.
fn here() -> Option<Id> {
    Handle::try_current().ok().map(|handle| handle.id())
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(self.stream()?).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(self.stream()?).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.stream()?).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.stream()?).poll_shutdown(context)
    }
}
