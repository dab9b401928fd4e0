//! Audit records on the wire.

use gateway_core::temporal::{CivilDate, civil_from_days, days_from_civil};
use gateway_core::{AuditRecord, BinaryStyle, ErrorKind, IdentifiedBy, UnixMicros, json};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::error::ApiError;

/// A part of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditList {
    items: Vec<AuditBody>,
    /// Send it as `?cursor=` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// A record. Parameter values are part of it only where the operator has asked for that.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditBody {
    #[schema(format = Uuid)]
    id: String,
    timestamp: String,
    correlation_id: String,
    /// Who asked.
    subject: String,
    /// How they were identified: `token`, `api_key`, `certificate` or `nothing`.
    identified_by: Option<&'static str>,
    /// From which address.
    remote: Option<String>,
    action: &'static str,
    /// What it was about, unless that is a data source: the prefix of a key, the name of a role, a path.
    target: Option<String>,
    #[schema(format = Uuid)]
    data_source_id: Option<String>,
    statement: Option<String>,
    /// The SHA-256 digest of the statement, in hexadecimal.
    statement_sha256: Option<String>,
    /// The values bound to the statement.
    #[schema(value_type = Option<Object>)]
    parameters: Option<Box<RawValue>>,
    /// `allowed`, `refused`, `failed` or `cancelled`.
    decision: &'static str,
    /// The error code of the answer.
    code: Option<String>,
    /// The validator's rule that the statement broke, or the reason of a refused login.
    rule: Option<String>,
    rows: u64,
    bytes: u64,
    duration_ms: f64,
    /// How many events it stands for: 1, except in a summary.
    count: u64,
}

impl AuditList {
    pub(crate) fn from(records: Vec<AuditRecord>, next_cursor: Option<String>) -> Self {
        Self {
            items: records.into_iter().map(AuditBody::from).collect(),
            next_cursor,
        }
    }
}

impl From<AuditRecord> for AuditBody {
    fn from(record: AuditRecord) -> Self {
        Self {
            id: record.id.to_string(),
            timestamp: record.at.to_string(),
            correlation_id: record.correlation_id,
            subject: record.subject,
            identified_by: record.identified_by.map(IdentifiedBy::as_str),
            remote: record.remote,
            action: record.action.as_str(),
            target: record.target,
            data_source_id: record.source.map(|id| id.to_string()),
            statement: record.statement,
            statement_sha256: record.digest.map(|digest| hex(&digest)),
            parameters: record
                .parameters
                .and_then(|json| RawValue::from_string(json).ok()),
            decision: record.decision.as_str(),
            code: record.code,
            rule: record.rule,
            rows: record.rows,
            bytes: record.bytes,
            duration_ms: record.duration_micros as f64 / 1000.0,
            count: record.count,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    json::write_bytes(&mut out, bytes, BinaryStyle::Hex);
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads `YYYY-MM-DDTHH:MM:SS[.f]Z`.
pub(crate) fn parse_moment(field: &str, text: &str) -> Result<UnixMicros, ApiError> {
    moment(text).ok_or_else(|| {
        ApiError::field(
            ErrorKind::Validation,
            field,
            "must be a moment in UTC such as 2026-01-31T12:00:00Z",
        )
    })
}

fn moment(text: &str) -> Option<UnixMicros> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let civil = CivilDate {
        year: i32::try_from(year).ok()?,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    };
    let days = days_from_civil(civil);
    let fine_clock = hour < 24 && minute < 60 && second < 60;
    // A date that the calendar does not have comes back as another.
    if !fine_clock || fraction.len() > 6 || civil_from_days(days) != civil {
        return None;
    }
    let micros: i64 = if fraction.is_empty() {
        0
    } else {
        format!("{fraction:0<6}").parse().ok()?
    };
    Some(UnixMicros(
        (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + micros,
    ))
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let parts: Option<Vec<i64>> = text
        .split(separator)
        .map(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse().ok())
                .flatten()
        })
        .collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_others_refused() {
        assert_eq!(moment("1970-01-02T00:00:01.5Z"), Some(UnixMicros(86_401_500_000)));
        for text in [
            "",
            "2026-02-30T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-1-1",
            "2026-01-01T00:00:00.1234567Z",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
