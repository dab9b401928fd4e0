//! What waits to be sent, and what has come and is read where it lies.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_util::either::Either;

use super::Transport;

/// Room for what is read at once, at first and while much arrives.
const READ: usize = 8 * 1024;
const READ_MUCH: usize = 64 * 1024;

/// A buffer that has grown beyond this is not kept for the next statement.
const KEPT: usize = 128 * 1024;

/// A connection with its two buffers.
pub(crate) struct Buffered {
    stream: Transport,
    outgoing: BytesMut,
    incoming: BytesMut,
    /// How long the message is that was given last; it still lies at the beginning of `incoming`.
    given: usize,
    /// Whether the last read filled the room it had.
    much: bool,
}

impl Buffered {
    pub(crate) fn new(stream: Transport) -> Self {
        Self {
            stream,
            outgoing: BytesMut::new(),
            incoming: BytesMut::new(),
            given: 0,
            much: false,
        }
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.stream
    }

    /// The socket alone; nothing if it is encrypted already, or if there are bytes that whoever speaks on it next would miss.
    #[cfg(feature = "mysql")]
    pub(crate) fn into_plain(self) -> Option<super::Socket> {
        let is_between = self.outgoing.is_empty() && self.incoming.len() == self.given;
        match self.stream {
            Either::Left(socket) if is_between => Some(socket),
            _ => None,
        }
    }

    /// Where messages to the server are written. They are on their way once an answer is awaited.
    pub(crate) fn outgoing(&mut self) -> &mut BytesMut {
        &mut self.outgoing
    }

    /// What has come, from the message on that was given last.
    pub(crate) fn incoming(&self) -> &[u8] {
        &self.incoming
    }

    /// Declares the first `length` bytes of what has come to be the message that is given.
    pub(crate) fn give(&mut self, length: usize) {
        self.given = length;
    }

    /// The message that was given last.
    pub(crate) fn given(&self) -> &[u8] {
        &self.incoming[..self.given]
    }

    pub(crate) fn forget_given(&mut self) {
        self.incoming.advance(self.given);
        self.given = 0;
    }

    /// After the end of what was asked: gives back memory that a large answer took.
    pub(crate) fn rest(&mut self) {
        self.forget_given();
        for buffer in [&mut self.incoming, &mut self.outgoing] {
            if buffer.capacity() > KEPT && buffer.is_empty() {
                *buffer = BytesMut::new();
            }
        }
    }

    /// Has the connection watched by the runtime that this is called in.
    pub(crate) fn move_here(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Either::Left(socket) => socket.move_here(),
            Either::Right(stream) => stream.get_mut().0.move_here(),
        }
    }

    /// Whether the server is known to have gone.
    pub(crate) fn has_ended(&self) -> bool {
        match &self.stream {
            Either::Left(socket) => socket.has_ended(),
            Either::Right(stream) => stream.get_ref().0.has_ended(),
        }
    }

    /// Sends what waits, and ends the connection. A server that does not take it loses the connection all the same.
    pub(crate) async fn close(mut self) {
        if self.stream.write_all(&self.outgoing).await.is_ok() {
            let _ = self.stream.shutdown().await;
        }
    }

    /// Sends what waits.
    pub(crate) fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.outgoing))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.outgoing.advance(count),
            }
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Reads what has come; the end of the connection is an error.
    pub(crate) fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let room = if self.much { READ_MUCH } else { READ };
        self.incoming.reserve(room);
        let room = self.incoming.capacity() - self.incoming.len();
        let count = ready!(pin!(self.stream.read_buf(&mut self.incoming)).poll(context))?;
        if count == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.much = count == room;
        Poll::Ready(Ok(()))
    }
}
