//! From a caller's statement to the one that is sent.

use std::time::Duration;

use gateway_core::{ApprovedSql, QueryLimits, StatementKind};
use gateway_drivers::ExplainBy;

use crate::{LiveSource, ServiceError};

/// What a caller wants of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Its rows.
    Rows,
    /// The engine's plan for it.
    Plan,
    /// Its rows in pages.
    Pages {
        /// Over how long.
        lifetime: Duration,
    },
}

/// The verdict on what will be sent to the database.
pub(crate) fn approve(live: &LiveSource, sql: &str, purpose: Purpose) -> Result<ApprovedSql, ServiceError> {
    let approved = live.validator().approve(sql)?;
    match purpose {
        Purpose::Rows | Purpose::Pages { .. } => Ok(approved),
        Purpose::Plan => explaining(live, &approved),
    }
}

/// The statement that asks for the plan of `approved`, which the validator judges like any other.
fn explaining(live: &LiveSource, approved: &ApprovedSql) -> Result<ApprovedSql, ServiceError> {
    if approved.kind() != StatementKind::Query {
        return Err(ServiceError::Field {
            field: "sql",
            message: "must be a query: only queries have plans".to_owned(),
        });
    }
    let prefix = match live.explain() {
        ExplainBy::Prefix(prefix) => prefix,
        ExplainBy::Refused(reason) => {
            return Err(ServiceError::Field {
                field: "sql",
                message: format!("cannot be explained: {reason}"),
            });
        }
    };
    Ok(live
        .validator()
        .approve(&format!("{prefix}{}", approved.text()))?)
}

/// How many rows the engine need produce: those skipped, those given, and one to prove that there are more.
pub(crate) fn row_cap(approved: &ApprovedSql, limits: &QueryLimits) -> Option<u64> {
    if approved.kind() != StatementKind::Query {
        return None;
    }
    limits
        .max_rows
        .and_then(|rows| rows.checked_add(limits.offset)?.checked_add(1))
}
