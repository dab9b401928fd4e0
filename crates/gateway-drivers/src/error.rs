//! How running a statement can fail.

use std::borrow::Cow;
use std::time::Duration;

use gateway_core::{Classify, Engine, ErrorDetail, ErrorKind, Position, UnixMicros};

/// Why a statement was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelCause {
    /// Somebody asked for it.
    Requested,
    /// Nobody was reading any more.
    ReaderLeft,
    /// The process is to end.
    ShuttingDown,
}

/// Why no connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectFailure {
    /// Nothing answered at the address, or it could not be resolved.
    Unreachable,
    /// The database refused the account.
    Refused,
    /// No answer within the connect timeout.
    Timeout,
    /// The protection asked for could not be established.
    #[cfg(feature = "tls")]
    Tls(crate::TlsFailure),
    /// The operator does not permit sources to point there.
    Forbidden,
    /// The database wants something that the driver does not have. The text says what, and what would help.
    Unsupported(&'static str),
}

impl ConnectFailure {
    const fn public(self) -> &'static str {
        match self {
            Self::Unreachable => "The database cannot be reached",
            Self::Refused => "The database refused the configured account",
            Self::Timeout => "The database did not answer within the connect timeout",
            #[cfg(feature = "tls")]
            Self::Tls(failure) => failure.public(),
            Self::Forbidden => {
                "The gateway's settings do not permit connections to where this data source points"
            }
            Self::Unsupported(what) => what,
        }
    }
}

/// What the database said about the caller's statement. All of it may be shown to the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementFailure {
    /// The database's message.
    pub message: String,
    /// SQLSTATE.
    pub sql_state: Option<String>,
    /// The database's own number or code.
    pub native_code: Option<String>,
    /// Where in the statement.
    pub position: Option<Position>,
    /// What the database suggests.
    pub hint: Option<String>,
}

/// Any failure of this crate. `Display` is for logs.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// The database refused the caller's statement. The log gets its code only: the message may quote the caller's values.
    #[error("the database refused the statement ({})", .0.native_code.as_deref().unwrap_or("no code"))]
    Statement(Box<StatementFailure>),
    /// A value cannot be bound where the statement wants it.
    #[error("parameter {name:?}: {message}")]
    Parameter {
        /// What the caller calls the parameter.
        name: String,
        /// What is wrong with it; never the value itself.
        message: String,
    },
    /// A statement of ours failed: a begin, a rollback, a probe.
    #[error("{step} failed: {message}")]
    Housekeeping {
        /// What was being done.
        step: &'static str,
        /// What the database said.
        message: String,
    },
    /// No connection came about.
    #[error("no connection ({reason:?}): {message}")]
    Connect {
        /// The kind of failure.
        reason: ConnectFailure,
        /// What the network or the database said.
        message: String,
    },
    /// What the source refers to as a secret cannot be had. Neither form of the message holds its content.
    #[error("the secret {reference:?} {problem}")]
    Secret {
        /// The reference as its owner wrote it if it leads to what is permitted; else only its kind.
        reference: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The connection broke while the statement ran.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// The connection was found to be dead before the statement was sent on it, so that it can be sent on another.
    #[error("the connection was dead: {0}")]
    Stale(String),
    /// The source could not be connected to so often that it is left alone for a while; nothing was sent.
    #[error("the breaker is open since {since} ({cause:?}), for another {retry_in:?}")]
    Suspended {
        /// When connecting began to fail.
        since: UnixMicros,
        /// Why it failed last.
        cause: ConnectFailure,
        /// How long until the next attempt; zero while one is under way.
        retry_in: Duration,
    },
    /// No session became free in time.
    #[error("no session became free within the acquire timeout")]
    Busy,
    /// The statement was cancelled.
    #[error("cancelled: {0:?}")]
    Cancelled(CancelCause),
    /// The deadline passed and the statement was cancelled.
    #[error("the deadline passed")]
    Deadline,
    /// The pool was closed because its source changed or was removed.
    #[error("the pool is closed")]
    Closed,
    /// The statement was approved for another engine than the one it was given to.
    #[error("a statement approved for {approved} was given to {actual}")]
    WrongEngine {
        /// The engine the statement was approved for.
        approved: Engine,
        /// The engine it was given to.
        actual: Engine,
    },
    /// The source asks for something this engine or build does not offer.
    #[error("not supported: {0}")]
    Unsupported(String),
}

impl DriverError {
    /// Of what comes before a statement is sent: a connection that is lost then has not begun it.
    #[cfg(feature = "tls")]
    pub(crate) fn unsent(self) -> Self {
        match self {
            Self::Lost(message) => Self::Stale(message),
            other => other,
        }
    }

    /// Of a statement with too few values or too many.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(crate) fn arity(given: usize, wanted: usize) -> Self {
        Self::Statement(Box::new(StatementFailure {
            message: format!("the statement has {wanted} parameters, and {given} values were given"),
            ..StatementFailure::default()
        }))
    }

    /// Of a row that is not what its description says.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(crate) fn malformed_row() -> Self {
        Self::Housekeeping {
            step: "decoding a row",
            message: "the server sent a value in an unknown format".into(),
        }
    }

    /// Whether the session that produced this error is certainly in its initial state.
    #[must_use]
    pub const fn leaves_session_usable(&self) -> bool {
        match self {
            Self::Statement(_) | Self::Parameter { .. } | Self::WrongEngine { .. } => true,
            Self::Housekeeping { .. }
            | Self::Connect { .. }
            | Self::Secret { .. }
            | Self::Lost(_)
            | Self::Stale(_)
            | Self::Suspended { .. }
            | Self::Busy
            | Self::Cancelled(_)
            | Self::Deadline
            | Self::Closed
            | Self::Unsupported(_) => false,
        }
    }
}

impl Classify for DriverError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Statement(_) => ErrorKind::Query,
            Self::Parameter { .. } => ErrorKind::Validation,
            Self::Housekeeping { .. } | Self::WrongEngine { .. } => ErrorKind::Internal,
            Self::Connect { .. }
            | Self::Secret { .. }
            | Self::Lost(_)
            | Self::Stale(_)
            | Self::Suspended { .. }
            | Self::Closed
            | Self::Unsupported(_) => ErrorKind::Connection,
            Self::Busy => ErrorKind::Overloaded,
            Self::Cancelled(_) => ErrorKind::Cancelled,
            Self::Deadline => ErrorKind::Timeout,
        }
    }

    fn public_message(&self) -> Cow<'_, str> {
        match self {
            Self::Statement(failure) => Cow::Borrowed(&failure.message),
            Self::Parameter { name, message } => Cow::Owned(format!("Parameter {name:?}: {message}")),
            Self::Housekeeping { .. } | Self::WrongEngine { .. } => Cow::Borrowed("Internal error"),
            Self::Connect { reason, .. } => Cow::Borrowed(reason.public()),
            Self::Secret { reference, problem } => Cow::Owned(format!("The secret {reference:?} {problem}")),
            Self::Lost(_) | Self::Stale(_) => {
                Cow::Borrowed("The connection to the database was lost while the query ran")
            }
            Self::Suspended {
                since,
                cause,
                retry_in,
            } => Cow::Owned(format!(
                "The data source has not been reachable since {since} ({}); it is left alone for another {} s",
                cause.public(),
                in_seconds(*retry_in)
            )),
            Self::Busy => Cow::Borrowed("All connections of this data source are in use"),
            Self::Cancelled(_) => Cow::Borrowed("The query was cancelled"),
            Self::Deadline => Cow::Borrowed("The query reached its time limit and was cancelled"),
            Self::Closed => Cow::Borrowed("The data source was changed while the query waited; try again"),
            Self::Unsupported(what) => Cow::Borrowed(what),
        }
    }

    fn detail(&self) -> ErrorDetail {
        match self {
            Self::Statement(failure) => ErrorDetail {
                details: None,
                position: failure.position,
                sql_state: failure.sql_state.clone(),
                native_code: failure.native_code.clone(),
                hint: failure.hint.clone(),
            },
            Self::Parameter { name, .. } => ErrorDetail {
                details: Some(format!("parameters.{name}")),
                ..ErrorDetail::default()
            },
            Self::Housekeeping { .. }
            | Self::Connect { .. }
            | Self::Secret { .. }
            | Self::Lost(_)
            | Self::Stale(_)
            | Self::Suspended { .. }
            | Self::Busy
            | Self::Cancelled(_)
            | Self::Deadline
            | Self::Closed
            | Self::WrongEngine { .. }
            | Self::Unsupported(_) => ErrorDetail::default(),
        }
    }
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Suspended { retry_in, .. } => Some(*retry_in),
            _ => None,
        }
    }
}

/// Rounded up, and at least one.
fn in_seconds(time: Duration) -> u64 {
    time.as_millis()
        .div_ceil(1000)
        .max(1)
        .try_into()
        .unwrap_or(u64::MAX)
}
