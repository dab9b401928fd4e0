//! One line of the file: a record as JSON, and its link to the line before.
//!
//! What is hashed are the bytes of the record as they stand in the line, so any program that can hash can follow the links.

use gateway_core::{AuditRecord, IdentifiedBy};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Keeps these hashes apart from any others.
const DOMAIN: &[u8] = b"nexus-gateway audit file 1";

/// A place in the file's chain: a line, or what comes before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) seq: u64,
    pub(super) hash: [u8; 32],
}

impl Link {
    /// The place of the line that comes next and holds `record`.
    pub(super) fn next(&self, record: &str) -> Self {
        let seq = self.seq + 1;
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(self.hash);
        hash.update(seq.to_be_bytes());
        hash.update(record.as_bytes());
        Self {
            seq,
            hash: hash.finalize().into(),
        }
    }
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    seq: u64,
    prev: String,
    hash: String,
    #[serde(borrow)]
    record: &'a RawValue,
}

/// A line as it was found.
pub(super) struct Found {
    /// The link it claims to be.
    pub(super) link: Link,
    /// The hash that it claims is before it.
    pub(super) prev: [u8; 32],
    /// The record's text.
    pub(super) record: String,
}

/// Appends the line that follows on `link`; its place.
pub(super) fn write(out: &mut Vec<u8>, link: &Link, record: &AuditRecord) -> Result<Link, serde_json::Error> {
    let record = RawValue::from_string(serde_json::to_string(&Record::from(record))?)?;
    let next = link.next(record.get());
    let line = Line {
        seq: next.seq,
        prev: to_hex(&link.hash),
        hash: to_hex(&next.hash),
        record: &record,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(next)
}

/// Takes a line apart; `None` if it is not one.
pub(super) fn read(line: &str) -> Option<Found> {
    let parts: Line<'_> = serde_json::from_str(line).ok()?;
    Some(Found {
        link: Link {
            seq: parts.seq,
            hash: from_hex(&parts.hash)?,
        },
        prev: from_hex(&parts.prev)?,
        record: parts.record.get().to_owned(),
    })
}

/// The identifier in a record's text.
pub(super) fn record_id(record: &str) -> Option<gateway_core::AuditId> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let parts: Id = serde_json::from_str(record).ok()?;
    parts.id.parse().ok()
}

/// A record with the names it has on the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    id: String,
    timestamp: String,
    correlation_id: &'a str,
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identified_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a str>,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_source_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Box<RawValue>>,
    decision: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    rows: u64,
    bytes: u64,
    duration_ms: f64,
    count: u64,
}

impl<'a> From<&'a AuditRecord> for Record<'a> {
    fn from(record: &'a AuditRecord) -> Self {
        let parameters = record.parameters.clone();
        Self {
            id: record.id.to_string(),
            timestamp: record.at.to_string(),
            correlation_id: &record.correlation_id,
            subject: &record.subject,
            identified_by: record.identified_by.map(IdentifiedBy::as_str),
            remote: record.remote.as_deref(),
            action: record.action.as_str(),
            target: record.target.as_deref(),
            data_source_id: record.source.map(|id| id.to_string()),
            statement: record.statement.as_deref(),
            statement_sha256: record.digest.map(|digest| to_hex(&digest)),
            parameters: parameters.and_then(|json| RawValue::from_string(json).ok()),
            decision: record.decision.as_str(),
            code: record.code.as_deref(),
            rule: record.rule.as_deref(),
            rows: record.rows,
            bytes: record.bytes,
            duration_ms: record.duration_micros as f64 / 1000.0,
            count: record.count,
        }
    }
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}
