//! Whether a key ring fits a store, decided before anything is served from it.

use std::collections::BTreeMap;

use gateway_core::DataSourceId;

use crate::keys::Keys;
use crate::{KeyRing, SealError, StoreError, seal};

const CONTEXT: &[u8] = b"nexus-gateway key check";
const TEXT: &str = "nexus-gateway";

/// What a store holds that depends on keys.
#[derive(Debug, Default)]
pub(crate) struct KeyFacts {
    /// Every sealed password, and whose it is.
    pub(crate) sealed: Vec<(DataSourceId, Vec<u8>)>,
    /// For each key that ever sealed, its identifier and the check value it made.
    pub(crate) checks: Vec<(String, Vec<u8>)>,
}

/// A check value that is still to be recorded.
#[derive(Debug)]
pub(crate) struct NewCheck {
    pub(crate) key_id: String,
    pub(crate) value: Vec<u8>,
}

/// Uses a newer ring, if the check of it against the store was passed. A ring that lacks a key that is still needed is not
/// used: the one in use may have it.
pub(crate) fn adopt(keys: &Keys, newer: KeyRing, checked: Result<(), StoreError>) -> Result<(), StoreError> {
    match checked {
        Ok(()) => keys.replace(newer),
        Err(StoreError::MissingKeys { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Whether a newer ring could help against `error`.
pub(crate) fn is_about_keys(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::KeyRetired { .. }
            | StoreError::Credential {
                reason: SealError::UnknownKey { .. },
                ..
            }
    )
}

/// Compares a ring with what the store holds. Returns what to record so that the sealing key will be known next time.
pub(crate) fn verify(ring: &KeyRing, facts: &KeyFacts) -> Result<Option<NewCheck>, StoreError> {
    let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, sealed) in &facts.sealed {
        let key_id = seal::key_id(sealed).map_err(|reason| StoreError::Credential { id: *id, reason })?;
        if ring.key(key_id).is_none() {
            *missing.entry(key_id).or_default() += 1;
        }
    }
    if !missing.is_empty() {
        let missing = missing
            .into_iter()
            .map(|(key_id, sources)| (key_id.to_owned(), sources));
        return Err(StoreError::MissingKeys {
            missing: missing.collect(),
        });
    }
    for (key_id, value) in &facts.checks {
        match seal::open(ring, CONTEXT, value) {
            // A key that was taken out of the ring once nothing was sealed with it any more.
            Ok(_) | Err(SealError::UnknownKey { .. }) => {}
            Err(SealError::Rejected { .. } | SealError::Malformed | SealError::Failed) => {
                return Err(StoreError::WrongKey {
                    key_id: key_id.clone(),
                });
            }
        }
    }
    let key_id = ring.sealing_key_id();
    if facts.checks.iter().any(|(known, _)| known == key_id) {
        return Ok(None);
    }
    Ok(Some(NewCheck {
        key_id: key_id.to_owned(),
        value: seal::seal(ring, CONTEXT, TEXT).map_err(StoreError::Seal)?,
    }))
}
