//! Transactions on a SQLite file, on connections of their own: a job of another caller in between would be part of them.

use std::path::Path;
use std::sync::Arc;

use rusqlite::types::Value as Native;
use rusqlite::{Connection, params_from_iter};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::failed;
use super::worker::Worker;
use crate::StoreError;
use crate::sql::{Database, Row, Transaction, Value};

/// A SQLite file.
pub(crate) struct SqliteFile {
    writer: Arc<Mutex<Worker>>,
    /// Whoever only reads need not wait for a writer that waits for another process.
    reader: Arc<Mutex<Worker>>,
}

impl SqliteFile {
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            writer: Arc::new(Mutex::new(Worker::open(path).await?)),
            reader: Arc::new(Mutex::new(Worker::open(path).await?)),
        })
    }
}

impl Database for SqliteFile {
    type Transaction = SqliteTransaction;

    async fn begin(&self) -> Result<SqliteTransaction, StoreError> {
        begin(&self.writer, "BEGIN IMMEDIATE").await
    }

    async fn begin_reading(&self) -> Result<SqliteTransaction, StoreError> {
        begin(&self.reader, "BEGIN DEFERRED").await
    }
}

async fn begin(
    worker: &Arc<Mutex<Worker>>,
    statement: &'static str,
) -> Result<SqliteTransaction, StoreError> {
    let transaction = SqliteTransaction {
        worker: Arc::clone(worker).lock_owned().await,
        committed: false,
    };
    transaction
        .worker
        .call(move |connection| connection.execute_batch(statement).map_err(failed))
        .await?;
    Ok(transaction)
}

/// A transaction; nobody else has the connection meanwhile.
pub(crate) struct SqliteTransaction {
    worker: OwnedMutexGuard<Worker>,
    committed: bool,
}

impl Transaction for SqliteTransaction {
    const FOR_UPDATE: &'static str = "";

    async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = sql.to_owned();
        self.worker
            .call(move |connection| select(connection, &sql, values).map_err(failed))
            .await
    }

    async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let sql = sql.to_owned();
        self.worker
            .call(move |connection| {
                let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
                let changed = statement.execute(natives(values)).map_err(failed)?;
                Ok(changed as u64)
            })
            .await
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        self.worker
            .call(|connection| connection.execute_batch("COMMIT").map_err(failed))
            .await?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        if !self.committed {
            self.worker.send(|connection| {
                // It may have ended already, with an error of its own.
                if !connection.is_autocommit() {
                    let _ = connection.execute_batch("ROLLBACK");
                }
            });
        }
    }
}

fn select(connection: &Connection, sql: &str, values: Vec<Value>) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map(natives(values), |row| {
        let values = (0..columns)
            .map(|index| {
                Ok(match row.get(index)? {
                    Native::Null => Value::Null,
                    Native::Integer(number) => Value::Number(number),
                    Native::Text(text) => Value::Text(text),
                    Native::Blob(bytes) => Value::Bytes(bytes),
                    Native::Real(number) => Value::Text(number.to_string()),
                })
            })
            .collect::<rusqlite::Result<_>>()?;
        Ok(Row::new(values))
    })?;
    rows.collect()
}

fn natives(values: Vec<Value>) -> impl rusqlite::Params {
    params_from_iter(values.into_iter().map(|value| match value {
        Value::Null => Native::Null,
        Value::Bytes(bytes) => Native::Blob(bytes),
        Value::Text(text) => Native::Text(text),
        Value::Number(number) => Native::Integer(number),
    }))
}
