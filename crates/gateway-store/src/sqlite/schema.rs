//! Migrations in SQLite: all of them in one transaction that holds the write lock.

use gateway_core::UnixMicros;
use rusqlite::{Connection, TransactionBehavior, params};

use super::error::failed;
use crate::StoreError;
use crate::migrations::{
    Applied, CREATE_TABLE, Dialect, INSERT_APPLIED, MIGRATIONS, MigrationReport, SELECT_APPLIED, pending,
    report, require_none,
};

/// Applies what is missing.
pub(super) fn migrate(connection: &mut Connection) -> Result<MigrationReport, StoreError> {
    let change = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    change.execute_batch(CREATE_TABLE).map_err(failed)?;
    let missing = pending(MIGRATIONS, &applied(&change)?, Dialect::Sqlite)?;
    for migration in &missing {
        for statement in migration.statements(Dialect::Sqlite) {
            change.execute_batch(&statement).map_err(failed)?;
        }
        change
            .execute(
                INSERT_APPLIED,
                params![
                    migration.version,
                    migration.name,
                    migration.checksum(Dialect::Sqlite),
                    UnixMicros::now().0
                ],
            )
            .map_err(failed)?;
    }
    change.commit().map_err(failed)?;
    Ok(report(&missing))
}

/// Refuses tables that are not up to date.
pub(super) fn require_current(connection: &mut Connection) -> Result<(), StoreError> {
    let exists: bool = connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations')",
            [],
            |row| row.get(0),
        )
        .map_err(failed)?;
    let done = if exists { applied(connection)? } else { Vec::new() };
    require_none(&pending(MIGRATIONS, &done, Dialect::Sqlite)?)
}

fn applied(connection: &Connection) -> Result<Vec<Applied>, StoreError> {
    let mut statement = connection.prepare(SELECT_APPLIED).map_err(failed)?;
    let rows = statement
        .query_map([], |row| {
            Ok(Applied {
                version: row.get(0)?,
                checksum: row.get(1)?,
            })
        })
        .map_err(failed)?;
    rows.collect::<Result<_, _>>().map_err(failed)
}
