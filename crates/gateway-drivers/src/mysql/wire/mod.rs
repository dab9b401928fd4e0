//! The way of packets to and from one server
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html>).
//!
//! Packets are read where they lie: a row is not copied before its cells are decoded, unless it is so long that it came in parts.

mod answers;
mod ask;
mod greeting;
mod login;
mod secrets;

use std::future::poll_fn;
use std::task::{Context, Poll, Waker, ready};

use bytes::{BufMut, BytesMut};
use mysql_common::constants::{CapabilityFlags, Command, MAX_PAYLOAD_LEN, StatusFlags};

use super::refusal::{Failure, Refusal};
use crate::transport::{Buffered, Transport};

pub(super) use login::{Account, Line};

/// The longest packet that is put together from parts. No server sends a longer row to its own clients.
const LONGEST: usize = 1 << 30;

/// A packet that was put together and has grown beyond this leaves no memory behind.
const KEPT: usize = 128 * 1024;

/// What packets begin with.
mod mark {
    pub(super) const OK: u8 = 0x00;
    pub(super) const MORE_DATA: u8 = 0x01;
    pub(super) const END: u8 = 0xfe;
    pub(super) const ERROR: u8 = 0xff;
}

/// A connection to a server that has let us in.
pub(super) struct Wire {
    stream: Buffered,
    capabilities: CapabilityFlags,
    /// The session's number on the server.
    id: u32,
    /// The number that the next packet has, ours or the server's.
    sequence: u8,
    /// Whether the packet that is given has the number it should.
    is_in_order: bool,
    /// A long packet, as far as it has come.
    joined: Vec<u8>,
    is_joined: bool,
    /// Whether the answer to what ended the last statement is still to come.
    is_settling: bool,
}

impl Wire {
    fn new(transport: Transport) -> Self {
        Self {
            stream: Buffered::new(transport),
            capabilities: CapabilityFlags::empty(),
            id: 0,
            sequence: 0,
            is_in_order: true,
            joined: Vec::new(),
            is_joined: false,
            is_settling: false,
        }
    }

    /// The session's number on the server.
    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// Whether the server is known to have gone. While it owes an answer, that is not looked for: whoever is next reads it first.
    pub(super) fn has_ended(&self) -> bool {
        !self.is_settling && self.stream.has_ended()
    }

    /// Begins with a statement: moves the connection to this runtime, and takes note of what the server has said meanwhile, and
    /// of how the last statement was ended. An error says that the connection is of no use and that nothing has been sent.
    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        if !self.stream.outgoing().is_empty() {
            return Err(Failure::OutOfStep);
        }
        // Before the move: what has come is known to the runtime that has watched the socket so far.
        self.hear()?;
        self.stream.move_here()?;
        while self.is_settling {
            poll_fn(|context| self.poll_packet(context)).await?;
            self.take_note()?;
        }
        Ok(())
    }

    /// Takes note of what has come while nothing was read.
    fn hear(&mut self) -> Result<(), Failure> {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            while self.take_whole()? {
                self.take_note()?;
            }
            match self.stream.poll_read(&mut context) {
                Poll::Ready(read) => read?,
                Poll::Pending => return Ok(()),
            }
        }
    }

    /// A packet while no statement runs: of the end of the last one, or a farewell.
    fn take_note(&mut self) -> Result<(), Failure> {
        let status = answers::done(self.judged()?)?;
        if !self.is_settling {
            // An answer that nobody has asked for.
            return Err(Failure::OutOfStep);
        }
        self.is_settling = status.contains(StatusFlags::SERVER_MORE_RESULTS_EXISTS);
        Ok(())
    }

    /// Ends the transaction of a statement whose answer is complete. That is sent now, and whoever uses the connection next reads
    /// how it went.
    pub(super) async fn settle(&mut self, sql: &str) -> Result<(), Failure> {
        self.write_query(sql);
        self.is_settling = true;
        poll_fn(|context| self.stream.poll_write(context)).await?;
        self.rest();
        Ok(())
    }

    /// Writes a command that has no answer. It goes out with what is written next.
    pub(super) fn write_close(&mut self, statement: u32) {
        self.write_command(Command::COM_STMT_CLOSE, |out| out.put_u32_le(statement));
    }

    /// Writes a command: what kind of one, and what `write` appends. It is on its way once an answer is awaited.
    pub(super) fn write_command<T>(&mut self, command: Command, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        self.sequence = 0;
        self.write_packet(|out| {
            out.put_u8(command as u8);
            write(out)
        })
    }

    fn write_packet<T>(&mut self, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        let out = self.stream.outgoing();
        let start = out.len();
        out.put_bytes(0, HEAD);
        let written = write(out);
        self.sequence = frame(out, start, self.sequence);
        written
    }

    /// Takes back what was written and has not been sent.
    pub(super) fn take_back(&mut self) {
        self.stream.outgoing().clear();
    }

    /// The next packet of the answer; what the server refuses is an error.
    async fn next(&mut self) -> Result<&[u8], Failure> {
        poll_fn(|context| self.poll_packet(context)).await?;
        self.judged()
    }

    fn judged(&self) -> Result<&[u8], Failure> {
        let packet = self.packet();
        match packet.split_first() {
            None => Err(Failure::OutOfStep),
            Some((&mark::ERROR, error)) => {
                let refusal = Box::new(Refusal::parse(error));
                // An error that is not numbered as an answer was said before the server knew of a question.
                Err(match self.is_in_order {
                    true => Failure::Refused(refusal),
                    false => Failure::Farewell(refusal),
                })
            }
            Some(_) if !self.is_in_order => Err(Failure::OutOfStep),
            Some(_) => Ok(packet),
        }
    }

    /// After the end of an answer: gives back memory that a large one took.
    pub(super) fn rest(&mut self) {
        self.forget_given();
        self.stream.rest();
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        // What was not read would make the system break the connection off, and the server count that.
        let _ = self.hear();
        self.take_back();
        self.write_command(Command::COM_QUIT, |_| {});
        self.stream.close().await;
    }

    /// Writes what waits and reads what has come, until a packet is given.
    fn poll_packet(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        loop {
            if self.take_whole()? {
                return Poll::Ready(Ok(()));
            }
            // Both, always: a server that waits for us to read may not be reading itself.
            let _ = self.stream.poll_write(context)?;
            ready!(self.stream.poll_read(context))?;
        }
    }

    /// Goes on to the next packet, if it is whole. One that fills its head's three bytes goes on in the packet after it.
    fn take_whole(&mut self) -> Result<bool, Failure> {
        self.forget_given();
        loop {
            let Some((head, rest)) = self.stream.incoming().split_first_chunk::<HEAD>() else {
                return Ok(false);
            };
            let [a, b, c, number] = *head;
            let length = u32::from_le_bytes([a, b, c, 0]) as usize;
            let Some(part) = rest.get(..length) else {
                return Ok(false);
            };
            self.is_in_order = number == self.sequence;
            self.sequence = number.wrapping_add(1);
            if length < MAX_PAYLOAD_LEN && self.joined.is_empty() {
                self.stream.give(HEAD + length);
                return Ok(true);
            }
            if !self.is_in_order || self.joined.len() + length > LONGEST {
                return Err(Failure::OutOfStep);
            }
            self.joined.extend_from_slice(part);
            self.stream.give(HEAD + length);
            self.stream.forget_given();
            if length < MAX_PAYLOAD_LEN {
                self.is_joined = true;
                return Ok(true);
            }
        }
    }

    /// What the packet holds that was given last.
    fn packet(&self) -> &[u8] {
        match self.is_joined {
            true => &self.joined,
            false => self.stream.given().get(HEAD..).unwrap_or_default(),
        }
    }

    fn forget_given(&mut self) {
        self.stream.forget_given();
        if self.is_joined {
            self.is_joined = false;
            self.joined.clear();
            self.joined.shrink_to(KEPT);
        }
    }
}

/// A packet's length in three bytes, and its number.
const HEAD: usize = 4;

/// Puts heads before what was written from `start` on, and returns the number that follows. What is too long for one packet is
/// cut into several, of which the last is not full.
fn frame(out: &mut BytesMut, start: usize, first: u8) -> u8 {
    let length = out.len() - start - HEAD;
    if length < MAX_PAYLOAD_LEN {
        out[start..start + HEAD].copy_from_slice(&head(length, first));
        return first.wrapping_add(1);
    }
    let long = out.split_off(start + HEAD);
    out.truncate(start);
    let mut number = first;
    for part in long.chunks(MAX_PAYLOAD_LEN) {
        out.extend_from_slice(&head(part.len(), number));
        out.extend_from_slice(part);
        number = number.wrapping_add(1);
    }
    if length.is_multiple_of(MAX_PAYLOAD_LEN) {
        out.extend_from_slice(&head(0, number));
        number = number.wrapping_add(1);
    }
    number
}

fn head(length: usize, number: u8) -> [u8; HEAD] {
    let [a, b, c, ..] = (length as u64).to_le_bytes();
    [a, b, c, number]
}

#[cfg(test)]
mod tests;
