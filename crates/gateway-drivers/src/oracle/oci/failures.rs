//! Errors of sibyl's in our terms.

use sibyl::Error;

use super::super::error::Refusal;
use crate::{ConnectFailure, DriverError, StatementFailure};

/// The call was given up, by the server on our interrupt or by the client library for its timeout. What is left of the session
/// is not found out.
const CALL_ENDS: [usize; 3] = [1013, 3136, 3156];

/// The connection broke, in the words of Oracle Net.
const NET_ENDS: [usize; 6] = [3106, 12152, 12170, 12537, 12547, 12570];

/// There is no such service, SID or instance.
const UNKNOWN_SERVICES: [usize; 3] = [12505, 12514, 12521];

/// Of connecting.
pub(super) fn connecting(failure: &Error) -> DriverError {
    let reason = match refusal(failure) {
        Some(refusal) if refusal.refuses_login() || UNKNOWN_SERVICES.contains(&refusal.code) => {
            ConnectFailure::Refused
        }
        _ => ConnectFailure::Unreachable,
    };
    DriverError::Connect {
        reason,
        message: failure.to_string(),
    }
}

/// Of the caller's statement. Where in the statement is not to be had: sibyl does not pass on that attribute.
pub(super) fn statement(failure: &Error) -> DriverError {
    match refusal(failure) {
        Some(refusal) if is_end(refusal) => DriverError::Lost(refusal.native_code()),
        Some(refusal) => DriverError::Statement(Box::new(refusal.failure(None))),
        None => unread(&failure.to_string()),
    }
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, failure: &Error) -> DriverError {
    match refusal(failure) {
        Some(refusal) if is_end(refusal) => DriverError::Lost(refusal.native_code()),
        _ => DriverError::Housekeeping {
            step,
            message: failure.to_string(),
        },
    }
}

/// Something of the caller's that cannot be had this way.
pub(super) fn unread(message: &str) -> DriverError {
    DriverError::Statement(Box::new(StatementFailure {
        message: message.to_owned(),
        ..StatementFailure::default()
    }))
}

/// The same, with what to do instead.
pub(super) fn unread_but(message: String, hint: &str) -> DriverError {
    DriverError::Statement(Box::new(StatementFailure {
        message,
        hint: Some(hint.to_owned()),
        ..StatementFailure::default()
    }))
}

fn is_end(refusal: Refusal<'_>) -> bool {
    refusal.ends_session() || CALL_ENDS.contains(&refusal.code) || NET_ENDS.contains(&refusal.code)
}

/// What the server or Oracle Net said; `None` if it was sibyl itself, or nothing was said.
fn refusal(failure: &Error) -> Option<Refusal<'_>> {
    match failure {
        // Without an error of the server's, the code is the status of the call.
        Error::Oracle(code, message) => usize::try_from(*code)
            .ok()
            .filter(|code| *code > 0)
            .map(|code| Refusal { code, message }),
        Error::Interface(_) => None,
    }
}
