//! One query on its way in, and its answer on the way out.

use std::sync::Arc;
use std::time::Duration;

use crate::trace::Trace;
use crate::{Batch, BoundSql, Column, QueryId, QueryLimits, TruncatedBy, ValueStyle};

/// A statement ready to run, with its bounds.
#[derive(Debug, Clone)]
pub struct QueryRequest {
    /// Names this execution.
    pub id: QueryId,
    /// The approved statement with its values.
    pub sql: BoundSql,
    /// What it may cost.
    pub limits: QueryLimits,
    /// How values inside arrays and composites look.
    pub style: ValueStyle,
    /// The trace of the request that it belongs to.
    pub trace: Trace,
}

/// A piece of an answer. A complete answer is one `Columns`, any number of `Batch`es and one `End`, in this order; a
/// stream that stops without `End` is incomplete.
#[derive(Debug, Clone)]
pub enum Frame {
    /// The description of every batch that follows.
    Columns(Arc<[Column]>),
    /// Some rows.
    Batch(Batch),
    /// The proven end.
    End(QuerySummary),
}

/// What is known once a query has ended well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuerySummary {
    /// Rows delivered.
    pub rows: u64,
    /// Bytes of cell data delivered.
    pub bytes: u64,
    /// Why rows are missing, if any are.
    pub truncated_by: Option<TruncatedBy>,
    /// From the moment the session was leased to the moment it was settled.
    pub elapsed: Duration,
}
