//! Transactions on MySQL and MariaDB, each step of them bounded in time.

use std::future::Future;
use std::time::Duration;

use deadpool::managed::Pool;
use mysql_async::prelude::Queryable;
use mysql_async::{Params, Value as Native};

use super::error::failed;
use super::session::{Lease, Manager};
use crate::StoreError;
use crate::sql::{Database, Row, Transaction, Value};

/// A MySQL or MariaDB database.
pub(crate) struct MySqlDatabase {
    pub(super) pool: Pool<Manager>,
    pub(super) operation_timeout: Duration,
}

impl Database for MySqlDatabase {
    type Transaction = MySqlTransaction;

    async fn begin(&self) -> Result<MySqlTransaction, StoreError> {
        self.begin_with("START TRANSACTION").await
    }

    async fn begin_reading(&self) -> Result<MySqlTransaction, StoreError> {
        self.begin_with("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            .await
    }
}

impl MySqlDatabase {
    async fn begin_with(&self, statement: &str) -> Result<MySqlTransaction, StoreError> {
        let mut lease = Lease::take(&self.pool).await?;
        limited(self.operation_timeout, lease.begin(statement)).await?;
        Ok(MySqlTransaction {
            lease,
            limit: self.operation_timeout,
        })
    }
}

/// A transaction. Dropping it closes the connection, so that the server undoes it.
pub(crate) struct MySqlTransaction {
    lease: Lease,
    limit: Duration,
}

impl Transaction for MySqlTransaction {
    const FOR_UPDATE: &'static str = " FOR UPDATE";

    async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let reading = self.lease.connection()?.exec(sql, parameters(values));
        let reading = async { reading.await.map_err(failed) };
        let rows: Vec<mysql_async::Row> = limited(self.limit, reading).await?;
        rows.into_iter().map(from_native).collect()
    }

    async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let connection = self.lease.connection()?;
        limited(self.limit, async {
            connection
                .exec_drop(sql, parameters(values))
                .await
                .map_err(failed)?;
            Ok(connection.affected_rows())
        })
        .await
    }

    async fn commit(self) -> Result<(), StoreError> {
        limited(self.limit, self.lease.finish(Ok(()))).await
    }
}

/// Runs an operation, but not for longer than the limit. An operation that is cut off loses its connection, so the server
/// undoes what it had not committed.
pub(super) async fn limited<T>(
    limit: Duration,
    operation: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, operation).await.unwrap_or_else(|_| {
        Err(StoreError::Unavailable {
            reason: format!("no answer within {limit:?}"),
        })
    })
}

fn parameters(values: Vec<Value>) -> Params {
    if values.is_empty() {
        // The library refuses an empty list in positional form.
        return Params::Empty;
    }
    let native = |value| match value {
        Value::Null => Native::NULL,
        Value::Bytes(bytes) => Native::Bytes(bytes),
        Value::Text(text) => Native::Bytes(text.into_bytes()),
        Value::Number(number) => Native::Int(number),
    };
    Params::Positional(values.into_iter().map(native).collect())
}

fn from_native(mut row: mysql_async::Row) -> Result<Row, StoreError> {
    let values = (0..row.len()).map(|index| match row.take(index) {
        Some(Native::NULL) => Ok(Value::Null),
        Some(Native::Bytes(bytes)) => Ok(Value::Bytes(bytes)),
        Some(Native::Int(number)) => Ok(Value::Number(number)),
        Some(Native::UInt(number)) => i64::try_from(number).map(Value::Number).map_err(|_| unreadable()),
        Some(Native::Float(_) | Native::Double(_) | Native::Date(..) | Native::Time(..)) | None => {
            Err(unreadable())
        }
    });
    Ok(Row::new(values.collect::<Result<_, _>>()?))
}

fn unreadable() -> StoreError {
    StoreError::Corrupt {
        what: "a value of an unexpected type".to_owned(),
    }
}
