//! The gateway's own memory: registered data sources and their credentials.
//!
//! One trait, [`Store`], and two implementations that pass the same suite: **MySQL** (or MariaDB) for deployments of
//! several replicas, and **SQLite**, embedded, for one process. [`open`] chooses by the address.
//!
//! * Passwords are sealed with XChaCha20-Poly1305 before they are written, bound to the identifier of their source, with
//!   keys from a [`KeyRing`]. A store whose passwords cannot be opened with the ring is refused when it is opened.
//! * Every source has a version, and a change can be made conditional on it ([`DataSourceStore::update`]).
//! * Every change adds one to the store's revision, in the same transaction; a replica that polls
//!   [`Store::revision`] knows when to [`Store::load_all`] again.
//! * The tables are made and changed by numbered migrations embedded in the program ([`migrate`]), under a lock, so that
//!   several replicas may start at once.
//!
//! # Example
//!
//! ```
//! use gateway_core::{Engine, Secret, SourceConfig, SourceDraft, SourceStatus};
//! use gateway_store::{KeyRing, StoreOptions, StoreUrl, open};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("store.db");
//! let url: StoreUrl = format!("sqlite://{}", path.display()).parse()?;
//! let store = open(&url, KeyRing::generate()?, &StoreOptions::default()).await?;
//! let source = store
//!     .create(&SourceDraft {
//!         name: "Orders".into(),
//!         engine: Engine::MySql,
//!         description: String::new(),
//!         status: SourceStatus::Active,
//!         config: SourceConfig { host: Some("db.example.com".into()), ..SourceConfig::default() },
//!         password: Some(Secret::new("hunter2")),
//!     })
//!     .await?;
//! assert_eq!(source.version, 1);
//! assert_eq!(store.password(source.id).await?, Some(Secret::new("hunter2")));
//! # Ok(())
//! # }
//! ```

mod access_record;
mod access_store;
mod audit;
mod audit_file;
mod error;
mod key_check;
mod keyring;
mod keyring_file;
mod keys;
mod list_query;
mod mac;
mod migrations;
mod mysql;
mod record;
mod rotation;
mod seal;
mod sql;
mod sqlite;
mod statements;
mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
mod url;

use std::sync::Arc;

pub use access_store::{AccessSnapshot, AccessStore};
pub use audit::{AuditVerdict, BrokenChain};
pub use audit_file::{AuditFile, AuditFileOptions, verify_audit_file};
pub use error::StoreError;
pub use keyring::{KeyRing, KeyRingError};
pub use keyring_file::RingLock;
pub use keys::Keys;
pub use migrations::MigrationReport;
pub use rotation::KeyUse;
pub use seal::SealError;
pub use store::{
    AuditFilter, AuditPage, AuditSink, AuditStore, DataSourceStore, KeyStore, Page, Snapshot, SourceFilter,
    SourcePage, Store, StoreOptions,
};
pub use url::{MySqlAddress, StoreUrl};

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Opens a store: connects, brings its tables up to date (unless [`StoreOptions::migrate`] says otherwise), and proves
/// that `keyring` opens what is sealed in it.
///
/// # Errors
///
/// Any [`StoreError`]; of note, besides failures to connect:
/// [`SchemaTooNew`](StoreError::SchemaTooNew) and [`SchemaOutdated`](StoreError::SchemaOutdated) if the tables do not fit
/// this program, [`MissingKeys`](StoreError::MissingKeys) and [`WrongKey`](StoreError::WrongKey) if the ring does not fit
/// the store.
pub async fn open(
    url: &StoreUrl,
    keyring: KeyRing,
    options: &StoreOptions,
) -> Result<Arc<dyn Store>, StoreError> {
    match url {
        StoreUrl::Sqlite { path } => Ok(Arc::new(sqlite::SqliteStore::open(path, keyring, options).await?)),
        StoreUrl::MySql(address) => Ok(Arc::new(
            mysql::MySqlStore::open(address, keyring, options).await?,
        )),
    }
}

/// Brings the tables of a store up to date without opening it; needs no keys. Several processes may do so at once.
///
/// # Errors
///
/// As [`open`], without the errors about keys.
pub async fn migrate(url: &StoreUrl, options: &StoreOptions) -> Result<MigrationReport, StoreError> {
    match url {
        StoreUrl::Sqlite { path } => sqlite::migrate(path).await,
        StoreUrl::MySql(address) => mysql::migrate(address, options).await,
    }
}
