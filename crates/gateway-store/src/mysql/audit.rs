//! The audit log in MySQL and MariaDB.

use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::{AuditRecord, UnixMicros};
use mysql_async::prelude::Queryable;
use mysql_async::{Params, Row, Value};

use super::error::failed;
use super::session::Lease;
use super::{MySqlStore, take};
use crate::audit_query::{AuditQuery, AuditRow, AuditValue, CHUNK, FORGET, insert, last_before, oldest};
use crate::{AuditFilter, AuditPage, AuditStore, Page, StoreError};

#[async_trait]
impl AuditStore for MySqlStore {
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError> {
        self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            lease.begin("START TRANSACTION").await?;
            let added = add(&mut lease, &records).await;
            lease.finish(added).await
        })
        .await
    }

    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<AuditPage, StoreError> {
        let query = AuditQuery::new(filter, page)?;
        let values: Vec<Value> = query
            .values
            .iter()
            .map(|value| match value {
                AuditValue::Bytes(bytes) => Value::from(bytes),
                AuditValue::Text(text) => Value::from(text),
                AuditValue::Number(number) => Value::from(*number),
            })
            .collect();
        let parameters = if values.is_empty() {
            Params::Empty
        } else {
            Params::Positional(values)
        };
        let rows: Vec<Row> = self
            .limited(async {
                let mut lease = Lease::take(&self.pool).await?;
                let rows = lease
                    .connection()?
                    .exec(query.sql.as_str(), parameters)
                    .await
                    .map_err(failed)?;
                lease.give_back();
                Ok(rows)
            })
            .await?;
        query.page(rows.into_iter().map(read_row).collect::<Result<_, _>>()?)
    }

    async fn forget_audit(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            let rows = lease.connection()?.query(oldest(most)).await.map_err(failed)?;
            let removed = match last_before(rows, moment) {
                Some(last) => {
                    let connection = lease.connection()?;
                    connection
                        .exec_drop(FORGET, (last, moment.0))
                        .await
                        .map_err(failed)?;
                    connection.affected_rows()
                }
                None => 0,
            };
            lease.give_back();
            Ok(removed)
        })
        .await
    }
}

async fn add(lease: &mut Lease, records: &[AuditRecord]) -> Result<(), StoreError> {
    for chunk in records.chunks(CHUNK) {
        let statement = insert(chunk.len());
        let values: Vec<Value> = chunk.iter().map(AuditRow::from).flat_map(values).collect();
        lease
            .connection()?
            .exec_drop(statement, Params::Positional(values))
            .await
            .map_err(failed)?;
    }
    Ok(())
}

fn values(row: AuditRow) -> [Value; 14] {
    [
        row.id.into(),
        row.at.into(),
        row.correlation_id.into(),
        row.subject.into(),
        row.remote.into(),
        row.action.into(),
        row.source.into(),
        row.statement.into(),
        row.decision.into(),
        row.code.into(),
        row.rule.into(),
        row.rows.into(),
        row.bytes.into(),
        row.duration_micros.into(),
    ]
}

fn read_row(mut row: Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: take(&mut row, 0)?,
        at: take(&mut row, 1)?,
        correlation_id: take(&mut row, 2)?,
        subject: take(&mut row, 3)?,
        remote: take(&mut row, 4)?,
        action: take(&mut row, 5)?,
        source: take(&mut row, 6)?,
        statement: take(&mut row, 7)?,
        decision: take(&mut row, 8)?,
        code: take(&mut row, 9)?,
        rule: take(&mut row, 10)?,
        rows: take(&mut row, 11)?,
        bytes: take(&mut row, 12)?,
        duration_micros: take(&mut row, 13)?,
    })
}
