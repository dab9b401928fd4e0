//! Oracle's errors, and the client library's, in our terms.

use gateway_core::{BoundSql, Position};
use oracledb::{DB_TYPE_XMLTYPE, DbError, DbType, Error, ErrorKind};

use crate::{ConnectFailure, DriverError, StatementFailure};

/// Wrong password, no or a locked account, an expired password, no right to connect.
const LOGIN_REFUSALS: [usize; 8] = [1005, 1017, 1045, 28000, 28001, 28003, 28009, 28040];

/// Session killed, not logged on, idle or used for too long, the server is starting or stopping, the connection broke.
const SESSION_ENDS: [usize; 18] = [
    28, 600, 1012, 1014, 1033, 1034, 1041, 1089, 1090, 1092, 2391, 2396, 2399, 3113, 3114, 3135, 12153, 12571,
];

/// What a server said, whichever client heard it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal<'a> {
    pub(super) code: usize,
    pub(super) message: &'a str,
}

impl<'a> From<&'a DbError> for Refusal<'a> {
    fn from(error: &'a DbError) -> Self {
        Self {
            code: error.code(),
            message: error.message(),
        }
    }
}

impl Refusal<'_> {
    /// Whether the account is refused.
    pub(super) fn refuses_login(self) -> bool {
        LOGIN_REFUSALS.contains(&self.code)
    }

    /// Whether the session is no more.
    pub(super) fn ends_session(self) -> bool {
        SESSION_ENDS.contains(&self.code)
    }

    /// `ORA-00942`.
    pub(super) fn native_code(self) -> String {
        format!("ORA-{:05}", self.code)
    }

    /// As a failure of the caller's statement.
    pub(super) fn failure(self, position: Option<Position>) -> StatementFailure {
        // Servers from 23ai on add a line that leads to the documentation.
        let (message, hint) = match self.message.split_once("\nHelp: ") {
            Some((message, help)) => (message, Some(help.trim().to_owned())),
            None => (self.message, None),
        };
        StatementFailure {
            message: message.trim().to_owned(),
            sql_state: None,
            native_code: Some(self.native_code()),
            position,
            hint,
        }
    }
}

/// Of connecting.
pub(super) fn connecting(error: &Error) -> DriverError {
    let reason = match error.kind() {
        ErrorKind::DbError(refusal) if Refusal::from(refusal).refuses_login() => ConnectFailure::Refused,
        ErrorKind::InvalidServiceName(..) | ErrorKind::InvalidSid(..) => ConnectFailure::Refused,
        ErrorKind::ServerVersionNotSupported => ConnectFailure::Unsupported(
            "The database is older than Oracle 12c, which this driver needs; use the driver oci",
        ),
        _ => ConnectFailure::Unreachable,
    };
    DriverError::Connect {
        reason,
        message: describe(error),
    }
}

/// Of a thread that did not get as far as a connection. The client library panics at what it does not know.
pub(super) fn at_connect(failure: DriverError) -> DriverError {
    match failure {
        DriverError::Lost(message) => DriverError::Connect {
            reason: ConnectFailure::Unsupported(
                "The database asks for a kind of login that this driver does not have, as it does for an account whose \
                 password was set before Oracle 12c; set the password anew, or use the driver oci",
            ),
            message,
        },
        other => other,
    }
}

/// Of the caller's statement.
pub(super) fn statement(error: &Error, sql: &BoundSql) -> DriverError {
    match error.kind() {
        ErrorKind::DbError(refusal) if Refusal::from(refusal).ends_session() => {
            DriverError::Lost(Refusal::from(refusal).native_code())
        }
        ErrorKind::DbError(refusal) => {
            let position = has_position(refusal).then(|| sql.caller_position(refusal.offset()));
            DriverError::Statement(Box::new(Refusal::from(refusal).failure(position)))
        }
        ErrorKind::UnsupportedDbType(found) => unsupported(found),
        ErrorKind::InvalidEncodedString
        | ErrorKind::InvalidEncodedVector
        | ErrorKind::InvalidOsonEncodedBytes
        | ErrorKind::UnsupportedOsonNodeType(_)
        | ErrorKind::UnsupportedOsonVersion(_)
        | ErrorKind::UnsupportedVectorFormat(_)
        | ErrorKind::UnsupportedVectorVersion(_) => DriverError::Statement(Box::new(StatementFailure {
            message: format!("A value cannot be read: {}", describe(error)),
            ..StatementFailure::default()
        })),
        // Found by the library before anything was sent. Its words could quote the statement.
        ErrorKind::ParseError(..)
        | ErrorKind::MissingBindValue(_)
        | ErrorKind::InvalidBindName(_)
        | ErrorKind::WrongNumPositionalBinds(..)
        | ErrorKind::UnsupportedConversion(..)
        | ErrorKind::OutOfRange(_)
        | ErrorKind::InvalidOracleNumber(_) => DriverError::Statement(Box::new(StatementFailure {
            message: "Oracle's client cannot read this statement or one of its values".to_owned(),
            ..StatementFailure::default()
        })),
        _ => DriverError::Lost(describe(error)),
    }
}

/// Whether the client has read all that belongs to a call that ended so. Where a server does not say where its answer ends, what
/// comes after a value that cannot be read is left, and would be taken for the next answer.
pub(super) fn leaves_in_step(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::DbError(_))
}

/// Of a statement of ours.
pub(super) fn housekeeping(step: &'static str, error: &Error) -> DriverError {
    match error.kind() {
        ErrorKind::DbError(refusal) if !Refusal::from(refusal).ends_session() => DriverError::Housekeeping {
            step,
            message: refusal.message().to_owned(),
        },
        _ => DriverError::Lost(describe(error)),
    }
}

/// The server had more to send at once than is taken; the session has ended with that.
pub(super) fn too_large() -> DriverError {
    DriverError::Statement(Box::new(StatementFailure {
        message: "A batch of rows is larger than 256 MiB".to_owned(),
        hint: Some("Select fewer columns of the type LONG, or the parts of them that are wanted".to_owned()),
        ..StatementFailure::default()
    }))
}

/// A column whose values cannot be read, and how else to ask for them.
pub(super) fn unsupported(found: &DbType) -> DriverError {
    let hint = if found == DB_TYPE_XMLTYPE {
        "Select XMLSERIALIZE(CONTENT column AS CLOB) instead of the column"
    } else {
        "Select the parts that are wanted, each with a scalar type"
    };
    DriverError::Statement(Box::new(StatementFailure {
        message: format!("Values of the type {} cannot be read", name(found)),
        hint: Some(hint.to_owned()),
        ..StatementFailure::default()
    }))
}

/// `XMLTYPE` of `<DbType DB_TYPE_XMLTYPE>`.
fn name(found: &DbType) -> String {
    let shown = found.to_string();
    let inner = shown.trim_start_matches("<DbType DB_TYPE_").trim_end_matches('>');
    inner.to_owned()
}

/// The server tells an offset with every error, and zero when it means none. Errors of the syntax (900 to 999) mean it.
fn has_position(refusal: &DbError) -> bool {
    refusal.offset() > 0 || (900..1000).contains(&refusal.code())
}

/// The error for the log: what the library says, and what lies behind. It has not been given a text that holds the password.
fn describe(error: &Error) -> String {
    error.to_string()
}
