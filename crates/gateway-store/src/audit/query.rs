//! Reading the audit log, newest first.

use gateway_core::{AuditId, AuditRecord};

use super::row::{AuditRow, COLUMNS};
use crate::sql::{Row, Value};
use crate::{AuditFilter, AuditPage, Page, StoreError};

/// A part of the log in SQL.
#[derive(Debug)]
pub(super) struct AuditQuery {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
    limit: usize,
}

impl AuditQuery {
    /// The statement for one page; it reads one record more than wanted, to know whether there is a next page.
    pub(super) fn new(filter: &AuditFilter, page: &Page) -> Result<Self, StoreError> {
        let mut conditions = vec!["1 = 1"];
        let mut values = Vec::new();
        let mut add = |condition, value: Option<Value>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        add("subject = ?", text(&filter.subject));
        add(
            "source = ?",
            filter.source.map(|id| Value::Bytes(id.as_bytes().to_vec())),
        );
        add(
            "action = ?",
            filter
                .action
                .map(|action| Value::Text(action.as_str().to_owned())),
        );
        add(
            "decision = ?",
            filter
                .decision
                .map(|decision| Value::Text(decision.as_str().to_owned())),
        );
        add(
            "identified_by = ?",
            filter.identified_by.map(|by| Value::Text(by.as_str().to_owned())),
        );
        add("target = ?", text(&filter.target));
        add("code = ?", text(&filter.code));
        add("rule = ?", text(&filter.rule));
        add("correlation_id = ?", text(&filter.correlation_id));
        add("decided_at >= ?", filter.from.map(|at| Value::Number(at.0)));
        add("decided_at < ?", filter.to.map(|at| Value::Number(at.0)));
        if let Some(cursor) = &page.cursor {
            let id: AuditId = cursor.parse().map_err(|_| StoreError::BadCursor)?;
            add("id < ?", Some(Value::Bytes(id.as_bytes().to_vec())));
        }
        let limit = page.limit.clamp(1, Page::MAX_LIMIT);
        let conditions = conditions.join(" AND ");
        Ok(Self {
            sql: format!(
                "SELECT {COLUMNS} FROM audit_records WHERE {conditions} ORDER BY id DESC LIMIT {}",
                limit + 1
            ),
            values,
            limit: limit as usize,
        })
    }

    /// The page that the rows make.
    pub(super) fn page(&self, rows: Vec<Row>) -> Result<AuditPage, StoreError> {
        let has_more = rows.len() > self.limit;
        let items: Vec<AuditRecord> = rows
            .into_iter()
            .take(self.limit)
            .map(|mut row| AuditRow::read(&mut row)?.into_record())
            .collect::<Result<_, _>>()?;
        let next_cursor = items.last().filter(|_| has_more).map(|last| last.id.to_string());
        Ok(AuditPage { items, next_cursor })
    }
}
