//! Removing records that have reached their age, without breaking their chains.

use gateway_core::UnixMicros;

use super::AuditLog;
use super::chain::{CHAIN_COLUMNS, ChainRow, End, Link};
use super::row::{AuditRow, COLUMNS};
use crate::StoreError;
use crate::sql::{Database, Transaction, Value};

/// Records read at once, since each is hashed before it goes.
const PORTION: u32 = 500;

impl<D: Database> AuditLog<D> {
    /// Removes at most `most` records from before `moment`, the oldest of each chain first; answers how many.
    ///
    /// What is removed is first shown to be what was written: otherwise whoever can write to the store could make a record
    /// look old and have the gateway itself remove it. A chain that does not hold stays whole, as evidence.
    pub(crate) async fn forget(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        let mut removed = self.forget_unchained(moment, most).await?;
        let sql = "SELECT chain FROM audit_chains WHERE first_seq < head_seq ORDER BY chain";
        let mut reading = self.database.begin_reading().await?;
        let chains = reading.rows(sql, Vec::new()).await?;
        reading.commit().await?;
        for mut row in chains {
            let chain = row.number()?;
            while removed < u64::from(most) {
                let portion = u64::from(most) - removed;
                let portion = u32::try_from(portion).unwrap_or(PORTION).min(PORTION);
                let gone = self.forget_from(chain, moment, portion).await?;
                removed += gone;
                if gone < u64::from(portion) {
                    break;
                }
            }
        }
        Ok(removed)
    }

    async fn forget_from(&self, chain: i64, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        let mut change = self.database.begin().await?;
        let Some(found) = chain_row(&mut change, chain).await? else {
            return Ok(0);
        };
        let ring = self.keys.ring();
        let sound = End::First.verify(&ring, chain, &found.first, &found.first_mac);
        if sound.is_err() {
            return Ok(0);
        }
        let sql = format!(
            "SELECT {COLUMNS}, chain_seq, chain_hash FROM audit_records WHERE chain = ? AND chain_seq > ? \
             ORDER BY chain_seq LIMIT {most}"
        );
        let rows = change
            .rows(&sql, vec![chain.into(), found.first.seq.into()])
            .await?;
        let mut first = found.first;
        let mut removed = 0;
        for mut row in rows {
            let record = AuditRow::read(&mut row)?;
            if record.at >= moment.0 {
                break;
            }
            let expected = first.next(&record);
            if Link::read(&mut row)? != expected {
                break;
            }
            first = expected;
            removed += 1;
        }
        if removed == 0 {
            return Ok(0);
        }
        change
            .change(
                "DELETE FROM audit_records WHERE chain = ? AND chain_seq <= ?",
                vec![chain.into(), first.seq.into()],
            )
            .await?;
        change
            .change(
                "UPDATE audit_chains SET first_seq = ?, first_hash = ?, first_mac = ? WHERE chain = ?",
                vec![
                    first.seq.into(),
                    first.hash.as_slice().into(),
                    End::First.sign(&ring, chain, &first)?.into(),
                    chain.into(),
                ],
            )
            .await?;
        change.commit().await?;
        Ok(removed)
    }

    /// Those from before there were chains.
    async fn forget_unchained(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        let mut change = self.database.begin().await?;
        // Identifiers sort by time.
        let sql =
            format!("SELECT id, decided_at FROM audit_records WHERE chain IS NULL ORDER BY id LIMIT {most}");
        let mut last = None;
        for mut row in change.rows(&sql, Vec::new()).await? {
            let id = row.bytes()?;
            if row.number()? >= moment.0 {
                break;
            }
            last = Some(id);
        }
        let Some(last) = last else { return Ok(0) };
        let removed = change
            .change(
                "DELETE FROM audit_records WHERE chain IS NULL AND id <= ? AND decided_at < ?",
                vec![last.into(), Value::Number(moment.0)],
            )
            .await?;
        change.commit().await?;
        Ok(removed)
    }
}

/// A chain, locked.
pub(super) async fn chain_row<T: Transaction>(
    change: &mut T,
    chain: i64,
) -> Result<Option<ChainRow>, StoreError> {
    let sql = format!(
        "SELECT {CHAIN_COLUMNS} FROM audit_chains WHERE chain = ?{}",
        T::FOR_UPDATE
    );
    let rows = change.rows(&sql, vec![chain.into()]).await?;
    rows.into_iter()
        .next()
        .map(|mut row| ChainRow::read(&mut row))
        .transpose()
}
