//! PostgreSQL's errors in our terms.

use gateway_core::{BoundSql, Position};

use super::refusal::{Failure, Refusal};
use crate::tls::cause_in;
use crate::{ConnectFailure, DriverError, StatementFailure, TlsFailure};

/// Of connecting.
pub(super) fn connecting(failure: &Failure) -> DriverError {
    let reason = match failure {
        Failure::Refused(refusal) if is_login_refusal(&refusal.code) => ConnectFailure::Refused,
        Failure::NoPassword => ConnectFailure::Refused,
        Failure::TlsNotOffered => ConnectFailure::Tls(TlsFailure::NotOffered),
        Failure::Unsupported(what) => ConnectFailure::Unsupported(what),
        Failure::Network(broken) => match cause_in(broken) {
            Some(cause) => ConnectFailure::Tls(cause),
            None => ConnectFailure::Unreachable,
        },
        Failure::Refused(_) | Failure::Unsendable | Failure::OutOfStep => ConnectFailure::Unreachable,
    };
    DriverError::Connect {
        reason,
        message: failure.to_string(),
    }
}

/// Of the caller's statement.
pub(super) fn statement(failure: &Failure, sql: &BoundSql) -> DriverError {
    match failure {
        Failure::Refused(refusal) if ends_session(&refusal.code) => DriverError::Lost(failure.to_string()),
        Failure::Refused(refusal) => DriverError::Statement(Box::new(told(refusal, sql))),
        Failure::Unsendable => DriverError::Statement(Box::new(StatementFailure {
            message: failure.to_string(),
            ..StatementFailure::default()
        })),
        broken => DriverError::Lost(broken.to_string()),
    }
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, failure: &Failure) -> DriverError {
    match failure {
        Failure::Refused(refusal) if !ends_session(&refusal.code) => DriverError::Housekeeping {
            step,
            message: refusal.message.clone(),
        },
        broken => DriverError::Lost(broken.to_string()),
    }
}

/// Whether a prepared statement has become unusable because what it refers to was changed since.
pub(super) fn is_stale_plan(refusal: &Refusal) -> bool {
    const INVALID_SQL_STATEMENT_NAME: &str = "26000";
    const FEATURE_NOT_SUPPORTED: &str = "0A000";
    // "cached plan must not change result type" has no code of its own.
    refusal.code == INVALID_SQL_STATEMENT_NAME
        || (refusal.code == FEATURE_NOT_SUPPORTED
            && refusal.routine.as_deref() == Some("RevalidateCachedQuery"))
}

fn told(refusal: &Refusal, sql: &BoundSql) -> StatementFailure {
    StatementFailure {
        message: refusal.message.clone(),
        sql_state: Some(refusal.code.clone()),
        native_code: Some(refusal.code.clone()),
        position: refusal.position.and_then(|position| place(position, sql)),
        hint: refusal.hint.clone().or_else(|| refusal.detail.clone()),
    }
}

/// PostgreSQL counts characters from 1 in the text it was sent.
fn place(position: usize, sql: &BoundSql) -> Option<Position> {
    let nth = position.checked_sub(1)?;
    let offset = sql
        .text()
        .char_indices()
        .nth(nth)
        .map_or(sql.text().len(), |(offset, _)| offset);
    Some(sql.caller_position(offset))
}

fn is_login_refusal(code: &str) -> bool {
    // Class 28: invalid authorization; 3D: the database does not exist or may not be entered.
    code.starts_with("28") || code.starts_with("3D")
}

/// Class 57P: the server is shutting down or crashed; class 08: the connection failed.
fn ends_session(code: &str) -> bool {
    code.starts_with("57P") || code.starts_with("08")
}
