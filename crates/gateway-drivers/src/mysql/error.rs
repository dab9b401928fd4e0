//! MySQL's and MariaDB's errors in our terms.

use mysql_async::{DriverError as LibraryError, Error, ServerError};

use crate::tls::cause_in;
use crate::{ConnectFailure, DriverError, StatementFailure, TlsFailure};

/// Access denied (by account, database, host), unknown database, host blocked or not allowed.
const LOGIN_REFUSALS: [u16; 7] = [1044, 1045, 1049, 1129, 1130, 1698, 3118];

/// The server is shutting down, the connection was killed, or the server closed it for inactivity.
const SESSION_ENDS: [u16; 4] = [1053, 1079, 1927, 4031];

/// "This command is not supported in the prepared statement protocol yet".
const NOT_PREPARABLE: u16 = 1295;

/// "Unknown thread id".
const NO_SUCH_SESSION: u16 = 1094;

/// Of connecting.
pub(super) fn connecting(error: &Error) -> DriverError {
    let reason = match error {
        Error::Server(refusal) if LOGIN_REFUSALS.contains(&refusal.code) => ConnectFailure::Refused,
        // MySQL hides that an account does not exist by asking it, at random, for a method that hardly any account has.
        Error::Driver(LibraryError::UnknownAuthPlugin { .. }) => ConnectFailure::Refused,
        Error::Driver(LibraryError::NoClientSslFlagFromServer) => ConnectFailure::Tls(TlsFailure::NotOffered),
        // What it can tell of its own about TLS is that the settings are not usable.
        Error::Driver(LibraryError::NoKeyFound) => ConnectFailure::Tls(TlsFailure::Settings),
        _ => cause_in(error).map_or(ConnectFailure::Unreachable, ConnectFailure::Tls),
    };
    DriverError::Connect {
        reason,
        message: describe(error),
    }
}

/// Of the caller's statement.
pub(super) fn statement(error: &Error) -> DriverError {
    match error {
        Error::Server(refusal) if SESSION_ENDS.contains(&refusal.code) => {
            DriverError::Lost(refusal.message.clone())
        }
        Error::Server(refusal) => DriverError::Statement(Box::new(failure(refusal))),
        other => DriverError::Lost(describe(other)),
    }
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, error: &Error) -> DriverError {
    match error {
        Error::Server(refusal) if !SESSION_ENDS.contains(&refusal.code) => DriverError::Housekeeping {
            step,
            message: refusal.message.clone(),
        },
        other => DriverError::Lost(describe(other)),
    }
}

/// Of what comes before a statement is sent: a connection that is lost then has not begun it.
pub(super) fn unsent(error: DriverError) -> DriverError {
    match error {
        DriverError::Lost(message) => DriverError::Stale(message),
        other => other,
    }
}

/// Whether the statement has to go by the text protocol.
pub(super) fn is_not_preparable(error: &Error) -> bool {
    matches!(error, Error::Server(refusal) if refusal.code == NOT_PREPARABLE)
}

/// Whether the session that was to be killed has gone already.
pub(super) fn is_no_such_session(error: &Error) -> bool {
    matches!(error, Error::Server(refusal) if refusal.code == NO_SUCH_SESSION)
}

fn failure(refusal: &ServerError) -> StatementFailure {
    StatementFailure {
        message: refusal.message.clone(),
        sql_state: Some(refusal.state.clone()),
        native_code: Some(refusal.code.to_string()),
        position: None,
        hint: None,
    }
}

/// The error for the log. Connection errors of the client library never hold the password: it is not given a URL.
fn describe(error: &Error) -> String {
    error.to_string()
}
