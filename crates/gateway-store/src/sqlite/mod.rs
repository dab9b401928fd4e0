//! The embedded store: one SQLite file, for one process at a time (others may look in).

mod access;
mod audit;
mod data_sources;
mod error;
mod rotation;
mod schema;
pub(crate) mod sql;
mod worker;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::UnixMicros;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::audit::AuditLog;
use crate::key_check::{self, KeyFacts, NewCheck};
use crate::keys::Keys;
use crate::migrations::MigrationReport;
use crate::record::{Row, open_all, source_id};
use crate::{KeyRing, Snapshot, Store, StoreError, StoreOptions, statements};
use error::failed;
use sql::SqliteFile;
use worker::Worker;

/// A store in a SQLite file.
pub(crate) struct SqliteStore {
    worker: Worker,
    keys: Arc<Keys>,
    audit: AuditLog<SqliteFile>,
}

impl SqliteStore {
    pub(crate) async fn open(
        path: &Path,
        keyring: KeyRing,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let worker = Worker::open(path).await?;
        let (migrate, check) = (options.migrate, options.check_keys);
        let ring = keyring.clone();
        worker
            .call(move |connection| {
                if migrate {
                    schema::migrate(connection)?;
                } else {
                    schema::require_current(connection)?;
                }
                if check {
                    check_keys(connection, &ring)
                } else {
                    Ok(())
                }
            })
            .await?;
        let keys = Arc::new(Keys::new(keyring));
        let audit = AuditLog::new(SqliteFile::open(path).await?, Arc::clone(&keys));
        Ok(Self { worker, keys, audit })
    }

    /// Looks for a newer key ring, if `error` tells of a key; whether that was the remedy.
    async fn mended(&self, error: &StoreError) -> Result<bool, StoreError> {
        if !key_check::is_about_keys(error) {
            return Ok(false);
        }
        if !self.keys.mends(error) {
            self.keys.pause().await;
            self.reload_keys().await?;
        }
        Ok(self.keys.mends(error))
    }

    /// Uses the key ring that is in its file now, if that is another.
    async fn reload_keys(&self) -> Result<(), StoreError> {
        let Some(newer) = self.keys.newer() else {
            return Ok(());
        };
        let ring = newer.clone();
        let checked = self.worker.call(move |connection| check_keys(connection, &ring));
        key_check::adopt(&self.keys, newer, checked.await)
    }
}

/// Brings the tables up to date.
pub(crate) async fn migrate(path: &Path) -> Result<MigrationReport, StoreError> {
    Worker::open(path).await?.call(schema::migrate).await
}

#[async_trait]
impl Store for SqliteStore {
    async fn load_all(&self) -> Result<Snapshot, StoreError> {
        self.reload_keys().await?;
        let (revision, rows) = self
            .worker
            .call(|connection| {
                // One transaction sees one moment.
                let moment = connection
                    .transaction_with_behavior(TransactionBehavior::Deferred)
                    .map_err(failed)?;
                Ok((revision(&moment)?, all_rows(&moment)?))
            })
            .await?;
        let sources = match open_all(&rows, &self.keys.ring()) {
            Err(error) if self.mended(&error).await? => open_all(&rows, &self.keys.ring())?,
            outcome => outcome?,
        };
        Ok(Snapshot { revision, sources })
    }

    async fn revision(&self) -> Result<u64, StoreError> {
        self.worker.call(|connection| revision(connection)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.worker
            .call(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(failed))
            .await
    }
}

/// Begins a change: takes the lock that puts changes in order, and counts it.
fn begin_change(connection: &mut rusqlite::Connection) -> Result<Transaction<'_>, StoreError> {
    let change = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    change.execute(statements::BUMP_REVISION, []).map_err(failed)?;
    Ok(change)
}

fn revision(connection: &rusqlite::Connection) -> Result<u64, StoreError> {
    connection
        .prepare_cached(statements::REVISION)
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(failed)
}

fn all_rows(connection: &rusqlite::Connection) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(&statements::all()).map_err(failed)?;
    let rows = statement.query_map([], read_row).map_err(failed)?;
    rows.collect::<Result<_, _>>().map_err(failed)
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get(0)?,
        name: row.get(1)?,
        engine: row.get(2)?,
        description: row.get(3)?,
        status: row.get(4)?,
        config: row.get(5)?,
        password: row.get(6)?,
        version: row.get(7)?,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
    })
}

fn check_keys(connection: &mut rusqlite::Connection, ring: &KeyRing) -> Result<(), StoreError> {
    let change = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    if let Some(NewCheck { key_id, value }) = key_check::verify(ring, &key_facts(&change)?)? {
        change
            .execute(
                "INSERT INTO sealing_keys (key_id, check_value, created_at) VALUES (?, ?, ?)",
                params![key_id, value, UnixMicros::now().0],
            )
            .map_err(failed)?;
    }
    change.commit().map_err(failed)
}

fn key_facts(connection: &rusqlite::Connection) -> Result<KeyFacts, StoreError> {
    let mut facts = KeyFacts::default();
    let mut statement = connection.prepare(statements::SEALED).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let id: Vec<u8> = row.get(0).map_err(failed)?;
        facts.sealed.push((source_id(&id)?, row.get(1).map_err(failed)?));
    }
    let mut statement = connection.prepare(statements::KEY_CHECKS).map_err(failed)?;
    let checks = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(failed)?;
    facts.checks = checks.collect::<Result<_, _>>().map_err(failed)?;
    Ok(facts)
}

/// `None` where no row was found.
fn optional<T>(result: rusqlite::Result<T>) -> Result<Option<T>, StoreError> {
    result.optional().map_err(failed)
}
