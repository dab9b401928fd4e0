//! LOBs behind their locators.

use std::collections::HashMap;

use super::column::Kind;
use super::wire::{In, Out};
use super::{Flow, Halt, OraError};

const LOCATOR: usize = 40;
/// Where a locator has its flags, and what they say.
const FLAGS_1: usize = 4;
const FLAGS_2: usize = 5;
const FLAGS_3: usize = 6;
const IS_BLOB: u8 = 0x01;
const IS_INITIALISED: u8 = 0x08;
const IS_UTF16: u8 = 0x80;
/// Where the double's locators have their number.
const NUMBER: usize = 32;

const LENGTH: u64 = 0x0001;
const READ: u64 = 0x0002;
const CREATE_TEMPORARY: u64 = 0x0110;
const CHUNK_SIZE: u64 = 0x4000;
const OPEN: u64 = 0x8000;
const CLOSE: u64 = 0x1_0000;
const IS_OPEN: u64 = 0x1_1000;
const CHUNK: u64 = 8132;
const LOB_DATA: u8 = 14;
const PARAMETERS: u8 = 8;

/// What a session has handed out locators for.
#[derive(Debug, Default)]
pub(super) struct Lobs {
    kept: HashMap<u64, Vec<u8>>,
    next: u64,
}

impl Lobs {
    /// Keeps the content of a LOB, UTF-8 if it is text, and makes a locator for it.
    pub(super) fn keep(&mut self, kind: Kind, content: Vec<u8>) -> Vec<u8> {
        self.next += 1;
        self.kept.insert(self.next, content);
        let mut locator = vec![0; LOCATOR];
        locator[FLAGS_1] = if kind == Kind::Blob { IS_BLOB } else { 0 };
        locator[FLAGS_2] = IS_INITIALISED;
        locator[FLAGS_3] = if kind == Kind::Nclob { IS_UTF16 } else { 0 };
        locator[NUMBER..].copy_from_slice(&self.next.to_be_bytes());
        locator
    }

    fn content(&self, locator: &[u8]) -> Result<&[u8], OraError> {
        let number = locator
            .get(NUMBER..LOCATOR)
            .and_then(|bytes| bytes.try_into().ok());
        number
            .and_then(|number| self.kept.get(&u64::from_be_bytes(number)))
            .map(Vec::as_slice)
            .ok_or_else(|| OraError::new(22275, "invalid LOB locator specified"))
    }

    /// Answers a LOB operation.
    pub(super) fn operate(&self, message: &mut In<'_>, out: &mut Out) -> Flow<()> {
        message.skip(1)?;
        let length = message.size()?;
        message.skip(1)?;
        message.skip_ub(3)?;
        message.skip(3)?;
        let operation = message.ub()?;
        message.skip(2)?;
        let offset = message.size()?;
        message.ub()?;
        let has_amount = message.u8()? != 0;
        message.skip(6)?;
        let locator = message.take(length)?.to_vec();
        let mut amount = if has_amount { message.size()? } else { 0 };
        let mut flag = None;
        match operation {
            READ => {
                let content = self.content(&locator)?;
                let part = if locator[FLAGS_1] & IS_BLOB != 0 {
                    let from = offset.saturating_sub(1).min(content.len());
                    content[from..content.len().min(from + amount)].to_vec()
                } else {
                    characters(content, offset.saturating_sub(1), amount, locator[FLAGS_3])
                };
                amount = part.len();
                out.u8(LOB_DATA).bytes(&part);
            }
            LENGTH => {
                let content = self.content(&locator)?;
                amount = if locator[FLAGS_1] & IS_BLOB != 0 {
                    content.len()
                } else {
                    String::from_utf8_lossy(content).encode_utf16().count()
                };
            }
            CHUNK_SIZE => amount = CHUNK as usize,
            IS_OPEN => flag = Some(0),
            OPEN | CLOSE => {}
            CREATE_TEMPORARY => {
                return Err(Halt::Ora(OraError::new(1031, "insufficient privileges")));
            }
            other => {
                return Err(Halt::Ora(OraError::new(
                    3115,
                    &format!("unsupported network datatype or representation (LOB operation {other})"),
                )));
            }
        }
        out.u8(PARAMETERS).raw(&locator);
        if has_amount {
            out.sb(amount as i64);
        }
        if let Some(flag) = flag {
            out.u8(flag);
        }
        Ok(())
    }
}

/// A part of a text, counted in the units of UTF-16.
fn characters(content: &[u8], from: usize, count: usize, flags: u8) -> Vec<u8> {
    let units: Vec<u16> = String::from_utf8_lossy(content)
        .encode_utf16()
        .skip(from)
        .take(count)
        .collect();
    if flags & IS_UTF16 != 0 {
        units.into_iter().flat_map(u16::to_be_bytes).collect()
    } else {
        String::from_utf16_lossy(&units).into_bytes()
    }
}
