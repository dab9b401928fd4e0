//! The links between records, and the ends of a chain.

use sha2::{Digest, Sha256};

use super::row::{AuditRow, Values};
use crate::sql::Row;
use crate::{KeyRing, SealError, StoreError, mac};

/// The bytes of a hash.
pub(super) const HASH: usize = 32;

/// Keeps these hashes apart from any others.
const DOMAIN: &[u8] = b"nexus-gateway audit 1";

/// A place in a chain: a record, or what comes before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) seq: i64,
    pub(super) hash: [u8; HASH],
}

impl Link {
    /// The place of the record that comes next.
    pub(super) fn next(&self, row: &AuditRow) -> Self {
        self.next_of(&row.clone().values())
    }

    /// [`Link::next`], of a record that is about to be written.
    pub(super) fn next_of(&self, values: &Values) -> Self {
        let seq = self.seq + 1;
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(self.hash);
        hash.update(seq.to_be_bytes());
        hash.update(values.canonical());
        Self {
            seq,
            hash: hash.finalize().into(),
        }
    }

    /// Takes it from two columns.
    pub(super) fn read(row: &mut Row) -> Result<Self, StoreError> {
        let seq = row.number()?;
        let hash = row.bytes()?.try_into().map_err(|_| StoreError::Corrupt {
            what: "a hash of an audit chain".to_owned(),
        })?;
        Ok(Self { seq, hash })
    }
}

/// Which end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Before the first record that is still there.
    First,
    /// The last record.
    Head,
}

impl End {
    fn name(self) -> &'static [u8] {
        match self {
            Self::First => b"first",
            Self::Head => b"head",
        }
    }

    /// Authenticates that this end of `chain` is at `link`.
    pub(super) fn sign(self, ring: &KeyRing, chain: i64, link: &Link) -> Result<Vec<u8>, StoreError> {
        mac::sign(ring, &self.message(chain, link)).map_err(StoreError::Seal)
    }

    pub(super) fn verify(
        self,
        ring: &KeyRing,
        chain: i64,
        link: &Link,
        signed: &[u8],
    ) -> Result<(), SealError> {
        mac::verify(ring, &self.message(chain, link), signed)
    }

    fn message(self, chain: i64, link: &Link) -> Vec<u8> {
        let mut message = self.name().to_vec();
        message.extend(chain.to_be_bytes());
        message.extend(link.seq.to_be_bytes());
        message.extend(link.hash);
        message
    }
}

/// The message that authenticates how many chains there are.
pub(super) fn ledger_message(chains: i64) -> Vec<u8> {
    let mut message = b"ledger".to_vec();
    message.extend(chains.to_be_bytes());
    message
}

/// The columns of a [`ChainRow`].
pub(super) const CHAIN_COLUMNS: &str =
    "chain, first_seq, first_hash, first_mac, head_seq, head_hash, head_mac";

/// A chain as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainRow {
    pub(super) chain: i64,
    pub(super) first: Link,
    pub(super) first_mac: Vec<u8>,
    pub(super) head: Link,
    pub(super) head_mac: Vec<u8>,
}

impl ChainRow {
    pub(super) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            chain: row.number()?,
            first: Link::read(row)?,
            first_mac: row.bytes()?,
            head: Link::read(row)?,
            head_mac: row.bytes()?,
        })
    }
}
