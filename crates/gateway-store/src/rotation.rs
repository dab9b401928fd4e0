//! Replacing the key that seals, a little at a time, while the store is in use.
//!
//! Every step is a transaction under the lock that puts changes in order, so a change of a source and a step never miss
//! each other, and a rotation that is cut off anywhere goes on where it was.

use std::collections::BTreeMap;

use gateway_core::UnixMicros;

use crate::record::{open_password, source_id};
use crate::sql::{Database, Transaction, Value};
use crate::{KeyRing, SealError, StoreError, audit, seal, statements};

/// What one transaction seals anew: little enough that nobody waits long for it.
const PORTION: usize = 50;

/// The longest header of something sealed: form, length of the key's identifier, identifier.
const HEADER: usize = 2 + 64;

/// A key, and what needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// The key's identifier.
    pub key_id: String,
    /// Whether the key ring has it.
    pub in_ring: bool,
    /// Whether it is the one that seals.
    pub newest: bool,
    /// Whether nothing may be sealed with it any more.
    pub retired: bool,
    /// Passwords of data sources that it sealed.
    pub passwords: u64,
    /// Ends of audit chains, and counts of them, that it authenticates.
    pub audit: u64,
}

impl KeyUse {
    /// Whether something in the store needs it.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.passwords + self.audit > 0
    }
}

/// Every key of the ring, in its order, and then those that the store needs and the ring lacks.
pub(crate) async fn key_uses<D: Database>(database: &D, ring: &KeyRing) -> Result<Vec<KeyUse>, StoreError> {
    let mut reading = database.begin_reading().await?;
    let passwords =
        format!("SELECT SUBSTR(password, 1, {HEADER}) FROM data_sources WHERE password IS NOT NULL");
    let passwords = headers(&mut reading, &passwords).await?;
    let ends = "SELECT first_mac FROM audit_chains UNION ALL SELECT head_mac FROM audit_chains \
         UNION ALL SELECT mac FROM audit_ledger WHERE chains > 0";
    let ends = headers(&mut reading, ends).await?;
    let mut retired = Vec::new();
    for mut row in reading
        .rows("SELECT key_id FROM retired_keys", Vec::new())
        .await?
    {
        retired.push(row.text()?);
    }
    reading.commit().await?;
    let mut ids: Vec<String> = ring.key_ids().map(str::to_owned).collect();
    for id in passwords.keys().chain(ends.keys()) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let of = |key_id: String| KeyUse {
        in_ring: ring.key(&key_id).is_some(),
        newest: ring.sealing_key_id() == key_id,
        retired: retired.contains(&key_id),
        passwords: passwords.get(&key_id).copied().unwrap_or(0),
        audit: ends.get(&key_id).copied().unwrap_or(0),
        key_id,
    };
    Ok(ids.into_iter().map(of).collect())
}

/// How often each key occurs in a column of sealed things.
async fn headers<T: Transaction>(reading: &mut T, sql: &str) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut found = BTreeMap::new();
    for mut row in reading.rows(sql, Vec::new()).await? {
        let sealed = row.bytes()?;
        let key_id = seal::key_id(&sealed).map_err(|_| StoreError::Corrupt {
            what: "the header of something sealed".to_owned(),
        })?;
        *found.entry(key_id.to_owned()).or_default() += 1;
    }
    Ok(found)
}

/// Counts as a change, though nothing that callers see does.
pub(crate) async fn announce<D: Database>(database: &D) -> Result<(), StoreError> {
    let mut change = database.begin().await?;
    change.change(statements::BUMP_REVISION, Vec::new()).await?;
    change.commit().await
}

/// Seals with the newest key some of what is not; answers how much.
pub(crate) async fn reseal<D: Database>(database: &D, ring: &KeyRing) -> Result<u64, StoreError> {
    let mut change = lock(database).await?;
    let header = header_of(ring)?;
    let sql = format!(
        "SELECT id, password FROM data_sources WHERE password IS NOT NULL AND SUBSTR(password, 1, {}) <> ? \
         ORDER BY id LIMIT {PORTION}",
        header.len()
    );
    let mut done = 0;
    for mut row in change.rows(&sql, vec![header.clone().into()]).await? {
        let id = source_id(&row.bytes()?)?;
        let password = open_password(ring, id, &row.bytes()?)?;
        let sealed = seal::seal(ring, id.as_bytes(), password.expose()).map_err(StoreError::Seal)?;
        let update = "UPDATE data_sources SET password = ? WHERE id = ?";
        done += change
            .change(update, vec![sealed.into(), id.as_bytes().as_slice().into()])
            .await?;
    }
    if done == 0 {
        done = audit::resign(&mut change, ring, &header, PORTION).await?;
    }
    change.commit().await?;
    Ok(done)
}

/// Lets nothing more be sealed with any key of the ring but the newest, nor with any that is not in it.
pub(crate) async fn retire<D: Database>(database: &D, ring: &KeyRing) -> Result<(), StoreError> {
    let uses = key_uses(database, ring).await?;
    let mut change = lock(database).await?;
    for key in uses.iter().filter(|key| !key.newest && !key.retired) {
        if is_retired(&mut change, &key.key_id).await? {
            continue;
        }
        change
            .change(
                "INSERT INTO retired_keys (key_id, retired_at) VALUES (?, ?)",
                vec![key.key_id.as_str().into(), UnixMicros::now().0.into()],
            )
            .await?;
    }
    change.change(statements::BUMP_REVISION, Vec::new()).await?;
    change.commit().await
}

async fn is_retired<T: Transaction>(change: &mut T, key_id: &str) -> Result<bool, StoreError> {
    let rows = change.rows(statements::RETIRED, vec![key_id.into()]).await?;
    Ok(!rows.is_empty())
}

/// Begins a change that is not one in the eyes of callers: it takes the lock and does not count.
async fn lock<D: Database>(database: &D) -> Result<D::Transaction, StoreError> {
    let mut change = database.begin().await?;
    let sql = format!("{}{}", statements::REVISION, D::Transaction::FOR_UPDATE);
    change.rows(&sql, Vec::<Value>::new()).await?;
    Ok(change)
}

/// What everything begins with that the newest key sealed.
fn header_of(ring: &KeyRing) -> Result<Vec<u8>, StoreError> {
    let sealed = seal::seal(ring, &[], "").map_err(StoreError::Seal)?;
    let length = seal::key_id(&sealed)
        .map(|key_id| 2 + key_id.len())
        .map_err(StoreError::Seal)?;
    sealed
        .get(..length)
        .map(<[u8]>::to_vec)
        .ok_or(StoreError::Seal(SealError::Malformed))
}
