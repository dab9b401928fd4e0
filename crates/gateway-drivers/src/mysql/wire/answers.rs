//! What the packets of an answer say
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response.html>).

use mysql_common::constants::{CapabilityFlags, MAX_PAYLOAD_LEN, StatusFlags};

use super::{Wire, mark};
use crate::mysql::lengths::{take, take_number};
use crate::mysql::refusal::Failure;

/// The most columns that a prepared statement can tell of.
const MOST_COLUMNS: u64 = u16::MAX as u64;

/// Of something that gives no rows: that it is done, and what the server adds to that.
pub(super) fn done(packet: &[u8]) -> Result<StatusFlags, Failure> {
    match packet.split_first() {
        Some((&mark::OK, rest)) => status_of_ok(rest).ok_or(Failure::OutOfStep),
        _ => Err(Failure::OutOfStep),
    }
}

/// Rows that were changed, the number that was made, then the status.
fn status_of_ok(rest: &[u8]) -> Option<StatusFlags> {
    let mut rest = rest;
    take_number(&mut rest)?;
    take_number(&mut rest)?;
    take(&mut rest).map(|raw| StatusFlags::from_bits_retain(u16::from_le_bytes(raw)))
}

/// Warnings, then the status.
fn status_of_eof(rest: &[u8]) -> Option<StatusFlags> {
    let (_, raw) = rest.split_first_chunk::<2>()?;
    let raw = raw.first_chunk::<2>()?;
    Some(StatusFlags::from_bits_retain(u16::from_le_bytes(*raw)))
}

impl Wire {
    /// Reads how many columns the result has; none if the statement has given no result, and is done.
    pub(in super::super) async fn result(&mut self) -> Result<usize, Failure> {
        let packet = self.next().await?;
        if packet.first() == Some(&mark::OK) {
            let is_all = !done(packet)?.contains(StatusFlags::SERVER_MORE_RESULTS_EXISTS);
            return is_all.then_some(0).ok_or(Failure::OutOfStep);
        }
        let mut rest = packet;
        match take_number(&mut rest) {
            Some(count @ 1..=MOST_COLUMNS) => Ok(count as usize),
            // Also what asks for a file of ours.
            _ => Err(Failure::OutOfStep),
        }
    }

    /// The next of a number of definitions.
    pub(in super::super) async fn definition(&mut self) -> Result<&[u8], Failure> {
        self.next().await
    }

    /// Reads what comes after `count` definitions: nothing, unless the server is an old one.
    pub(in super::super) async fn end_definitions(&mut self, count: usize) -> Result<(), Failure> {
        if count == 0 || self.capabilities.contains(CapabilityFlags::CLIENT_DEPRECATE_EOF) {
            return Ok(());
        }
        match self.next().await? {
            [mark::END, _, _, _, _] => Ok(()),
            _ => Err(Failure::OutOfStep),
        }
    }

    /// The next row; none at the end. A second result is nothing that may be approved.
    pub(in super::super) async fn row(&mut self) -> Result<Option<&[u8]>, Failure> {
        let is_new = self.capabilities.contains(CapabilityFlags::CLIENT_DEPRECATE_EOF);
        let packet = self.next().await?;
        let status = match packet.split_first() {
            Some((&mark::END, rest)) if is_new && packet.len() < MAX_PAYLOAD_LEN => status_of_ok(rest),
            Some((&mark::END, rest)) if !is_new && packet.len() < 9 => status_of_eof(rest),
            _ => return Ok(Some(packet)),
        };
        match status {
            Some(status) if !status.contains(StatusFlags::SERVER_MORE_RESULTS_EXISTS) => Ok(None),
            _ => Err(Failure::OutOfStep),
        }
    }
}
