//! Reading the audit log, newest first, and the form its records have in the tables.

use gateway_core::{AuditAction, AuditDecision, AuditId, AuditRecord, DataSourceId, UnixMicros};

use crate::{AuditFilter, AuditPage, Page, StoreError};

/// Records written by one statement; with fourteen values each this stays far below every engine's bound.
pub(crate) const CHUNK: usize = 100;

const COLUMNS: &str = "id, decided_at, correlation_id, subject, remote, action, source, statement, decision, code, \
     rule, row_count, byte_count, duration_us";

/// The longest name of a caller that is kept.
const LONGEST_SUBJECT: usize = 255;

/// A record as it stands in the table.
#[derive(Debug)]
pub(crate) struct AuditRow {
    pub(crate) id: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) correlation_id: String,
    pub(crate) subject: String,
    pub(crate) remote: Option<String>,
    pub(crate) action: String,
    pub(crate) source: Option<Vec<u8>>,
    pub(crate) statement: Option<String>,
    pub(crate) decision: String,
    pub(crate) code: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) duration_micros: i64,
}

impl From<&AuditRecord> for AuditRow {
    fn from(record: &AuditRecord) -> Self {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            id: record.id.as_bytes().to_vec(),
            at: record.at.0,
            correlation_id: record.correlation_id.clone(),
            subject: record.subject.chars().take(LONGEST_SUBJECT).collect(),
            remote: record.remote.clone(),
            action: record.action.as_str().to_owned(),
            source: record.source.map(|id| id.as_bytes().to_vec()),
            statement: record.statement.clone(),
            decision: record.decision.as_str().to_owned(),
            code: record.code.clone(),
            rule: record.rule.clone(),
            rows: signed(record.rows),
            bytes: signed(record.bytes),
            duration_micros: signed(record.duration_micros),
        }
    }
}

impl AuditRow {
    pub(crate) fn into_record(self) -> Result<AuditRecord, StoreError> {
        let unsigned = |number: i64| u64::try_from(number).unwrap_or(0);
        let corrupt = |what: &str| StoreError::Corrupt {
            what: format!("an audit record's {what}"),
        };
        let source = match &self.source {
            Some(bytes) => Some(crate::record::source_id(bytes)?),
            None => None,
        };
        let DataSourceId(id) = crate::record::source_id(&self.id)?;
        Ok(AuditRecord {
            id: AuditId(id),
            at: UnixMicros(self.at),
            correlation_id: self.correlation_id,
            subject: self.subject,
            remote: self.remote,
            action: AuditAction::parse(&self.action).ok_or_else(|| corrupt("action"))?,
            source,
            statement: self.statement,
            decision: AuditDecision::parse(&self.decision).ok_or_else(|| corrupt("decision"))?,
            code: self.code,
            rule: self.rule,
            rows: unsigned(self.rows),
            bytes: unsigned(self.bytes),
            duration_micros: unsigned(self.duration_micros),
        })
    }
}

/// The statement that finds the oldest records from before a moment. Identifiers sort by time, so this reads the
/// primary key from its beginning.
pub(crate) fn oldest(most: u32) -> String {
    format!("SELECT id, decided_at FROM audit_records ORDER BY id LIMIT {most}")
}

/// The statement that removes everything up to a record.
pub(crate) const FORGET: &str = "DELETE FROM audit_records WHERE id <= ? AND decided_at < ?";

/// The last of the oldest records that is from before `moment`, if the first is.
pub(crate) fn last_before(rows: Vec<(Vec<u8>, i64)>, moment: UnixMicros) -> Option<Vec<u8>> {
    rows.into_iter()
        .take_while(|(_, at)| *at < moment.0)
        .last()
        .map(|(id, _)| id)
}

/// The statement that adds `count` records.
pub(crate) fn insert(count: usize) -> String {
    let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    format!(
        "INSERT INTO audit_records ({COLUMNS}) VALUES {}",
        vec![row; count].join(", ")
    )
}

/// A value of a filter.
#[derive(Debug, Clone)]
pub(crate) enum AuditValue {
    Bytes(Vec<u8>),
    Text(String),
    Number(i64),
}

/// A part of the log in SQL.
#[derive(Debug)]
pub(crate) struct AuditQuery {
    pub(crate) sql: String,
    pub(crate) values: Vec<AuditValue>,
    limit: usize,
}

impl AuditQuery {
    /// The statement for one page; it reads one record more than wanted, to know whether there is a next page.
    pub(crate) fn new(filter: &AuditFilter, page: &Page) -> Result<Self, StoreError> {
        let mut conditions = vec!["1 = 1"];
        let mut values = Vec::new();
        let mut add = |condition, value: Option<AuditValue>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(AuditValue::Text);
        add("subject = ?", text(&filter.subject));
        add(
            "source = ?",
            filter.source.map(|id| AuditValue::Bytes(id.as_bytes().to_vec())),
        );
        add(
            "action = ?",
            filter
                .action
                .map(|action| AuditValue::Text(action.as_str().to_owned())),
        );
        add(
            "decision = ?",
            filter
                .decision
                .map(|decision| AuditValue::Text(decision.as_str().to_owned())),
        );
        add("code = ?", text(&filter.code));
        add("rule = ?", text(&filter.rule));
        add("correlation_id = ?", text(&filter.correlation_id));
        add("decided_at >= ?", filter.from.map(|at| AuditValue::Number(at.0)));
        add("decided_at < ?", filter.to.map(|at| AuditValue::Number(at.0)));
        if let Some(cursor) = &page.cursor {
            let id: AuditId = cursor.parse().map_err(|_| StoreError::BadCursor)?;
            add("id < ?", Some(AuditValue::Bytes(id.as_bytes().to_vec())));
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
    pub(crate) fn page(&self, rows: Vec<AuditRow>) -> Result<AuditPage, StoreError> {
        let has_more = rows.len() > self.limit;
        let items: Vec<AuditRecord> = rows
            .into_iter()
            .take(self.limit)
            .map(AuditRow::into_record)
            .collect::<Result<_, _>>()?;
        let next_cursor = items.last().filter(|_| has_more).map(|last| last.id.to_string());
        Ok(AuditPage { items, next_cursor })
    }
}
