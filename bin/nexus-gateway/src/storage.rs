//! Opening the metadata store with its keys, and the places where audit records are written.

use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use gateway_store::{AuditFile, AuditSink, KeyRing, Store, StoreOptions, StoreUrl};

use crate::config::{AuditTargets, KeyRingSource, StoreSettings};

/// Where audit records are written.
pub(crate) fn audit_sinks(
    store: &Arc<dyn Store>,
    to: AuditTargets,
) -> anyhow::Result<Vec<Arc<dyn AuditSink>>> {
    let to_store = || Arc::clone(store) as Arc<dyn AuditSink>;
    let to_file = |options| -> anyhow::Result<Arc<dyn AuditSink>> {
        Ok(Arc::new(AuditFile::open(options, store.keys())?))
    };
    Ok(match to {
        AuditTargets::Store => vec![to_store()],
        AuditTargets::File(options) => vec![to_file(options)?],
        AuditTargets::Both(options) => vec![to_store(), to_file(options)?],
    })
}

/// Opens the metadata store with its keys; neither goes without the other.
pub(crate) async fn open_store(settings: &StoreSettings) -> anyhow::Result<Arc<dyn Store>> {
    let keyring = key_ring(&settings.keyring)?;
    gateway_store::open(&settings.url, keyring, &StoreOptions::default())
        .await
        .with_context(|| format!("opening the store {}", settings.shown_url))
}

/// Opens the store that must be there already, as it is: nothing is made, and no table is changed.
pub(crate) async fn open_existing(
    settings: &StoreSettings,
    keyring: KeyRing,
    keys: KeyCheck,
) -> anyhow::Result<Arc<dyn Store>> {
    if let StoreUrl::Sqlite { path } = &settings.url {
        ensure!(path.is_file(), "there is no store {}", path.display());
    }
    let options = StoreOptions {
        migrate: false,
        check_keys: keys == KeyCheck::Required,
        ..StoreOptions::default()
    };
    gateway_store::open(&settings.url, keyring, &options)
        .await
        .with_context(|| format!("opening the store {}", settings.shown_url))
}

/// The key ring of a store that must be there already.
pub(crate) fn existing_key_ring(source: &KeyRingSource) -> anyhow::Result<KeyRing> {
    if let KeyRingSource::Beside(file) = source {
        ensure!(file.is_file(), "there is no key ring {}", file.display());
    }
    key_ring(source)
}

/// Whether a store is opened only with every key that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    /// It is.
    Required,
    /// It is opened anyway, to be looked at.
    Waived,
}

/// The key ring that the settings name; for a new embedded store it is made.
pub(crate) fn key_ring(source: &KeyRingSource) -> anyhow::Result<KeyRing> {
    Ok(match source {
        KeyRingSource::Text(text) => KeyRing::from_text(text.expose()).context("store.keyring")?,
        KeyRingSource::File(file) => KeyRing::load_file(file).context("store.keyring_file")?,
        KeyRingSource::Beside(file) if file.exists() => KeyRing::load_file(file)?,
        KeyRingSource::Beside(file) => {
            let database = file.with_extension("");
            if database.exists() {
                bail!(
                    "{} is there but its key ring {} is not: put the key ring back, or remove the store to begin anew",
                    database.display(),
                    file.display()
                );
            }
            KeyRing::generate_file(file)?
        }
    })
}
