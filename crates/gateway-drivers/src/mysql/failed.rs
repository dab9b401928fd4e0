//! What goes wrong with one statement, and what that means for its caller.

use gateway_core::BoundSql;

use super::error;
use super::param::Unfit;
use super::refusal::Failure;
use super::value::Malformed;
use crate::DriverError;

/// A failure of one statement.
pub(super) enum Failed {
    /// The connection was dead, and nothing was sent.
    Stale(Failure),
    /// Before the statement was sent.
    Preparation(Failure),
    Statement(Failure),
    Arity {
        given: usize,
        wanted: usize,
    },
    Unfit(Unfit),
    Malformed,
}

impl Failed {
    pub(super) fn into_error(self, sql: &BoundSql) -> DriverError {
        match self {
            Self::Stale(failure) => DriverError::Stale(failure.to_string()),
            Self::Preparation(failure) => error::statement(&failure).unsent(),
            Self::Statement(failure) => error::statement(&failure),
            Self::Arity { given, wanted } => DriverError::arity(given, wanted),
            Self::Unfit(unfit) => DriverError::Parameter {
                name: sql.label(unfit.index).to_owned(),
                message: unfit.message.to_owned(),
            },
            Self::Malformed => DriverError::malformed_row(),
        }
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::Statement(failure)
    }
}

impl From<Malformed> for Failed {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}
