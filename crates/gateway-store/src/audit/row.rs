//! The form a record has in the tables, and as the bytes that are hashed.

use gateway_core::{
    AuditAction, AuditDecision, AuditId, AuditRecord, DataSourceId, IdentifiedBy, UnixMicros,
};

use crate::StoreError;
use crate::record::source_id;
use crate::sql::{Row, Value};

/// Most records that one statement writes, which bounds its parameters.
const CHUNK: usize = 40;

/// Bytes after which a statement takes no further record: far below what a server accepts as one packet.
const CHUNK_BYTES: usize = 512 << 10;

/// The columns of an [`AuditRow`], in the order of its fields.
pub(super) const COLUMNS: &str = "id, decided_at, correlation_id, subject, identified_by, remote, action, target, source, \
     statement, digest, parameters, decision, code, rule, row_count, byte_count, duration_us, event_count";

/// How many they are, with those that tie a record to its chain.
const COLUMN_COUNT: usize = 22;

/// The longest texts that the table's columns keep, in characters.
const LONGEST_NAME: usize = 255;
const LONGEST_ADDRESS: usize = 64;
const LONGEST_CORRELATION: usize = 128;

/// The form of [`AuditRow::canonical`].
const FORM: u8 = 1;

/// A record as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditRow {
    pub(crate) id: Vec<u8>,
    pub(crate) at: i64,
    correlation_id: String,
    subject: String,
    identified_by: Option<String>,
    remote: Option<String>,
    action: String,
    target: Option<String>,
    source: Option<Vec<u8>>,
    statement: Option<String>,
    digest: Option<Vec<u8>>,
    parameters: Option<String>,
    decision: String,
    code: Option<String>,
    rule: Option<String>,
    rows: i64,
    bytes: i64,
    duration_micros: i64,
    count: i64,
}

impl From<&AuditRecord> for AuditRow {
    fn from(record: &AuditRecord) -> Self {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        Self {
            id: record.id.as_bytes().to_vec(),
            at: record.at.0,
            correlation_id: cut(&record.correlation_id, LONGEST_CORRELATION),
            subject: cut(&record.subject, LONGEST_NAME),
            identified_by: record.identified_by.map(|by| by.as_str().to_owned()),
            remote: record
                .remote
                .as_deref()
                .map(|remote| cut(remote, LONGEST_ADDRESS)),
            action: record.action.as_str().to_owned(),
            target: record.target.as_deref().map(|target| cut(target, LONGEST_NAME)),
            source: record.source.map(|id| id.as_bytes().to_vec()),
            statement: record.statement.clone(),
            digest: record.digest.map(|digest| digest.to_vec()),
            parameters: record.parameters.clone(),
            decision: record.decision.as_str().to_owned(),
            code: record.code.clone(),
            rule: record.rule.clone(),
            rows: signed(record.rows),
            bytes: signed(record.bytes),
            duration_micros: signed(record.duration_micros),
            count: signed(record.count),
        }
    }
}

impl AuditRow {
    /// Takes it from the columns [`COLUMNS`].
    pub(super) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.bytes()?,
            at: row.number()?,
            correlation_id: row.text()?,
            subject: row.text()?,
            identified_by: row.optional_text()?,
            remote: row.optional_text()?,
            action: row.text()?,
            target: row.optional_text()?,
            source: row.optional_bytes()?,
            statement: row.optional_text()?,
            digest: row.optional_bytes()?,
            parameters: row.optional_text()?,
            decision: row.text()?,
            code: row.optional_text()?,
            rule: row.optional_text()?,
            rows: row.number()?,
            bytes: row.number()?,
            duration_micros: row.number()?,
            count: row.number()?,
        })
    }

    /// The values of [`COLUMNS`].
    pub(super) fn values(self) -> Values {
        Values([
            self.id.into(),
            self.at.into(),
            self.correlation_id.into(),
            self.subject.into(),
            self.identified_by.into(),
            self.remote.into(),
            self.action.into(),
            self.target.into(),
            self.source.into(),
            self.statement.into(),
            self.digest.into(),
            self.parameters.into(),
            self.decision.into(),
            self.code.into(),
            self.rule.into(),
            self.rows.into(),
            self.bytes.into(),
            self.duration_micros.into(),
            self.count.into(),
        ])
    }

    pub(super) fn into_record(self) -> Result<AuditRecord, StoreError> {
        let unsigned = |number: i64| u64::try_from(number).unwrap_or(0);
        let corrupt = |what: &str| StoreError::Corrupt {
            what: format!("an audit record's {what}"),
        };
        let source = self.source.as_deref().map(source_id).transpose()?;
        let DataSourceId(id) = source_id(&self.id)?;
        let identified_by = self
            .identified_by
            .map(|name| IdentifiedBy::parse(&name).ok_or_else(|| corrupt("way of identification")));
        let digest = self.digest.map(<[u8; 32]>::try_from);
        Ok(AuditRecord {
            id: AuditId(id),
            at: UnixMicros(self.at),
            correlation_id: self.correlation_id,
            subject: self.subject,
            identified_by: identified_by.transpose()?,
            remote: self.remote,
            action: AuditAction::parse(&self.action).ok_or_else(|| corrupt("action"))?,
            target: self.target,
            source,
            statement: self.statement,
            digest: digest.transpose().map_err(|_| corrupt("digest"))?,
            parameters: self.parameters,
            decision: AuditDecision::parse(&self.decision).ok_or_else(|| corrupt("decision"))?,
            code: self.code,
            rule: self.rule,
            rows: unsigned(self.rows),
            bytes: unsigned(self.bytes),
            duration_micros: unsigned(self.duration_micros),
            count: unsigned(self.count),
        })
    }
}

/// A record as the values of [`COLUMNS`].
#[derive(Debug, Clone)]
pub(super) struct Values([Value; COLUMN_COUNT - 3]);

impl Values {
    /// The record in one form of bytes and one only: each field in order, with its length before it, so that no two records
    /// look alike.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.length());
        out.push(FORM);
        for value in &self.0 {
            match value {
                Value::Null => out.push(0),
                Value::Number(number) => {
                    out.push(1);
                    out.extend(number.to_be_bytes());
                }
                Value::Text(text) => write_bytes(&mut out, text.as_bytes()),
                Value::Bytes(bytes) => write_bytes(&mut out, bytes),
            }
        }
        out
    }

    /// Bytes that it has, and a little more.
    fn length(&self) -> usize {
        let lengths = self.0.iter().map(|value| match value {
            Value::Null | Value::Number(_) => 0,
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
        });
        lengths.sum::<usize>() + COLUMN_COUNT * 9
    }
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(2);
    out.extend((bytes.len() as u64).to_be_bytes());
    out.extend(bytes);
}

/// A record with its place in its chain.
pub(super) struct Linked {
    pub(super) values: Values,
    pub(super) chain: i64,
    pub(super) seq: i64,
    pub(super) hash: Vec<u8>,
}

/// How many of `records` one statement should write; at least one, if there is one.
pub(super) fn chunk(records: &[Linked]) -> usize {
    let mut bytes = 0;
    let fitting = records.iter().take(CHUNK).take_while(|linked| {
        let fits = bytes < CHUNK_BYTES;
        bytes += linked.values.length();
        fits
    });
    fitting.count()
}

/// The statement that adds records, and its values.
pub(super) fn insert(records: Vec<Linked>) -> (String, Vec<Value>) {
    let marks = vec!["?"; COLUMN_COUNT].join(", ");
    let rows = vec![format!("({marks})"); records.len()].join(", ");
    let values = records.into_iter().flat_map(|linked| {
        let link: [Value; 3] = [linked.chain.into(), linked.seq.into(), linked.hash.into()];
        linked.values.0.into_iter().chain(link)
    });
    let sql = format!("INSERT INTO audit_records ({COLUMNS}, chain, chain_seq, chain_hash) VALUES {rows}");
    (sql, values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> AuditRow {
        AuditRow {
            id: vec![1; 16],
            at: 2,
            correlation_id: "c".into(),
            subject: "s".into(),
            identified_by: None,
            remote: None,
            action: "query".into(),
            target: None,
            source: None,
            statement: Some("SELECT 1".into()),
            digest: None,
            parameters: None,
            decision: "allowed".into(),
            code: None,
            rule: None,
            rows: 0,
            bytes: 0,
            duration_micros: 0,
            count: 1,
        }
    }

    #[test]
    fn a_statement_takes_few_long_records_and_many_short_ones() {
        let linked = |statement: &str| Linked {
            values: AuditRow {
                statement: Some(statement.to_owned()),
                ..row()
            }
            .values(),
            chain: 1,
            seq: 1,
            hash: Vec::new(),
        };
        let records = |statement: &str| (0..100).map(|_| linked(statement)).collect::<Vec<_>>();
        assert_eq!(chunk(&records("SELECT 1")), CHUNK);
        assert_eq!(chunk(&records(&"x".repeat(128 << 10))), 4);
        assert_eq!(chunk(&records(&"x".repeat(CHUNK_BYTES * 2))), 1);
        assert_eq!(chunk(&[]), 0);
    }

    #[test]
    fn what_moves_from_one_field_to_the_next_shows() {
        let one = row();
        let other = AuditRow {
            correlation_id: "cs".into(),
            subject: String::new(),
            ..row()
        };
        let form = |row: &AuditRow| row.clone().values().canonical();
        assert_ne!(form(&one), form(&other));
        let moved = AuditRow {
            code: Some("x".into()),
            ..row()
        };
        let beside = AuditRow {
            rule: Some("x".into()),
            ..row()
        };
        assert_ne!(form(&moved), form(&beside));
        assert_eq!(form(&one), form(&row()));
    }
}
