//! The shared store: MySQL or MariaDB.

mod access;
mod audit;
mod data_sources;
mod error;
mod rotation;
mod schema;
mod session;
mod sql;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deadpool::managed::{Pool, Timeouts};
use gateway_core::UnixMicros;
use mysql_async::prelude::Queryable;

use crate::audit::AuditLog;
use crate::key_check::{self, KeyFacts, NewCheck};
use crate::keys::Keys;
use crate::migrations::MigrationReport;
use crate::record::{Row, open_all, source_id};
use crate::url::MySqlAddress;
use crate::{KeyRing, Snapshot, Store, StoreError, StoreOptions, statements};
use error::{failed, shape};
use session::{Lease, Manager};
use sql::{MySqlDatabase, limited};

/// A store in a MySQL or MariaDB database.
pub(crate) struct MySqlStore {
    pool: Pool<Manager>,
    keys: Arc<Keys>,
    audit: AuditLog<MySqlDatabase>,
    operation_timeout: Duration,
}

impl MySqlStore {
    pub(crate) async fn open(
        address: &MySqlAddress,
        keyring: KeyRing,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let pool = pool(address, options)?;
        let keys = Arc::new(Keys::new(keyring));
        let database = MySqlDatabase {
            pool: pool.clone(),
            operation_timeout: options.operation_timeout,
        };
        let store = Self {
            pool,
            audit: AuditLog::new(database, Arc::clone(&keys)),
            keys,
            operation_timeout: options.operation_timeout,
        };
        let mut lease = Lease::take(&store.pool).await?;
        if options.migrate {
            schema::migrate(&mut lease).await?;
        } else {
            schema::require_current(&mut lease).await?;
        }
        if options.check_keys {
            check_keys(&mut lease, &store.keys.ring()).await?;
        }
        lease.give_back();
        Ok(store)
    }

    /// Runs an operation, but not for longer than the limit. An operation that is cut off loses its connection, so the
    /// server undoes what it had not committed.
    async fn limited<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        limited(self.operation_timeout, operation).await
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
        let checked = self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            check_keys(&mut lease, &newer).await?;
            lease.give_back();
            Ok(())
        });
        let checked = checked.await;
        key_check::adopt(&self.keys, newer, checked)
    }
}

async fn check_keys(lease: &mut Lease, ring: &KeyRing) -> Result<(), StoreError> {
    let facts = key_facts(lease).await?;
    let Some(NewCheck { key_id, value }) = key_check::verify(ring, &facts)? else {
        return Ok(());
    };
    lease
        .connection()?
        .exec_drop(
            "INSERT IGNORE INTO sealing_keys (key_id, check_value, created_at) VALUES (?, ?, ?)",
            (key_id, value, UnixMicros::now().0),
        )
        .await
        .map_err(failed)?;
    // Another replica may have been first, with another key of that name.
    let facts = key_facts(lease).await?;
    key_check::verify(ring, &facts).map(drop)
}

/// Brings the tables up to date.
pub(crate) async fn migrate(
    address: &MySqlAddress,
    options: &StoreOptions,
) -> Result<MigrationReport, StoreError> {
    let pool = pool(address, options)?;
    let mut lease = Lease::take(&pool).await?;
    schema::migrate(&mut lease).await
}

fn pool(address: &MySqlAddress, options: &StoreOptions) -> Result<Pool<Manager>, StoreError> {
    let limit = Some(options.connect_timeout);
    Pool::builder(Manager::new(address))
        .max_size(options.max_connections.max(1))
        .runtime(deadpool::Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: limit,
            create: limit,
            recycle: limit,
        })
        .build()
        .map_err(|error| StoreError::Database {
            reason: error.to_string(),
        })
}

#[async_trait]
impl Store for MySqlStore {
    async fn load_all(&self) -> Result<Snapshot, StoreError> {
        self.reload_keys().await?;
        let (revision, rows) = self
            .limited(async {
                let mut lease = Lease::take(&self.pool).await?;
                // One transaction sees one moment.
                lease
                    .begin("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
                    .await?;
                let read = read_everything(&mut lease).await;
                lease.finish(read).await
            })
            .await?;
        let sources = match open_all(&rows, &self.keys.ring()) {
            Err(error) if self.mended(&error).await? => open_all(&rows, &self.keys.ring())?,
            outcome => outcome?,
        };
        Ok(Snapshot { revision, sources })
    }

    async fn revision(&self) -> Result<u64, StoreError> {
        self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            let revision = read_revision(&mut lease).await?;
            lease.give_back();
            Ok(revision)
        })
        .await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            lease.connection()?.ping().await.map_err(failed)?;
            lease.give_back();
            Ok(())
        })
        .await
    }
}

async fn read_everything(lease: &mut Lease) -> Result<(u64, Vec<Row>), StoreError> {
    let revision = read_revision(lease).await?;
    let rows: Vec<mysql_async::Row> = lease
        .connection()?
        .exec(statements::all(), ())
        .await
        .map_err(failed)?;
    let rows = rows.into_iter().map(read_row).collect::<Result<_, _>>()?;
    Ok((revision, rows))
}

async fn read_revision(lease: &mut Lease) -> Result<u64, StoreError> {
    let revision: Option<u64> = lease
        .connection()?
        .exec_first(statements::REVISION, ())
        .await
        .map_err(failed)?;
    revision.ok_or_else(|| StoreError::Corrupt {
        what: "the store's revision, whose row is gone".to_owned(),
    })
}

fn read_row(mut row: mysql_async::Row) -> Result<Row, StoreError> {
    Ok(Row {
        id: take(&mut row, 0)?,
        name: take(&mut row, 1)?,
        engine: take(&mut row, 2)?,
        description: take(&mut row, 3)?,
        status: take(&mut row, 4)?,
        config: take(&mut row, 5)?,
        password: take(&mut row, 6)?,
        version: take(&mut row, 7)?,
        created_at: take(&mut row, 8)?,
        updated_at: take(&mut row, 9)?,
    })
}

/// The value of a column. The library's own conversion would quote the row in its error.
fn take<T: mysql_async::prelude::FromValue>(
    row: &mut mysql_async::Row,
    index: usize,
) -> Result<T, StoreError> {
    match row.take_opt(index) {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) | None => Err(shape(index)),
    }
}

async fn key_facts(lease: &mut Lease) -> Result<KeyFacts, StoreError> {
    let mut facts = KeyFacts::default();
    let rows: Vec<mysql_async::Row> = lease
        .connection()?
        .exec(statements::SEALED, ())
        .await
        .map_err(failed)?;
    for mut row in rows {
        let id: Vec<u8> = take(&mut row, 0)?;
        facts.sealed.push((source_id(&id)?, take(&mut row, 1)?));
    }
    let rows: Vec<mysql_async::Row> = lease
        .connection()?
        .exec(statements::KEY_CHECKS, ())
        .await
        .map_err(failed)?;
    for mut row in rows {
        facts.checks.push((take(&mut row, 0)?, take(&mut row, 1)?));
    }
    Ok(facts)
}
