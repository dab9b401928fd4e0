//! Every way a use case can fail.

use std::borrow::Cow;
use std::time::Duration;

use gateway_core::{BindError, Classify, ErrorDetail, ErrorKind, FieldProblem, TruncatedBy};
use gateway_drivers::DriverError;
use gateway_sql::Rejection;
use gateway_store::StoreError;

/// A failed use case.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The data source does not exist, is inactive, or is hidden from the caller; which of these is not told.
    #[error("no such data source for this caller")]
    UnknownSource,
    /// The caller may not do this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// The statement was not approved.
    #[error("statement rejected: {0}")]
    Rejected(#[from] Rejection),
    /// The parameters do not fit the statement.
    #[error("parameters: {0}")]
    Parameters(#[from] BindError),
    /// A field has a value that is not permitted.
    #[error("invalid fields: {}", list(.0))]
    Fields(Vec<FieldProblem>),
    /// A value of the request is out of range.
    #[error("invalid {field}: {message}")]
    Field {
        /// The field's path on the wire.
        field: &'static str,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Nothing can be put on record at present, so nothing is done.
    #[error("the audit queue is full")]
    AuditBacklog,
    /// The frames of an answer stopped without an end or an error.
    #[error("the query's task ended without a result")]
    Incomplete,
    /// There is no such query for this caller.
    #[error("no such query runs for this caller")]
    NoSuchQuery,
    /// There is no such page for this caller.
    #[error("no such page for this caller")]
    NoSuchPage,
    /// The read belongs to another replica, or to one that has been restarted.
    #[error("the read is held by another replica")]
    WrongReplica,
    /// Too many queries are under way, for this caller or on this source.
    #[error("not admitted: {0}")]
    TooManyQueries(&'static str),
    /// No further paged read may be opened now.
    #[error("paged read refused: {0}")]
    TooManyReads(&'static str),
    /// The result was cut by a limit that the caller did not set, and the format has no way to say so.
    #[error("the answer's format cannot say that the result was cut by {0}")]
    CutShort(TruncatedBy),
    /// A value has no exact form in the format that the caller wants.
    #[error("a value of column {column} does not fit {target}")]
    Unrepresentable {
        /// The column's name.
        column: String,
        /// The beginning of the value.
        value: String,
        /// The type it should have become.
        target: String,
    },
    /// An encoder failed.
    #[error("encoding failed: {0}")]
    Encoding(String),
    /// There may be no more of something.
    #[error("there are {most} {what} already")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// A driver failed.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(problems: &[FieldProblem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect();
    lines.join("; ")
}

impl Classify for ServiceError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownSource => ErrorKind::InvalidDataSource,
            Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::Rejected(rejection) => rejection.kind(),
            Self::Parameters(_) | Self::Fields(_) | Self::Field { .. } => ErrorKind::Validation,
            Self::AuditBacklog | Self::TooManyQueries(_) | Self::TooManyReads(_) => ErrorKind::Overloaded,
            Self::NoSuchQuery | Self::NoSuchPage => ErrorKind::NotFound,
            Self::WrongReplica => ErrorKind::WrongReplica,
            Self::TooMany { .. } => ErrorKind::Conflict,
            Self::CutShort(TruncatedBy::Time) => ErrorKind::Timeout,
            Self::CutShort(_) | Self::Unrepresentable { .. } => ErrorKind::Query,
            Self::Incomplete | Self::Encoding(_) | Self::NoRandomness => ErrorKind::Internal,
            Self::Driver(error) => error.kind(),
            Self::Store(error) => error.kind(),
        }
    }

    fn public_message(&self) -> Cow<'_, str> {
        match self {
            Self::UnknownSource => Cow::Borrowed("The data source does not exist or is not available to you"),
            Self::Forbidden(why) => Cow::Borrowed(why),
            Self::Rejected(rejection) => rejection.public_message(),
            Self::Parameters(error) => Cow::Owned(format!("The parameters do not fit: {error}")),
            Self::Fields(problems) => Cow::Owned(match problems.as_slice() {
                [only] => format!("{} {}", only.field, only.message),
                several => format!("{} fields are not valid", several.len()),
            }),
            Self::Field { field, message } => Cow::Owned(format!("{field} {message}")),
            Self::AuditBacklog => Cow::Borrowed("Requests cannot be put on record at present"),
            Self::NoSuchQuery => Cow::Borrowed("No such query runs for you"),
            Self::NoSuchPage => Cow::Borrowed(
                "There is no such page: only the last page and the one after it can be had, until the read is closed",
            ),
            Self::WrongReplica => Cow::Borrowed(
                "This read is held by another replica of the gateway: ask again; if that does not help, the replica is \
                 gone and the read must begin anew",
            ),
            Self::TooManyQueries(why) | Self::TooManyReads(why) => Cow::Borrowed(why),
            Self::CutShort(TruncatedBy::Time) => Cow::Borrowed("The query reached its deadline"),
            Self::CutShort(_) => Cow::Borrowed("The result is larger than the gateway gives"),
            Self::Unrepresentable {
                column,
                value,
                target,
            } => Cow::Owned(format!(
                "{value} in column {column} has no exact form as Arrow {target}"
            )),
            Self::TooMany { what, most } => Cow::Owned(format!(
                "There are {most} {what} already, which is the most there may be"
            )),
            Self::Incomplete | Self::Encoding(_) | Self::NoRandomness => Cow::Borrowed("Internal error"),
            Self::Driver(error) => error.public_message(),
            Self::Store(error) => error.public_message(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Driver(error) => error.retry_after(),
            _ => None,
        }
    }

    fn detail(&self) -> ErrorDetail {
        let details = |text: String| ErrorDetail {
            details: Some(text),
            ..ErrorDetail::default()
        };
        match self {
            Self::UnknownSource
            | Self::Forbidden(_)
            | Self::AuditBacklog
            | Self::NoSuchQuery
            | Self::NoSuchPage
            | Self::WrongReplica
            | Self::TooManyQueries(_)
            | Self::TooManyReads(_)
            | Self::Incomplete
            | Self::NoRandomness
            | Self::TooMany { .. }
            | Self::Encoding(_) => ErrorDetail::default(),
            Self::CutShort(by) => ErrorDetail {
                details: Some(format!("cut by {by}")),
                hint: Some("Ask for fewer rows, or for NDJSON, which says where a result was cut".to_owned()),
                ..ErrorDetail::default()
            },
            Self::Unrepresentable { .. } => ErrorDetail {
                hint: Some("Cast the column to text in the statement, or ask for another format".to_owned()),
                ..ErrorDetail::default()
            },
            Self::Rejected(rejection) => rejection.detail(),
            Self::Parameters(error) => match error.parameter() {
                Some(name) => details(format!("parameters.{name}")),
                None => details("parameters".to_owned()),
            },
            Self::Fields(problems) => details(list(problems)),
            Self::Field { field, .. } => details((*field).to_owned()),
            Self::Driver(error) => error.detail(),
            Self::Store(error) => error.detail(),
        }
    }
}
