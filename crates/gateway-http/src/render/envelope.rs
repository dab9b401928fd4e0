//! The frame around every JSON answer.

use gateway_core::UnixMicros;
use gateway_core::json::write_string;
use serde::Serialize;

use crate::error::Failure;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Success<'a, T> {
    success: bool,
    data: &'a T,
    correlation_id: &'a str,
    timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal<'a> {
    success: bool,
    error: ErrorBody<'a>,
    correlation_id: &'a str,
    timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    code: &'static str,
    message: &'a str,
    details: Option<&'a str>,
    position: Option<Position>,
    sql_state: Option<&'a str>,
    native_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    retryable: bool,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

/// A success with `data`.
pub(crate) fn success(data: &impl Serialize, correlation_id: &str) -> Vec<u8> {
    to_vec(&Success {
        success: true,
        data,
        correlation_id,
        timestamp: UnixMicros::now().to_string(),
    })
}

/// A failure.
pub(crate) fn error(failure: &Failure, correlation_id: &str) -> Vec<u8> {
    let detail = &failure.detail;
    to_vec(&Refusal {
        success: false,
        error: ErrorBody {
            code: failure.kind.code(),
            message: &failure.public,
            details: detail.details.as_deref(),
            position: detail.position.map(|at| Position {
                line: at.line,
                column: at.column,
            }),
            sql_state: detail.sql_state.as_deref(),
            native_code: detail.native_code.as_deref(),
            hint: detail.hint.as_deref(),
            retryable: failure.kind.is_retryable(),
        },
        correlation_id,
        timestamp: UnixMicros::now().to_string(),
    })
}

/// The end of an answer whose `data` was written by hand.
pub(crate) fn close(out: &mut Vec<u8>, correlation_id: &str) {
    out.extend_from_slice(b",\"correlationId\":");
    write_string(out, correlation_id);
    out.extend_from_slice(b",\"timestamp\":");
    write_string(out, &UnixMicros::now().to_string());
    out.push(b'}');
}

fn to_vec(value: &impl Serialize) -> Vec<u8> {
    // These structures have only string keys and plain values, which always serialize.
    serde_json::to_vec(value).unwrap_or_default()
}
