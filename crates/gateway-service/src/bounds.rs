//! The bounds of a query: what it asks for, within what its caller, its source and the operator permit.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use gateway_core::{CallerLimits, Principal, Scope};

use crate::{LiveSource, QueryCommand, ServiceError};

/// [`QuerySettings`] that may be exchanged while queries run; each keeps to those it began with.
pub type SharedQuerySettings = Arc<ArcSwap<QuerySettings>>;

/// Bounds that the operator sets for all queries.
#[derive(Debug, Clone, Copy)]
pub struct QuerySettings {
    /// Rows given when the caller does not say.
    pub default_rows: u64,
    /// Most rows a buffered answer may have.
    pub max_rows: u64,
    /// Most bytes of cell data an answer may have.
    pub max_bytes: u64,
    /// Most bytes a cell may have.
    pub max_cell_bytes: usize,
    /// Longest time a statement may run, whatever the caller or the source says.
    pub max_timeout: Duration,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            default_rows: 1000,
            max_rows: 10_000,
            max_bytes: 256 << 20,
            max_cell_bytes: 16 << 20,
            max_timeout: Duration::from_mins(5),
        }
    }
}

impl QuerySettings {
    /// How many rows `command` gives at most; `None` for all there are.
    pub(crate) fn max_rows(
        &self,
        command: &QueryCommand,
        bounds: CallerLimits,
    ) -> Result<Option<u64>, ServiceError> {
        let bound = bounds.max_rows.unwrap_or(u64::MAX);
        let most = if command.flows {
            bound
        } else {
            self.max_rows.min(bound)
        };
        match command.limit {
            Some(asked) if asked == 0 || asked > most => {
                let message = if most == u64::MAX {
                    "must be above 0".to_owned()
                } else {
                    format!("must be between 1 and {most}")
                };
                Err(ServiceError::Field {
                    field: "limit",
                    message,
                })
            }
            Some(asked) => Ok(Some(asked)),
            None if command.flows => Ok(bounds.max_rows),
            None => Ok(Some(self.default_rows.min(most))),
        }
    }

    /// Longest time that `command` may take.
    pub(crate) fn timeout(
        &self,
        live: &LiveSource,
        command: &QueryCommand,
        bounds: CallerLimits,
    ) -> Result<Duration, ServiceError> {
        let bound = bounds.max_timeout.unwrap_or(Duration::MAX);
        let longest = self.max_timeout.min(bound);
        match command.timeout {
            Some(asked) if asked.is_zero() || asked > longest => Err(ServiceError::Field {
                field: "timeoutMs",
                message: format!("must be between 1 and {}", longest.as_millis()),
            }),
            Some(asked) => Ok(asked),
            None => Ok(live.source().config.query_timeout.min(longest)),
        }
    }
}

/// The bounds of `caller` where `command` is to run.
pub(crate) fn bounds_of(caller: &Principal, command: &QueryCommand) -> CallerLimits {
    caller.limits_on(Scope::Query, command.source)
}
