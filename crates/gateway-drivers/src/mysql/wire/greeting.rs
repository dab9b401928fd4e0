//! What a server says first
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html>).

use mysql_common::constants::CapabilityFlags;

use super::secrets::{Method, NONCE, Nonce};
use crate::mysql::lengths::{take, take_until_zero};

/// The only version of the protocol that servers have spoken for twenty years.
const VERSION: u8 = 10;

/// What is needed of a greeting.
#[derive(Debug)]
pub(super) struct Greeting {
    /// The session's number.
    pub(super) id: u32,
    pub(super) capabilities: CapabilityFlags,
    /// What an account proves its password with, unless the server says otherwise later.
    pub(super) method: Method,
    pub(super) nonce: Nonce,
}

impl Greeting {
    pub(super) fn parse(packet: &[u8]) -> Option<Self> {
        let mut rest = packet;
        let [VERSION] = take(&mut rest)? else {
            return None;
        };
        let _server_version = take_until_zero(&mut rest)?;
        let id = u32::from_le_bytes(take(&mut rest)?);
        let [nonce_head @ .., _zero] = take::<9>(&mut rest)?;
        let [low_a, low_b] = take(&mut rest)?;
        let [_collation, _status_a, _status_b] = take(&mut rest)?;
        let [high_a, high_b, _nonce_length] = take(&mut rest)?;
        let _reserved: [u8; 10] = take(&mut rest)?;
        // Twenty bytes in all and a zero, whatever length is told; servers pad it.
        let [nonce_tail @ .., _zero] = take::<13>(&mut rest)?;
        let mut nonce = [0; NONCE];
        nonce[..nonce_head.len()].copy_from_slice(&nonce_head);
        nonce[nonce_head.len()..].copy_from_slice(&nonce_tail);
        // Some servers forget the zero at its end.
        let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        Some(Self {
            id,
            capabilities: CapabilityFlags::from_bits_truncate(u32::from_le_bytes([
                low_a, low_b, high_a, high_b,
            ])),
            // Any other is one that the server has for some accounts, and it says so where it is this account's.
            method: Method::named(name).unwrap_or(Method::Native),
            nonce,
        })
    }
}
