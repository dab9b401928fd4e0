//! The audit log in SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::{AuditRecord, UnixMicros};
use rusqlite::types::Value;
use rusqlite::{TransactionBehavior, params, params_from_iter};

use super::SqliteStore;
use super::error::failed;
use crate::audit_query::{AuditQuery, AuditRow, AuditValue, FORGET, insert, last_before, oldest};
use crate::{AuditFilter, AuditPage, AuditStore, Page, StoreError};

#[async_trait]
impl AuditStore for SqliteStore {
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError> {
        self.worker
            .call(move |connection| {
                let change = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(failed)?;
                {
                    let mut statement = change.prepare_cached(&insert(1)).map_err(failed)?;
                    for row in records.iter().map(AuditRow::from) {
                        statement
                            .execute(params![
                                row.id,
                                row.at,
                                row.correlation_id,
                                row.subject,
                                row.remote,
                                row.action,
                                row.source,
                                row.statement,
                                row.decision,
                                row.code,
                                row.rule,
                                row.rows,
                                row.bytes,
                                row.duration_micros
                            ])
                            .map_err(failed)?;
                    }
                }
                change.commit().map_err(failed)
            })
            .await
    }

    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<AuditPage, StoreError> {
        let query = AuditQuery::new(filter, page)?;
        self.worker
            .call(move |connection| {
                let values = query.values.iter().map(|value| match value {
                    AuditValue::Bytes(bytes) => Value::Blob(bytes.clone()),
                    AuditValue::Text(text) => Value::Text(text.clone()),
                    AuditValue::Number(number) => Value::Integer(*number),
                });
                let mut statement = connection.prepare_cached(&query.sql).map_err(failed)?;
                let rows = statement
                    .query_map(params_from_iter(values), read_row)
                    .map_err(failed)?;
                query.page(rows.collect::<Result<_, _>>().map_err(failed)?)
            })
            .await
    }

    async fn forget_audit(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        self.worker
            .call(move |connection| {
                let rows: Vec<(Vec<u8>, i64)> = connection
                    .prepare_cached(&oldest(most))
                    .and_then(|mut statement| {
                        statement
                            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                            .collect()
                    })
                    .map_err(failed)?;
                let Some(last) = last_before(rows, moment) else {
                    return Ok(0);
                };
                let removed = connection
                    .execute(FORGET, params![last, moment.0])
                    .map_err(failed)?;
                Ok(removed as u64)
            })
            .await
    }
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        id: row.get(0)?,
        at: row.get(1)?,
        correlation_id: row.get(2)?,
        subject: row.get(3)?,
        remote: row.get(4)?,
        action: row.get(5)?,
        source: row.get(6)?,
        statement: row.get(7)?,
        decision: row.get(8)?,
        code: row.get(9)?,
        rule: row.get(10)?,
        rows: row.get(11)?,
        bytes: row.get(12)?,
        duration_micros: row.get(13)?,
    })
}
