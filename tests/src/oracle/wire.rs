//! The primitives of Oracle's call protocol (TTC): integers led by their length, and byte strings in chunks.

use std::io;

use super::inbox::Inbox;
use super::{Flow, Halt};

/// The longest byte string with a single length byte.
const MAX_SHORT: usize = 252;
/// Announces a byte string in chunks.
const CHUNKED: u8 = 0xfe;
/// NULL, beside zero.
const NULL: u8 = 0xff;
/// The size of a chunk.
const CHUNK: usize = 32_767;

/// A message on its way to the client.
#[derive(Debug, Default)]
pub(super) struct Out(pub(super) Vec<u8>);

impl Out {
    pub(super) fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(super) fn u16(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    pub(super) fn u16_little(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    pub(super) fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// An integer: the count of its bytes, then those.
    pub(super) fn ub(&mut self, value: u64) -> &mut Self {
        self.counted(value, 0)
    }

    /// An integer that may be negative.
    pub(super) fn sb(&mut self, value: i64) -> &mut Self {
        self.counted(value.unsigned_abs(), if value < 0 { 0x80 } else { 0 })
    }

    fn counted(&mut self, value: u64, sign: u8) -> &mut Self {
        let bytes = value.to_be_bytes();
        let leading = value.leading_zeros() as usize / 8;
        self.0.push((8 - leading) as u8 | sign);
        self.raw(&bytes[leading..])
    }

    pub(super) fn size(&mut self, value: usize) -> &mut Self {
        self.ub(value as u64)
    }

    /// Several zeros.
    pub(super) fn zeros(&mut self, count: usize) -> &mut Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    /// A byte string, in chunks if it is long.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        if bytes.len() <= MAX_SHORT {
            self.0.push(bytes.len() as u8);
            return self.raw(bytes);
        }
        self.u8(CHUNKED);
        for chunk in bytes.chunks(CHUNK) {
            self.size(chunk.len()).raw(chunk);
        }
        self.ub(0)
    }

    /// A byte string led by an integer with its length, and nothing more if that is zero.
    pub(super) fn sized(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.size(bytes.len());
        if bytes.is_empty() { self } else { self.bytes(bytes) }
    }
}

/// A message from the client. What has not arrived yet is waited for.
pub(super) struct In<'a> {
    bytes: Vec<u8>,
    at: usize,
    inbox: &'a Inbox,
}

impl<'a> In<'a> {
    pub(super) fn new(bytes: Vec<u8>, inbox: &'a Inbox) -> Self {
        Self { bytes, at: 0, inbox }
    }

    /// Whether everything that has arrived is read.
    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Flow<&[u8]> {
        while self.bytes.len() - self.at < count {
            let more = self.inbox.data()?;
            self.bytes.extend_from_slice(&more);
        }
        self.at += count;
        Ok(&self.bytes[self.at - count..self.at])
    }

    pub(super) fn skip(&mut self, count: usize) -> Flow<()> {
        self.take(count).map(|_| ())
    }

    pub(super) fn u8(&mut self) -> Flow<u8> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u16(&mut self) -> Flow<u16> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// An integer that is never negative.
    pub(super) fn ub(&mut self) -> Flow<u64> {
        let count = usize::from(self.u8()? & 0x7f);
        if count > 8 {
            return Err(malformed("an integer of more than eight bytes"));
        }
        Ok(self
            .take(count)?
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// An integer that is never negative, as a size.
    pub(super) fn size(&mut self) -> Flow<usize> {
        usize::try_from(self.ub()?).map_err(|_| malformed("a size beyond memory"))
    }

    /// Several integers that do not matter.
    pub(super) fn skip_ub(&mut self, count: usize) -> Flow<()> {
        for _ in 0..count {
            self.ub()?;
        }
        Ok(())
    }

    /// A byte string; nothing if it is NULL or empty.
    pub(super) fn bytes(&mut self) -> Flow<Option<Vec<u8>>> {
        match self.u8()? {
            0 | NULL => Ok(None),
            CHUNKED => {
                let mut all = Vec::new();
                loop {
                    let count = self.size()?;
                    if count == 0 {
                        return Ok(Some(all));
                    }
                    let chunk = self.take(count)?;
                    all.extend_from_slice(chunk);
                }
            }
            count => Ok(Some(self.take(usize::from(count))?.to_vec())),
        }
    }

    /// A byte string led by an integer with its length.
    pub(super) fn sized(&mut self) -> Flow<Vec<u8>> {
        if self.ub()? == 0 {
            return Ok(Vec::new());
        }
        Ok(self.bytes()?.unwrap_or_default())
    }

    /// [`In::sized`] as text.
    pub(super) fn sized_text(&mut self) -> Flow<String> {
        Ok(String::from_utf8_lossy(&self.sized()?).into_owned())
    }

    /// [`In::bytes`] as text; empty if it is NULL.
    pub(super) fn text(&mut self) -> Flow<String> {
        let bytes = self.bytes()?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The client does not keep to the protocol, as far as the double knows it.
pub(super) fn malformed(what: impl Into<String>) -> Halt {
    Halt::Gone(io::Error::new(io::ErrorKind::InvalidData, what.into()))
}
