//! How a request can fail, and what its sender may be told.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// The closed list of failures. Each has one stable code; adapters map it to their own status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is not what the schema says.
    InvalidRequest,
    /// A field has the right shape and a value that is not permitted.
    Validation,
    /// No credentials, or bad ones.
    Unauthorized,
    /// Good credentials that do not cover this.
    Forbidden,
    /// No such route or object, other than a data source.
    NotFound,
    /// What is asked for is held by another replica of the gateway.
    WrongReplica,
    /// The route exists, the method does not.
    MethodNotAllowed,
    /// The data source is unknown, inactive or not visible to the caller.
    InvalidDataSource,
    /// The statement does not parse.
    SqlSyntax,
    /// The statement parses and is not a permitted read.
    InvalidSql,
    /// The database refused the caller's statement.
    Query,
    /// The name is taken.
    Conflict,
    /// The object changed since the caller read it.
    PreconditionFailed,
    /// The request is larger than allowed.
    PayloadTooLarge,
    /// Too many requests from this caller.
    RateLimited,
    /// Cancelled by request, or because the caller left.
    Cancelled,
    /// The database cannot be reached.
    Connection,
    /// No capacity at present.
    Overloaded,
    /// The deadline was reached and the statement was cancelled.
    Timeout,
    /// A fault of the gateway.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order in which the documentation lists them.
    pub const ALL: [Self; 20] = [
        Self::InvalidRequest,
        Self::Validation,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::WrongReplica,
        Self::MethodNotAllowed,
        Self::InvalidDataSource,
        Self::SqlSyntax,
        Self::InvalidSql,
        Self::Query,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::RateLimited,
        Self::Cancelled,
        Self::Connection,
        Self::Overloaded,
        Self::Timeout,
        Self::Internal,
    ];

    /// The stable code that clients match on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::Validation => "VALIDATION_ERROR",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::WrongReplica => "WRONG_REPLICA",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::InvalidDataSource => "INVALID_DATA_SOURCE",
            Self::SqlSyntax => "SQL_SYNTAX_ERROR",
            Self::InvalidSql => "INVALID_SQL",
            Self::Query => "QUERY_ERROR",
            Self::Conflict => "CONFLICT",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::RateLimited => "RATE_LIMIT_EXCEEDED",
            Self::Cancelled => "QUERY_CANCELLED",
            Self::Connection => "CONNECTION_ERROR",
            Self::Overloaded => "OVERLOADED",
            Self::Timeout => "TIMEOUT_ERROR",
            Self::Internal => "INTERNAL_ERROR",
        }
    }

    /// Whether the same request may succeed later without a change.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Connection | Self::Overloaded | Self::WrongReplica => true,
            Self::InvalidRequest
            | Self::Validation
            | Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::InvalidDataSource
            | Self::SqlSyntax
            | Self::InvalidSql
            | Self::Query
            | Self::Conflict
            | Self::PreconditionFailed
            | Self::PayloadTooLarge
            | Self::Cancelled
            | Self::Timeout
            | Self::Internal => false,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A place in the caller's SQL text. Both count from 1; columns count characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line number.
    pub line: u32,
    /// Column number.
    pub column: u32,
}

impl Position {
    /// The position of the byte at `offset` of `text` (its end, if `offset` is beyond it).
    ///
    /// ```
    /// use gateway_core::Position;
    /// assert_eq!(Position::of_offset("ä\nbc", 4), Position { line: 2, column: 2 });
    /// ```
    #[must_use]
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let mut position = Self { line: 1, column: 1 };
        for (start, character) in text.char_indices() {
            if start >= offset {
                break;
            }
            if character == '\n' {
                position.line += 1;
                position.column = 1;
            } else {
                position.column += 1;
            }
        }
        position
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The parts of an error answer beyond its code and message. Every part is safe to show to the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorDetail {
    /// More about this occurrence.
    pub details: Option<String>,
    /// Where in the caller's SQL.
    pub position: Option<Position>,
    /// SQLSTATE as the database gave it.
    pub sql_state: Option<String>,
    /// The database's own error number or code.
    pub native_code: Option<String>,
    /// What the database suggests.
    pub hint: Option<String>,
}

/// Implemented by every error that can reach a caller: which failure it is and what may be said about it. `Display`
/// is for the log and may hold internals; [`Classify::public_message`] may not.
pub trait Classify {
    /// Which failure this is.
    fn kind(&self) -> ErrorKind;

    /// One sentence for the caller, without internals or secrets.
    fn public_message(&self) -> Cow<'_, str>;

    /// How long to wait before the same request may succeed, where that is known.
    fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Further parts of the answer.
    fn detail(&self) -> ErrorDetail {
        ErrorDetail::default()
    }
}
