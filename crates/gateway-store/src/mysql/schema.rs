//! Migrations in MySQL and MariaDB, under a named lock: their changes of tables cannot be undone by a transaction.

use std::time::Duration;

use gateway_core::UnixMicros;
use mysql_async::prelude::Queryable;

use super::error::failed;
use super::session::Lease;
use super::take;
use crate::StoreError;
use crate::migrations::{
    Applied, CREATE_TABLE, Dialect, INSERT_APPLIED, MIGRATIONS, MigrationReport, SELECT_APPLIED, pending,
    report, require_none,
};

/// How long a replica waits for another one's migrations.
const LOCK_TIMEOUT: Duration = Duration::from_secs(120);
/// Names of locks are one server's, not one database's, and have at most 64 characters.
const LOCK_NAME: &str = "CONCAT('nexus-gateway:', LEFT(SHA2(DATABASE(), 256), 40))";

/// Applies what is missing. The lock ends with the connection, whatever happens.
pub(super) async fn migrate(lease: &mut Lease) -> Result<MigrationReport, StoreError> {
    let taken: Option<Option<i64>> = lease
        .connection()?
        .query_first(format!(
            "SELECT GET_LOCK({LOCK_NAME}, {})",
            LOCK_TIMEOUT.as_secs()
        ))
        .await
        .map_err(failed)?;
    if taken.flatten() != Some(1) {
        return Err(StoreError::MigrationLocked);
    }
    lease
        .connection()?
        .query_drop(CREATE_TABLE)
        .await
        .map_err(failed)?;
    let missing = pending(MIGRATIONS, &applied(lease).await?, Dialect::MySql)?;
    for migration in &missing {
        for statement in migration.statements(Dialect::MySql) {
            lease.connection()?.query_drop(statement).await.map_err(failed)?;
        }
        let done = (
            migration.version,
            migration.name,
            migration.checksum(Dialect::MySql),
            UnixMicros::now().0,
        );
        lease
            .connection()?
            .exec_drop(INSERT_APPLIED, done)
            .await
            .map_err(failed)?;
    }
    lease
        .connection()?
        .query_drop(format!("DO RELEASE_LOCK({LOCK_NAME})"))
        .await
        .map_err(failed)?;
    Ok(report(&missing))
}

/// Refuses tables that are not up to date.
pub(super) async fn require_current(lease: &mut Lease) -> Result<(), StoreError> {
    let exists: Option<u8> = lease
        .connection()?
        .query_first(
            "SELECT 1 FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'",
        )
        .await
        .map_err(failed)?;
    let done = match exists {
        Some(_) => applied(lease).await?,
        None => Vec::new(),
    };
    require_none(&pending(MIGRATIONS, &done, Dialect::MySql)?)
}

async fn applied(lease: &mut Lease) -> Result<Vec<Applied>, StoreError> {
    let rows: Vec<mysql_async::Row> = lease.connection()?.query(SELECT_APPLIED).await.map_err(failed)?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Applied {
                version: take(&mut row, 0)?,
                checksum: take(&mut row, 1)?,
            })
        })
        .collect()
}
