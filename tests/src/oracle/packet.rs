//! Packets of Oracle Net, on their way to the client.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use super::faults::Frost;
use super::inbox::Inbox;
use super::wire::Out;

/// The head of a packet: length, checksum, type, flags, checksum.
pub(super) const HEADER: usize = 8;
/// A data packet has flags of its own.
const DATA_HEADER: usize = HEADER + 2;

pub(super) const CONNECT: u8 = 1;
pub(super) const ACCEPT: u8 = 2;
pub(super) const REFUSE: u8 = 4;
pub(super) const REDIRECT: u8 = 5;
pub(super) const DATA: u8 = 6;
pub(super) const RESEND: u8 = 11;
pub(super) const MARKER: u8 = 12;

/// In the flags of a redirect: what to say at the new address comes after that address.
const SEPARATE: u8 = 0x02;

/// Types of markers.
pub(super) const BREAK: u8 = 1;
pub(super) const RESET: u8 = 2;

const END_OF_RESPONSE: u16 = 0x2000;
/// Follows the last message of an answer.
const END_OF_RESPONSE_MESSAGE: u8 = 29;

/// The way to the client.
pub(super) struct Link {
    pub(super) stream: Arc<TcpStream>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) frost: Arc<Frost>,
    /// The largest packet.
    pub(super) sdu: usize,
    /// Lengths have four bytes.
    pub(super) large: bool,
    /// Answers say where they end.
    pub(super) marks_end: bool,
    /// So many bytes at a time, with a pause between.
    pub(super) trickle: Option<(usize, Duration)>,
    frames: Vec<u8>,
}

impl Link {
    pub(super) fn new(stream: Arc<TcpStream>, inbox: Arc<Inbox>, frost: Arc<Frost>, sdu: usize) -> Self {
        Self {
            stream,
            inbox,
            frost,
            sdu,
            large: false,
            marks_end: false,
            trickle: None,
            frames: Vec::new(),
        }
    }

    /// Sends one packet.
    pub(super) fn send(&mut self, kind: u8, body: &[u8]) -> io::Result<()> {
        self.frames.clear();
        self.head(kind, body.len() + HEADER);
        self.frames.extend_from_slice(body);
        self.write()
    }

    /// Sends a marker.
    pub(super) fn send_marker(&mut self, marker: u8) -> io::Result<()> {
        self.send(MARKER, &[1, 0, marker])
    }

    /// Sends the full packets of an unfinished answer, and keeps the rest.
    pub(super) fn send_full(&mut self, out: &mut Out) -> io::Result<()> {
        let most = self.sdu - DATA_HEADER;
        // At least one byte stays for the last packet.
        let full = out.0.len().saturating_sub(1) / most * most;
        if full == 0 {
            return Ok(());
        }
        self.frames.clear();
        for part in out.0[..full].chunks(most) {
            self.head(DATA, part.len() + DATA_HEADER);
            self.frames.extend_from_slice(&[0, 0]);
            self.frames.extend_from_slice(part);
        }
        out.0.drain(..full);
        self.write()
    }

    /// Sends the rest of an answer, in one write.
    pub(super) fn send_last(&mut self, out: &mut Out) -> io::Result<()> {
        if self.marks_end {
            out.u8(END_OF_RESPONSE_MESSAGE);
        }
        self.frames.clear();
        let most = self.sdu - DATA_HEADER;
        let mut parts = out.0.chunks(most).peekable();
        while let Some(part) = parts.next() {
            self.head(DATA, part.len() + DATA_HEADER);
            let flags = if self.marks_end && parts.peek().is_none() {
                END_OF_RESPONSE
            } else {
                0
            };
            self.frames.extend_from_slice(&flags.to_be_bytes());
            self.frames.extend_from_slice(part);
        }
        out.0.clear();
        self.write()
    }

    fn head(&mut self, kind: u8, length: usize) {
        if self.large {
            self.frames.extend_from_slice(&(length as u32).to_be_bytes());
        } else {
            self.frames.extend_from_slice(&(length as u16).to_be_bytes());
            self.frames.extend_from_slice(&[0, 0]);
        }
        let flags = if kind == REDIRECT { SEPARATE } else { 0 };
        self.frames.extend_from_slice(&[kind, flags, 0, 0]);
    }

    fn write(&mut self) -> io::Result<()> {
        self.frost.wait_for_thaw(&self.inbox);
        let Some((bytes, pause)) = self.trickle else {
            return self.write_all(&self.frames);
        };
        for part in self.frames.chunks(bytes.max(1)) {
            self.write_all(part)?;
            self.inbox.sleep(pause);
        }
        Ok(())
    }

    /// Writes, and looks up now and then while the client does not read.
    fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match (&*self.stream).write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => bytes = &bytes[count..],
                Err(failure) if failure.kind() == io::ErrorKind::WouldBlock => {
                    if self.inbox.is_stopped() {
                        return Err(failure);
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// The connection ends with a reset, once nobody holds it any more.
    pub(super) fn reset(&self) -> io::Result<()> {
        socket2::SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO))
    }
}
