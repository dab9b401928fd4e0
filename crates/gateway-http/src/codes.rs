//! From kinds of failure to HTTP statuses: the one table.

use actix_web::http::StatusCode;
use gateway_core::ErrorKind;

/// The status for a kind of failure.
#[must_use]
pub fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::InvalidRequest | ErrorKind::SqlSyntax => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthorized => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden | ErrorKind::InvalidSql => StatusCode::FORBIDDEN,
        ErrorKind::NotFound | ErrorKind::InvalidDataSource => StatusCode::NOT_FOUND,
        // RFC 9110, section 15.5.20: the request went to a server that cannot answer it.
        ErrorKind::WrongReplica => StatusCode::MISDIRECTED_REQUEST,
        ErrorKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        ErrorKind::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Validation | ErrorKind::Query => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        // Not in any RFC, but the de-facto status for "the client closed the request".
        ErrorKind::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorKind::Connection | ErrorKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
    }
}

/// After how many seconds a caller may try again, where that helps.
#[must_use]
pub fn retry_after(kind: ErrorKind) -> Option<u32> {
    kind.is_retryable().then_some(1)
}
