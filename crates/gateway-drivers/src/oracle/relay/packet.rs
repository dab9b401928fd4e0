//! Packets of Oracle Net, the layer that carries everything between a client and a server: eight bytes of header (length,
//! checksum, type, flags, checksum), then the body.

use std::io;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The types of packets that matter here.
pub(super) const CONNECT: u8 = 1;
pub(super) const ACCEPT: u8 = 2;
pub(super) const REFUSE: u8 = 4;
pub(super) const REDIRECT: u8 = 5;
pub(super) const DATA: u8 = 6;
pub(super) const RESEND: u8 = 11;

/// Bytes before the body.
pub(super) const HEADER: usize = 8;

/// What stops a running call: a marker packet (type 12) of the kind *interrupt*, for either form of lengths.
const INTERRUPT: [u8; 11] = [0, 0, 0, 11, 12, 0, 0, 0, 1, 0, 3];
const SHORT_INTERRUPT: [u8; 11] = [0, 11, 0, 0, 12, 0, 0, 0, 1, 0, 3];

/// The version of the protocol from which on lengths are long: that of Oracle 12c.
const LONG_LENGTHS: usize = 315;

/// More than any packet size that is negotiated (2 MiB at most).
const MAX_PACKET: usize = 4 << 20;

/// How the length is written: in two bytes until the server has accepted, in four from then on unless it is an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Short,
    Long,
}

/// Reads whole packets. A read that is given up loses nothing.
pub(super) struct PacketReader {
    buffer: BytesMut,
    length: Length,
}

impl PacketReader {
    pub(super) fn new() -> Self {
        Self {
            buffer: BytesMut::with_capacity(8 * 1024),
            length: Length::Short,
        }
    }

    /// From here on the lengths are those of the version that was agreed on.
    pub(super) fn accepted(&mut self, version: usize) {
        if version >= LONG_LENGTHS {
            self.length = Length::Long;
        }
    }

    /// What stops a running call.
    pub(super) fn interrupt(&self) -> &'static [u8] {
        match self.length {
            Length::Short => &SHORT_INTERRUPT,
            Length::Long => &INTERRUPT,
        }
    }

    /// What has been read beyond the last packet.
    pub(super) fn into_rest(self) -> Bytes {
        self.buffer.freeze()
    }

    /// The next packet, header and all; `None` at the end of the stream.
    pub(super) async fn next(&mut self, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Bytes>> {
        loop {
            if let Some(packet) = self.take()? {
                return Ok(Some(packet));
            }
            self.buffer.reserve(8 * 1024);
            if from.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn take(&mut self) -> io::Result<Option<Bytes>> {
        let Some(head) = self.buffer.first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = match self.length {
            Length::Short => u32::from(u16::from_be_bytes([head[0], head[1]])),
            Length::Long => u32::from_be_bytes([head[0], head[1], head[2], head[3]]),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if !(HEADER..=MAX_PACKET).contains(&length) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a packet of an impossible length",
            ));
        }
        if self.buffer.len() < length {
            return Ok(None);
        }
        Ok(Some(self.buffer.split_to(length).freeze()))
    }
}

/// The type of a packet.
pub(super) fn kind(packet: &[u8]) -> u8 {
    packet.get(4).copied().unwrap_or_default()
}

/// What follows the header.
pub(super) fn body(packet: &[u8]) -> &[u8] {
    packet.get(HEADER..).unwrap_or_default()
}

/// Two bytes of a body as a number; zero beyond its end.
pub(super) fn number(body: &[u8], at: usize) -> usize {
    match body.get(at..at + 2) {
        Some(bytes) => usize::from(bytes[0]) << 8 | usize::from(bytes[1]),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn packets_are_told_apart_however_they_arrive() {
        let stream = [0, 9, 0, 0, CONNECT, 0, 0, 0, 7, 0, 0, 0, 10, DATA, 0, 0, 0, 1, 2];
        for cut in 0..stream.len() {
            let mut reader = PacketReader::new();
            let (head, tail) = stream.split_at(cut);
            let mut from = head.chain(tail);
            let first = reader.next(&mut from).await.unwrap().unwrap();
            assert_eq!((kind(&first), body(&first)), (CONNECT, &[7][..]));
            reader.accepted(314);
            assert_eq!(reader.interrupt()[..4], [0, 11, 0, 0]);
            reader.accepted(318);
            assert_eq!(reader.interrupt()[..4], [0, 0, 0, 11]);
            let second = reader.next(&mut from).await.unwrap().unwrap();
            assert_eq!((kind(&second), body(&second)), (DATA, &[1, 2][..]));
            assert_eq!(reader.next(&mut from).await.unwrap(), None);
        }
    }

    #[tokio::test]
    async fn an_impossible_length_is_refused() {
        let mut reader = PacketReader::new();
        let mut short = &[0, 7, 0, 0, DATA, 0, 0, 0][..];
        assert!(reader.next(&mut short).await.is_err());
    }
}
