//! What goes wrong with one statement, and what that means for its caller.

use gateway_core::BoundSql;

use super::error;
use super::param::{self, Unfit};
use super::refusal::Failure;
use crate::DriverError;

/// A failure before it is known whether it deserves a second attempt.
pub(super) enum Failed {
    /// The connection was dead, and nothing was sent.
    Stale(Failure),
    /// Before the statement was sent.
    Preparation(Failure),
    Statement(Failure),
    /// In what stands around the statement.
    Frame(&'static str, Failure),
    Arity {
        given: usize,
        wanted: usize,
    },
    Unfit {
        index: usize,
        refused: Unfit,
    },
    Malformed,
}

impl Failed {
    /// Whether the server has refused something in the flight, and waits for what comes next.
    pub(super) fn leaves_the_server_ready(&self) -> bool {
        matches!(
            self,
            Self::Statement(Failure::Refused(_)) | Self::Frame(_, Failure::Refused(_))
        )
    }

    pub(super) fn is_stale_plan(&self) -> bool {
        match self {
            Self::Statement(failure) | Self::Preparation(failure) => {
                failure.refusal().is_some_and(error::is_stale_plan)
            }
            _ => false,
        }
    }

    pub(super) fn into_error(self, sql: &BoundSql) -> DriverError {
        match self {
            Self::Stale(failure) => DriverError::Stale(failure.to_string()),
            Self::Preparation(failure) => refusal(&failure, sql).unsent(),
            Self::Statement(failure) => refusal(&failure, sql),
            Self::Frame(step, failure) => error::housekeeping(step, &failure),
            Self::Arity { given, wanted } => DriverError::arity(given, wanted),
            Self::Unfit { index, refused } => DriverError::Parameter {
                name: sql.label(index).to_owned(),
                message: refused.to_string(),
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

fn refusal(failure: &Failure, sql: &BoundSql) -> DriverError {
    param::refusal(failure, sql).unwrap_or_else(|| error::statement(failure, sql))
}
