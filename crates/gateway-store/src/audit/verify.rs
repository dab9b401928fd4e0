//! Proving that the records are those that were written.

use std::collections::BTreeSet;

use gateway_core::AuditId;
use uuid::Uuid;

use super::AuditLog;
use super::append::{ledger, verify_ledger};
use super::chain::{CHAIN_COLUMNS, ChainRow, End, Link};
use super::row::{AuditRow, COLUMNS};
use crate::sql::{Database, Transaction};
use crate::{KeyRing, SealError, StoreError};

/// Records read at once.
const PORTION: u32 = 500;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Chains that hold, from one end to the other.
    pub chains: u64,
    /// Records that were verified.
    pub records: u64,
    /// Records from before there were chains, of which nothing can be said.
    pub unchained: u64,
    /// What does not hold: for each chain, the first place.
    pub broken: Vec<BrokenChain>,
}

/// A place where the log is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenChain {
    /// The chain's number; `None` if it concerns the log as a whole.
    pub chain: Option<i64>,
    /// The number, in the chain, of the first record that is wrong or missing.
    pub seq: Option<i64>,
    /// That record, if it is there; else the one found in its place.
    pub record: Option<AuditId>,
    /// What is wrong.
    pub reason: String,
}

impl BrokenChain {
    fn of(chain: i64, reason: impl Into<String>) -> Self {
        Self {
            chain: Some(chain),
            seq: None,
            record: None,
            reason: reason.into(),
        }
    }

    fn at(self, seq: i64, record: Option<AuditId>) -> Self {
        Self {
            seq: Some(seq),
            record,
            ..self
        }
    }

    fn of_log(reason: impl Into<String>) -> Self {
        Self {
            chain: None,
            seq: None,
            record: None,
            reason: reason.into(),
        }
    }
}

/// The chains as of one moment.
struct Overview {
    counted: i64,
    signed: Vec<u8>,
    numbers: Vec<i64>,
    unchained: i64,
    orphans: i64,
}

impl<D: Database> AuditLog<D> {
    /// Reads the whole log. `progress` is told how many records have been verified so far. Records may be added and old ones
    /// removed meanwhile.
    pub(crate) async fn verify(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<AuditVerdict, StoreError> {
        let ring = self.keys.ring();
        let overview = self.overview().await?;
        let mut verdict = AuditVerdict {
            unchained: u64::try_from(overview.unchained).unwrap_or(0),
            ..AuditVerdict::default()
        };
        if let Err(reason) = verify_ledger(&ring, overview.counted, &overview.signed) {
            let said = said(&reason);
            verdict
                .broken
                .push(BrokenChain::of_log(format!("the number of chains {said}")));
        }
        if overview.orphans > 0 {
            let reason = format!("{} records belong to chains that are gone", overview.orphans);
            verdict.broken.push(BrokenChain::of_log(reason));
        }
        let present: BTreeSet<i64> = overview.numbers.iter().copied().collect();
        for missing in (1..=overview.counted).filter(|number| !present.contains(number)) {
            verdict.broken.push(BrokenChain::of(missing, "the chain is gone"));
        }
        for number in overview.numbers {
            let before = verdict.records;
            let told = |records| progress(before + records);
            let (records, broken) = self.verify_chain(&ring, number, &told).await?;
            verdict.records += records;
            match broken {
                Some(broken) => verdict.broken.push(broken),
                None => verdict.chains += 1,
            }
        }
        Ok(verdict)
    }

    async fn overview(&self) -> Result<Overview, StoreError> {
        let mut reading = self.database.begin_reading().await?;
        let numbers = reading
            .rows("SELECT chain FROM audit_chains ORDER BY chain", Vec::new())
            .await?;
        let (counted, signed) = ledger(&mut reading, "").await?;
        let unchained = count(&mut reading, "chain IS NULL", &[]).await?;
        let orphans = "chain IS NOT NULL AND chain NOT IN (SELECT chain FROM audit_chains)";
        let overview = Overview {
            counted,
            signed,
            numbers: numbers
                .into_iter()
                .map(|mut row| row.number())
                .collect::<Result<_, _>>()?,
            unchained,
            orphans: count(&mut reading, orphans, &[]).await?,
        };
        reading.commit().await?;
        Ok(overview)
    }

    /// How many records of a chain hold, and the first that does not.
    async fn verify_chain(
        &self,
        ring: &KeyRing,
        chain: i64,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(u64, Option<BrokenChain>), StoreError> {
        loop {
            let Some((found, strays)) = self.chain(chain).await? else {
                return Ok((0, Some(BrokenChain::of(chain, "the chain is gone"))));
            };
            let (records, broken) = self.walk(ring, &found, progress).await?;
            let broken = broken.or_else(|| {
                (strays > 0)
                    .then(|| BrokenChain::of(chain, format!("{strays} records are outside the chain's ends")))
            });
            if broken.is_none() {
                return Ok((records, None));
            }
            // Old records may have been removed while the chain was read; then it is read again from its new beginning.
            let moved = self
                .chain(chain)
                .await?
                .is_some_and(|(now, _)| now.first.seq > found.first.seq);
            if !moved {
                return Ok((records, broken));
            }
        }
    }

    /// The chain, and how many records claim a place in it that it does not have.
    async fn chain(&self, chain: i64) -> Result<Option<(ChainRow, i64)>, StoreError> {
        let mut reading = self.database.begin_reading().await?;
        let sql = format!("SELECT {CHAIN_COLUMNS} FROM audit_chains WHERE chain = ?");
        let rows = reading.rows(&sql, vec![chain.into()]).await?;
        let Some(mut row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let found = ChainRow::read(&mut row)?;
        let outside = "chain = ? AND (chain_seq <= ? OR chain_seq > ?)";
        let strays = count(&mut reading, outside, &[chain, found.first.seq, found.head.seq]).await?;
        reading.commit().await?;
        Ok(Some((found, strays)))
    }

    async fn walk(
        &self,
        ring: &KeyRing,
        found: &ChainRow,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(u64, Option<BrokenChain>), StoreError> {
        let chain = found.chain;
        for (end, link, signed) in [
            (End::First, &found.first, &found.first_mac),
            (End::Head, &found.head, &found.head_mac),
        ] {
            if let Err(reason) = end.verify(ring, chain, link, signed) {
                let which = match end {
                    End::First => "the beginning of the chain",
                    End::Head => "the end of the chain",
                };
                let reason = format!("{which} {}", said(&reason));
                return Ok((0, Some(BrokenChain::of(chain, reason))));
            }
        }
        let mut link = found.first;
        let sql = format!(
            "SELECT {COLUMNS}, chain_seq, chain_hash FROM audit_records \
             WHERE chain = ? AND chain_seq > ? AND chain_seq <= ? ORDER BY chain_seq LIMIT {PORTION}"
        );
        while link.seq < found.head.seq {
            let mut reading = self.database.begin_reading().await?;
            let values = vec![chain.into(), link.seq.into(), found.head.seq.into()];
            let rows = reading.rows(&sql, values).await?;
            reading.commit().await?;
            let verified = |link: &Link| u64::try_from(link.seq - found.first.seq).unwrap_or(0);
            if rows.is_empty() {
                let broken =
                    BrokenChain::of(chain, "the records from here to the end of the chain are missing");
                return Ok((verified(&link), Some(broken.at(link.seq + 1, None))));
            }
            for mut row in rows {
                match check(&link, chain, &mut row) {
                    Ok(next) => link = next,
                    Err(broken) => return Ok((verified(&link), Some(broken))),
                }
            }
            progress(verified(&link));
        }
        let records = u64::try_from(link.seq - found.first.seq).unwrap_or(0);
        let ends = link == found.head;
        let broken = (!ends).then(|| BrokenChain::of(chain, "the chain ends otherwise than was written"));
        Ok((records, broken.map(|broken| broken.at(link.seq, None))))
    }
}

/// The place of the record in `row`, if it follows on `link`.
fn check(link: &Link, chain: i64, row: &mut crate::sql::Row) -> Result<Link, BrokenChain> {
    let expected = link.seq + 1;
    let unreadable =
        |error: StoreError| BrokenChain::of(chain, format!("cannot be read: {error}")).at(expected, None);
    let record = AuditRow::read(row).map_err(unreadable)?;
    let id = Uuid::from_slice(&record.id).ok().map(AuditId);
    let stored = Link::read(row).map_err(unreadable)?;
    if stored.seq != expected {
        let reason = format!("is missing; number {} follows", stored.seq);
        return Err(BrokenChain::of(chain, reason).at(expected, id));
    }
    let next = link.next(&record);
    if next != stored {
        return Err(BrokenChain::of(chain, "was altered").at(expected, id));
    }
    Ok(next)
}

async fn count<T: Transaction>(reading: &mut T, condition: &str, values: &[i64]) -> Result<i64, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM audit_records WHERE {condition}");
    let values = values.iter().map(|value| (*value).into()).collect();
    let rows = reading.rows(&sql, values).await?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.number())
}

fn said(reason: &SealError) -> String {
    match reason {
        SealError::UnknownKey { key_id } => {
            format!("was authenticated with the key {key_id:?}, which the key ring lacks")
        }
        SealError::Rejected { .. } | SealError::Malformed | SealError::Failed => "was altered".to_owned(),
    }
}
