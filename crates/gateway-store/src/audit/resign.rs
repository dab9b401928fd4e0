//! Authenticating the ends of chains with a newer key.

use super::append::{ledger, verify_ledger};
use super::chain::{CHAIN_COLUMNS, ChainRow, End, ledger_message};
use crate::sql::Transaction;
use crate::{KeyRing, StoreError, mac};

/// Authenticates anew at most so many ends that do not begin with `header`; answers how many. What does not hold with the
/// key that it names is left as it is, for it to be found.
pub(crate) async fn resign<T: Transaction>(
    change: &mut T,
    ring: &KeyRing,
    header: &[u8],
    most: usize,
) -> Result<u64, StoreError> {
    let mut done = resign_ledger(change, ring, header).await?;
    let mut after = 0;
    while done < most as u64 {
        let sql = format!(
            "SELECT {CHAIN_COLUMNS} FROM audit_chains \
             WHERE chain > ? AND (SUBSTR(first_mac, 1, {length}) <> ? OR SUBSTR(head_mac, 1, {length}) <> ?) \
             ORDER BY chain LIMIT {most}{}",
            T::FOR_UPDATE,
            length = header.len()
        );
        let rows = change
            .rows(&sql, vec![after.into(), header.into(), header.into()])
            .await?;
        if rows.is_empty() {
            break;
        }
        for mut row in rows {
            let found = ChainRow::read(&mut row)?;
            after = found.chain;
            done += resign_chain(change, ring, header, &found).await?;
        }
    }
    Ok(done)
}

async fn resign_chain<T: Transaction>(
    change: &mut T,
    ring: &KeyRing,
    header: &[u8],
    found: &ChainRow,
) -> Result<u64, StoreError> {
    let mut done = 0;
    for (end, column, link, signed) in [
        (End::First, "first_mac", &found.first, &found.first_mac),
        (End::Head, "head_mac", &found.head, &found.head_mac),
    ] {
        if signed.starts_with(header) || end.verify(ring, found.chain, link, signed).is_err() {
            continue;
        }
        let sql = format!("UPDATE audit_chains SET {column} = ? WHERE chain = ?");
        let signed = end.sign(ring, found.chain, link)?;
        done += change
            .change(&sql, vec![signed.into(), found.chain.into()])
            .await?;
    }
    Ok(done)
}

async fn resign_ledger<T: Transaction>(
    change: &mut T,
    ring: &KeyRing,
    header: &[u8],
) -> Result<u64, StoreError> {
    let (chains, signed) = ledger(change, T::FOR_UPDATE).await?;
    if chains == 0 || signed.starts_with(header) || verify_ledger(ring, chains, &signed).is_err() {
        return Ok(0);
    }
    let signed = mac::sign(ring, &ledger_message(chains)).map_err(StoreError::Seal)?;
    let sql = "UPDATE audit_ledger SET mac = ? WHERE id = 1";
    change.change(sql, vec![signed.into()]).await
}
