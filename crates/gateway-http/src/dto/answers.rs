//! The forms of answers, for the description of the interface. The answers themselves are written in `render`.

#![allow(
    dead_code,
    reason = "these types describe what is written elsewhere; nothing makes them"
)]

use std::collections::BTreeMap;

use utoipa::{IntoResponses, ToSchema};

/// A success.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Answer<T> {
    /// Always true.
    success: bool,
    data: T,
    /// Also in the header `X-Correlation-ID`.
    correlation_id: String,
    /// RFC 3339, in UTC.
    timestamp: String,
}

/// A failure.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Failure {
    /// Always false.
    success: bool,
    error: FailureBody,
    /// Also in the header `X-Correlation-ID`.
    correlation_id: String,
    /// RFC 3339, in UTC.
    timestamp: String,
}

/// What went wrong.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct FailureBody {
    /// Stable; match on this.
    #[schema(example = "INVALID_SQL")]
    code: String,
    /// For people.
    message: String,
    /// More about this occurrence: the field, the parameter, the offending text.
    details: Option<String>,
    position: Option<FailurePosition>,
    /// As the database gave it.
    sql_state: Option<String>,
    /// The database's own code.
    native_code: Option<String>,
    /// What the database suggests.
    hint: Option<String>,
    /// Whether the same request may succeed later.
    retryable: bool,
}

/// A place in the SQL text as it was sent; both count from 1.
#[derive(ToSchema)]
pub(crate) struct FailurePosition {
    line: u32,
    column: u32,
}

/// Rows and what is known about them.
#[derive(ToSchema)]
pub(crate) struct QueryResult {
    columns: Vec<ColumnBody>,
    /// One array a row, or one object with `rowFormat` `object`.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<BTreeMap<String, String>>,
    metadata: QueryMetadata,
}

/// A page of a result.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct PageResult {
    columns: Vec<ColumnBody>,
    /// One array a row, or one object with `rowFormat` `object`.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<BTreeMap<String, String>>,
    /// Of this page.
    metadata: QueryMetadata,
    /// The path of the next page; null at the end.
    next_uri: Option<String>,
}

/// A column.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ColumnBody {
    name: String,
    /// From 1.
    ordinal: u32,
    /// The standard type.
    #[schema(example = "INTEGER")]
    r#type: String,
    /// The engine's own name of the type.
    #[schema(example = "int4")]
    native_type: String,
    /// Null where the engine does not tell.
    nullable: Option<bool>,
    #[schema(required = false)]
    precision: u32,
    #[schema(required = false)]
    scale: i32,
    #[schema(required = false)]
    length: u64,
    #[schema(required = false)]
    encoding: String,
    #[schema(required = false)]
    table: String,
}

/// What is known about an execution.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct QueryMetadata {
    row_count: u64,
    /// Whether rows are missing.
    truncated: bool,
    /// `rows`, `bytes`, `cell` or `time`, if rows are missing.
    #[schema(required = false)]
    truncated_by: String,
    execution_time_ms: f64,
    #[schema(format = Uuid)]
    query_id: String,
    #[schema(format = Uuid)]
    data_source_id: String,
    database_type: String,
}

/// How a request that runs a statement can fail.
#[derive(IntoResponses)]
pub(crate) enum QueryFailures {
    /// INVALID_REQUEST or SQL_SYNTAX_ERROR
    #[response(status = 400)]
    BadRequest(Failure),
    /// UNAUTHORIZED
    #[response(status = 401)]
    Unauthorized(Failure),
    /// FORBIDDEN or INVALID_SQL
    #[response(status = 403)]
    Forbidden(Failure),
    /// INVALID_DATA_SOURCE
    #[response(status = 404)]
    NotFound(Failure),
    /// PAYLOAD_TOO_LARGE
    #[response(status = 413)]
    TooLarge(Failure),
    /// VALIDATION_ERROR or QUERY_ERROR
    #[response(status = 422)]
    Unprocessable(Failure),
    /// RATE_LIMIT_EXCEEDED
    #[response(status = 429)]
    TooMany(Failure),
    /// QUERY_CANCELLED
    #[response(status = 499)]
    Cancelled(Failure),
    /// CONNECTION_ERROR or OVERLOADED
    #[response(status = 503)]
    Unavailable(Failure),
    /// TIMEOUT_ERROR
    #[response(status = 504)]
    Timeout(Failure),
}
