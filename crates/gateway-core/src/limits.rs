//! What one query may cost.

use std::fmt;
use std::time::Instant;

/// Bounds on one query, all enforced in one place while rows arrive.
#[derive(Debug, Clone, Copy)]
pub struct QueryLimits {
    /// Rows to deliver after `offset`; `None` for no cap. One row more is probed, so truncation is exact.
    pub max_rows: Option<u64>,
    /// Rows to skip first.
    pub offset: u64,
    /// Bytes of cell data to deliver in all.
    pub max_bytes: u64,
    /// Bytes one cell may hold.
    pub max_cell_bytes: usize,
    /// When the statement is cancelled on the server.
    pub deadline: Instant,
    /// What becomes of the rows that were there in time.
    pub at_deadline: AtDeadline,
}

/// What becomes of a result whose deadline comes before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtDeadline {
    /// The query fails.
    #[default]
    Fail,
    /// The rows so far are the result, which says that it was cut; without any row the query fails.
    Truncate,
}

/// Why a result ended before its last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TruncatedBy {
    /// The row limit was reached and there was at least one more row.
    Rows,
    /// The byte limit was reached.
    Bytes,
    /// The next row held a cell above the cell limit.
    Cell,
    /// The deadline was reached.
    Time,
}

impl TruncatedBy {
    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Bytes => "bytes",
            Self::Cell => "cell",
            Self::Time => "time",
        }
    }
}

impl fmt::Display for TruncatedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
