//! The way of messages to and from one server
//! (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).
//!
//! What is to be sent gathers in a buffer and goes out while the answer is awaited, so that several requests make one flight.
//! Messages are read where they lie: a row is not copied before its cells are decoded.

mod ask;
mod binding;
mod line;
mod login;

use std::future::poll_fn;
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;

use super::refusal::{Failure, Refusal};
use crate::transport::{Buffered, Transport};

pub(super) use ask::{Answer, Description, Field};
pub(super) use line::Line;
pub(super) use login::{Account, BackendKey};

/// Kinds of messages from the server.
pub(super) mod tag {
    pub(in super::super) const BIND_COMPLETE: u8 = b'2';
    pub(in super::super) const COMMAND_COMPLETE: u8 = b'C';
    pub(in super::super) const DATA_ROW: u8 = b'D';
    pub(in super::super) const NO_DATA: u8 = b'n';
    pub(in super::super) const PARAMETER_DESCRIPTION: u8 = b't';
    pub(in super::super) const PARSE_COMPLETE: u8 = b'1';
    pub(in super::super) const READY: u8 = b'Z';
    pub(in super::super) const ROW_DESCRIPTION: u8 = b'T';
    pub(super) const AUTHENTICATION: u8 = b'R';
    pub(super) const BACKEND_KEY: u8 = b'K';
    pub(super) const CLOSE_COMPLETE: u8 = b'3';
    pub(super) const ERROR: u8 = b'E';
    pub(super) const NOTICE: u8 = b'N';
    pub(super) const NOTIFICATION: u8 = b'A';
    pub(super) const PARAMETER_STATUS: u8 = b'S';
}

/// A message from the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) tag: u8,
    pub(super) body: &'a [u8],
}

/// A connection to a server that has let us in.
pub(super) struct Wire {
    stream: Buffered,
    /// The server's major version, if it tells.
    version: Option<u32>,
}

impl Wire {
    fn new(transport: Transport) -> Self {
        Self {
            stream: Buffered::new(transport),
            version: None,
        }
    }

    /// The server's major version, if it has told.
    pub(super) fn version(&self) -> Option<u32> {
        self.version
    }

    /// Whether the server is known to have gone.
    pub(super) fn has_ended(&self) -> bool {
        self.stream.has_ended()
    }

    /// Begins with a statement: moves the connection to this runtime, and takes note of what the server has said meanwhile. An
    /// error says that the connection is dead and that nothing has been sent.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        if !self.outgoing().is_empty() {
            return Err(Failure::OutOfStep);
        }
        // Before the move: what has come is known to the runtime that has watched the socket so far.
        self.hear()?;
        Ok(self.stream.move_here()?)
    }

    /// Takes note of what the server has said without being asked.
    fn hear(&mut self) -> Result<(), Failure> {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            while let Some(message) = self.take_whole()? {
                match message.tag {
                    tag::ERROR => return Err(Refusal::parse(message.body).into()),
                    _ if is_aside(message.tag) => {}
                    // An answer that nobody has asked for.
                    _ => return Err(Failure::OutOfStep),
                }
            }
            match self.stream.poll_read(&mut context) {
                Poll::Ready(read) => read?,
                Poll::Pending => return Ok(()),
            }
        }
    }

    /// Where messages to the server are written. They are on their way once an answer is awaited.
    pub(super) fn outgoing(&mut self) -> &mut BytesMut {
        self.stream.outgoing()
    }

    /// The next message that has to do with what was asked. Errors of the server are messages, too.
    async fn next_any(&mut self) -> Result<Message<'_>, Failure> {
        poll_fn(|context| self.poll_message(context)).await?;
        Ok(self.given_message())
    }

    /// The next message that has to do with what was asked; what the server refuses is an error.
    pub(super) async fn next(&mut self) -> Result<Message<'_>, Failure> {
        let message = self.next_any().await?;
        match message.tag {
            tag::ERROR => Err(Refusal::parse(message.body).into()),
            _ => Ok(message),
        }
    }

    /// Reads up to the end of what was asked, whatever comes.
    pub(super) async fn settle(&mut self) -> Result<(), Failure> {
        while self.next_any().await?.tag != tag::READY {}
        self.rest();
        Ok(())
    }

    /// After the end of what was asked: gives back memory that a large answer took.
    pub(super) fn rest(&mut self) {
        self.stream.rest();
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        self.outgoing().clear();
        postgres_protocol::message::frontend::terminate(self.outgoing());
        self.stream.close().await;
    }

    /// Writes what waits and reads what has come, until a message is given that has to do with what was asked.
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        loop {
            while let Some(message) = self.take_whole()? {
                if !is_aside(message.tag) {
                    return Poll::Ready(Ok(()));
                }
                if let Some(version) = version_in(message) {
                    self.version = Some(version);
                }
            }
            // Both, always: a server that waits for us to read may not be reading itself.
            let _ = self.stream.poll_write(context)?;
            ready!(self.stream.poll_read(context))?;
        }
    }

    /// The length of the message at the beginning of what was read, if it is whole.
    fn whole_length(&self) -> Result<Option<usize>, Failure> {
        let Some((head, _)) = self.stream.incoming().split_first_chunk::<5>() else {
            return Ok(None);
        };
        let [_, length @ ..] = *head;
        let length = match u32::from_be_bytes(length) {
            length @ 4.. => length as usize + 1,
            _ => return Err(Failure::OutOfStep),
        };
        Ok((self.stream.incoming().len() >= length).then_some(length))
    }

    /// Goes on to the next message, if it is whole.
    fn take_whole(&mut self) -> Result<Option<Message<'_>>, Failure> {
        self.stream.forget_given();
        let Some(length) = self.whole_length()? else {
            return Ok(None);
        };
        self.stream.give(length);
        Ok(Some(self.given_message()))
    }

    fn given_message(&self) -> Message<'_> {
        let given = self.stream.given();
        Message {
            tag: given[0],
            body: &given[5..],
        }
    }
}

/// What a server may say at any time, whatever was asked, and the answers to closing a prepared statement.
fn is_aside(tag: u8) -> bool {
    matches!(
        tag,
        tag::NOTICE | tag::NOTIFICATION | tag::PARAMETER_STATUS | tag::CLOSE_COMPLETE
    )
}

/// The server's major version, if that is what it tells. It reads like `15.3 (Debian 15.3-1)` or `18beta1`.
fn version_in(message: Message<'_>) -> Option<u32> {
    if message.tag != tag::PARAMETER_STATUS {
        return None;
    }
    let told = message.body.strip_prefix(b"server_version\0")?;
    let digits = told.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&told[..digits]).ok()?.parse().ok()
}
