//! MySQL's and MariaDB's errors in our terms.

use super::refusal::{Failure, Refusal};
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
pub(super) fn connecting(failure: &Failure) -> DriverError {
    let reason = match failure {
        Failure::Refused(refusal) if LOGIN_REFUSALS.contains(&refusal.code) => ConnectFailure::Refused,
        // The servers hide that an account does not exist by asking it, at random, for a method that hardly any account has.
        Failure::UnknownMethod(_) => ConnectFailure::Refused,
        Failure::TlsNotOffered => ConnectFailure::Tls(TlsFailure::NotOffered),
        Failure::Network(broken) => match cause_in(broken) {
            Some(cause) => ConnectFailure::Tls(cause),
            None => ConnectFailure::Unreachable,
        },
        Failure::Refused(_) | Failure::Farewell(_) | Failure::UnusableKey | Failure::OutOfStep => {
            ConnectFailure::Unreachable
        }
    };
    DriverError::Connect {
        reason,
        message: failure.to_string(),
    }
}

/// Of the caller's statement.
pub(super) fn statement(failure: &Failure) -> DriverError {
    match failure {
        Failure::Refused(refusal) if !ends_session(refusal) => {
            DriverError::Statement(Box::new(StatementFailure {
                message: refusal.message.clone(),
                sql_state: Some(refusal.state.clone()),
                native_code: Some(refusal.code.to_string()),
                position: None,
                hint: None,
            }))
        }
        broken => lost(broken),
    }
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, failure: &Failure) -> DriverError {
    match failure {
        Failure::Refused(refusal) if !ends_session(refusal) => DriverError::Housekeeping {
            step,
            message: refusal.message.clone(),
        },
        broken => lost(broken),
    }
}

/// Whether the statement has to go by the text protocol.
pub(super) fn is_not_preparable(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == NOT_PREPARABLE)
}

/// Whether the session that was to be killed has gone already.
pub(super) fn is_no_such_session(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == NO_SUCH_SESSION)
}

fn ends_session(refusal: &Refusal) -> bool {
    SESSION_ENDS.contains(&refusal.code)
}

fn lost(failure: &Failure) -> DriverError {
    DriverError::Lost(failure.to_string())
}
