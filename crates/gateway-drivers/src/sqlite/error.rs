//! SQLite's errors in our terms.

use gateway_core::Position;
use rusqlite::ErrorCode;

use crate::{CancelCause, ConnectFailure, DriverError, StatementFailure};

/// Of opening a file.
pub(super) fn opening(error: &rusqlite::Error) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Unreachable,
        message: error.to_string(),
    }
}

/// Of the caller's statement; `sql` is the text it was about.
pub(super) fn statement(error: &rusqlite::Error, sql: &str) -> DriverError {
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        return DriverError::Cancelled(CancelCause::Requested);
    }
    let position = match error {
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset)
            .ok()
            .map(|offset| Position::of_offset(sql, offset)),
        _ => None,
    };
    DriverError::Statement(Box::new(StatementFailure {
        message: message(error),
        sql_state: None,
        native_code: code(error).map(|code| code.to_string()),
        position,
        hint: None,
    }))
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, error: &rusqlite::Error) -> DriverError {
    DriverError::Housekeeping {
        step,
        message: error.to_string(),
    }
}

/// SQLite's extended result code.
fn code(error: &rusqlite::Error) -> Option<i32> {
    match error {
        rusqlite::Error::SqlInputError { error, .. } | rusqlite::Error::SqliteFailure(error, _) => {
            Some(error.extended_code)
        }
        _ => None,
    }
}

/// The message without the statement's text, which the caller knows.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}
