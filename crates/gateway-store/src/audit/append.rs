//! Adding records to this process's chain.

use gateway_core::{AuditRecord, UnixMicros};

use super::chain::{End, HASH, Link, ledger_message};
use super::row::{AuditRow, Linked, chunk, insert};
use crate::sql::{Database, Transaction};
use crate::{KeyRing, SealError, StoreError, mac};

const ADVANCE: &str = "UPDATE audit_chains SET head_seq = ?, head_hash = ?, head_mac = ? \
     WHERE chain = ? AND head_seq = ? AND head_hash = ?";

/// What is authenticated instead of a count that cannot be trusted, so that no count ever fits it.
const UNSOUND: &[u8] = b"unsound";

/// The chain that a process adds to.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnChain {
    chain: i64,
    head: Link,
}

/// Adds records to the chain, which is opened with the first.
pub(super) async fn append<D: Database>(
    database: &D,
    ring: &KeyRing,
    own: &mut Option<OwnChain>,
    records: &[AuditRecord],
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let chain = match own {
        Some(chain) => chain,
        None => own.insert(open(database, ring).await?),
    };
    match add(database, ring, chain, records).await {
        // Somebody has changed where the chain ends. That stays to be seen; the records go to a new one.
        Err(StoreError::ChainChanged { .. }) => {
            let chain = own.insert(open(database, ring).await?);
            add(database, ring, chain, records).await
        }
        outcome => outcome,
    }
}

async fn add<D: Database>(
    database: &D,
    ring: &KeyRing,
    own: &mut OwnChain,
    records: &[AuditRecord],
) -> Result<(), StoreError> {
    let mut link = own.head;
    let mut linked = Vec::with_capacity(records.len());
    for record in records {
        let values = AuditRow::from(record).values();
        link = link.next_of(&values);
        linked.push(Linked {
            values,
            chain: own.chain,
            seq: link.seq,
            hash: link.hash.to_vec(),
        });
    }
    let mut change = database.begin().await?;
    let advanced = change
        .change(
            ADVANCE,
            vec![
                link.seq.into(),
                link.hash.as_slice().into(),
                End::Head.sign(ring, own.chain, &link)?.into(),
                own.chain.into(),
                own.head.seq.into(),
                own.head.hash.as_slice().into(),
            ],
        )
        .await?;
    if advanced == 0 {
        // An earlier attempt may have been committed although its confirmation was lost.
        if head(&mut change, own.chain).await? == Some(link) {
            own.head = link;
            return Ok(());
        }
        return Err(StoreError::ChainChanged { chain: own.chain });
    }
    while !linked.is_empty() {
        let rest = linked.split_off(chunk(&linked));
        let (sql, values) = insert(std::mem::replace(&mut linked, rest));
        change.change(&sql, values).await?;
    }
    change.commit().await?;
    own.head = link;
    Ok(())
}

async fn head<T: Transaction>(change: &mut T, chain: i64) -> Result<Option<Link>, StoreError> {
    let sql = "SELECT head_seq, head_hash FROM audit_chains WHERE chain = ?";
    let rows = change.rows(sql, vec![chain.into()]).await?;
    rows.into_iter()
        .next()
        .map(|mut row| Link::read(&mut row))
        .transpose()
}

/// Opens a new chain, whose number follows on the last.
async fn open<D: Database>(database: &D, ring: &KeyRing) -> Result<OwnChain, StoreError> {
    let mut change = database.begin().await?;
    let (known, signed) = ledger(&mut change, D::Transaction::FOR_UPDATE).await?;
    let used = change
        .rows("SELECT COUNT(*), MAX(chain) FROM audit_chains", Vec::new())
        .await?;
    let mut used = used.into_iter().next().ok_or_else(gone)?;
    let (count, last) = (used.number()?, used.optional_number()?.unwrap_or(0));
    let chain = known.max(last) + 1;
    let sound = count == known && last == known && verify_ledger(ring, known, &signed).is_ok();
    // Were the count authenticated anew after somebody has changed it, that would no longer show.
    let message = if sound {
        ledger_message(chain)
    } else {
        UNSOUND.to_vec()
    };
    let signed = mac::sign(ring, &message).map_err(StoreError::Seal)?;
    let mut random = [0; HASH];
    getrandom::fill(&mut random).map_err(|_| StoreError::Seal(SealError::Failed))?;
    let start = Link { seq: 0, hash: random };
    change
        .change(
            "INSERT INTO audit_chains (chain, opened_at, first_seq, first_hash, first_mac, head_seq, head_hash, head_mac) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                chain.into(),
                UnixMicros::now().0.into(),
                start.seq.into(),
                start.hash.as_slice().into(),
                End::First.sign(ring, chain, &start)?.into(),
                start.seq.into(),
                start.hash.as_slice().into(),
                End::Head.sign(ring, chain, &start)?.into(),
            ],
        )
        .await?;
    change
        .change(
            "UPDATE audit_ledger SET chains = ?, mac = ? WHERE id = 1",
            vec![chain.into(), signed.into()],
        )
        .await?;
    change.commit().await?;
    Ok(OwnChain { chain, head: start })
}

/// How many chains the ledger counts, and what authenticates that. Its row is the lock for opening chains.
pub(super) async fn ledger<T: Transaction>(
    change: &mut T,
    locking: &str,
) -> Result<(i64, Vec<u8>), StoreError> {
    let sql = format!("SELECT chains, mac FROM audit_ledger WHERE id = 1{locking}");
    let rows = change.rows(&sql, Vec::new()).await?;
    let mut row = rows.into_iter().next().ok_or_else(gone)?;
    Ok((row.number()?, row.bytes()?))
}

/// Whether the ledger is as it was written. The one that counts nothing was written with the table, without a key.
pub(super) fn verify_ledger(ring: &KeyRing, chains: i64, signed: &[u8]) -> Result<(), SealError> {
    if chains == 0 && signed.is_empty() {
        return Ok(());
    }
    mac::verify(ring, &ledger_message(chains), signed)
}

fn gone() -> StoreError {
    StoreError::Corrupt {
        what: "the audit log's ledger, whose row is gone".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::{AuditAction, AuditDecision};

    use super::*;
    use crate::sqlite::{migrate, sql::SqliteFile};

    fn record() -> AuditRecord {
        AuditRecord {
            at: UnixMicros(1),
            correlation_id: "c".to_owned(),
            subject: "ann".to_owned(),
            decision: AuditDecision::Allowed,
            ..AuditRecord::blank(AuditAction::Query)
        }
    }

    #[tokio::test]
    async fn records_whose_confirmation_was_lost_are_not_added_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        migrate(&path).await.unwrap();
        let database = SqliteFile::open(&path).await.unwrap();
        let ring = KeyRing::generate().unwrap();
        let mut own = None;
        append(&database, &ring, &mut own, &[record()]).await.unwrap();
        let mut unconfirmed = own;
        let batch = [record(), record()];
        append(&database, &ring, &mut own, &batch).await.unwrap();
        append(&database, &ring, &mut unconfirmed, &batch).await.unwrap();
        let head = |chain: Option<OwnChain>| chain.map(|chain| (chain.chain, chain.head));
        assert_eq!(head(unconfirmed), head(own));
        append(&database, &ring, &mut unconfirmed, &[record()])
            .await
            .unwrap();
        let mut reading = database.begin_reading().await.unwrap();
        let rows = reading
            .rows(
                "SELECT COUNT(*), COUNT(DISTINCT chain) FROM audit_records",
                Vec::new(),
            )
            .await
            .unwrap();
        let mut row = rows.into_iter().next().unwrap();
        assert_eq!((row.number().unwrap(), row.number().unwrap()), (4, 1));
    }
}
