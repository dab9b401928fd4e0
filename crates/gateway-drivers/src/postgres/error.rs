//! PostgreSQL's errors in our terms.

use gateway_core::{BoundSql, Position};
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use crate::tls::cause_in;
use crate::{ConnectFailure, DriverError, StatementFailure, TlsFailure};

/// Of connecting.
pub(super) fn connecting(error: &tokio_postgres::Error) -> DriverError {
    let reason = match error.as_db_error() {
        Some(refusal) if is_login_refusal(refusal.code()) => ConnectFailure::Refused,
        Some(_) => ConnectFailure::Unreachable,
        None => match tls_failure(error) {
            Some(failure) => ConnectFailure::Tls(failure),
            None => ConnectFailure::Unreachable,
        },
    };
    DriverError::Connect {
        reason,
        message: describe(error),
    }
}

fn tls_failure(error: &tokio_postgres::Error) -> Option<TlsFailure> {
    // The library tells this one by its text only.
    let cause = std::error::Error::source(error).map(ToString::to_string);
    if cause.as_deref() == Some("server does not support TLS") {
        return Some(TlsFailure::NotOffered);
    }
    cause_in(error)
}

/// Of the caller's statement.
pub(super) fn statement(error: &tokio_postgres::Error, sql: &BoundSql) -> DriverError {
    match error.as_db_error() {
        Some(refusal) if ends_session(refusal.code()) => DriverError::Lost(refusal.message().to_owned()),
        Some(refusal) => DriverError::Statement(Box::new(failure(refusal, sql))),
        None => without_server(error),
    }
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, error: &tokio_postgres::Error) -> DriverError {
    match error.as_db_error() {
        Some(refusal) if ends_session(refusal.code()) => DriverError::Lost(refusal.message().to_owned()),
        Some(refusal) => DriverError::Housekeeping {
            step,
            message: refusal.message().to_owned(),
        },
        None => without_server(error),
    }
}

/// Whether a prepared statement has become unusable because what it refers to was changed since.
pub(super) fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|refusal| {
        // "cached plan must not change result type" has no code of its own.
        *refusal.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*refusal.code() == SqlState::FEATURE_NOT_SUPPORTED
                && refusal.routine() == Some("RevalidateCachedQuery"))
    })
}

fn without_server(error: &tokio_postgres::Error) -> DriverError {
    DriverError::Lost(describe(error))
}

fn failure(refusal: &DbError, sql: &BoundSql) -> StatementFailure {
    StatementFailure {
        message: refusal.message().to_owned(),
        sql_state: Some(refusal.code().code().to_owned()),
        native_code: Some(refusal.code().code().to_owned()),
        position: refusal.position().and_then(|position| place(position, sql)),
        hint: refusal.hint().or(refusal.detail()).map(str::to_owned),
    }
}

/// PostgreSQL counts characters from 1 in the text it was sent.
fn place(position: &ErrorPosition, sql: &BoundSql) -> Option<Position> {
    let ErrorPosition::Original(character) = position else {
        return None;
    };
    let nth = usize::try_from(*character).ok()?.checked_sub(1)?;
    let offset = sql
        .text()
        .char_indices()
        .nth(nth)
        .map_or(sql.text().len(), |(offset, _)| offset);
    Some(sql.caller_position(offset))
}

fn is_login_refusal(code: &SqlState) -> bool {
    // Class 28: invalid authorization; 3D: the database does not exist or may not be entered.
    code.code().starts_with("28") || code.code().starts_with("3D")
}

/// Class 57P: the server is shutting down or crashed; class 08: the connection failed.
fn ends_session(code: &SqlState) -> bool {
    code.code().starts_with("57P") || code.code().starts_with("08")
}

/// The error with its cause: the display form alone says only which step failed.
fn describe(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
