//! The vocabulary of Nexus Gateway: data sources, approved statements, values, batches, limits, errors.
//!
//! Everything here is plain data and pure functions. There is no I/O, no serialization format and no global
//! state, so that every other crate (and every program that embeds one) can speak the same language:
//!
//! * [`ApprovedSql`] is the only form in which a statement reaches a database; `gateway-sql` makes it.
//! * [`Batch`] carries rows from a driver to an encoder without a heap allocation per cell.
//! * [`ErrorKind`] is the closed list of ways a request can fail; [`Classify`] maps every error onto it.
//!
//! # Example
//!
//! ```
//! use gateway_core::{BatchBuilder, Cell};
//!
//! let mut rows = BatchBuilder::new(2);
//! rows.push(Cell::Int(1));
//! rows.push_text("first");
//! let batch = rows.take();
//! assert_eq!(batch.rows().count(), 1);
//! assert_eq!(batch.text(batch.rows().next().unwrap()[1]), Some("first"));
//! ```

mod access;
mod api_key;
mod audit;
mod batch;
mod bind;
mod client_network;
mod column;
mod engine;
mod error;
mod id;
pub mod json;
mod limits;
mod params;
mod request;
mod role;
mod secret;
mod source;
mod source_check;
mod source_rules;
mod statement;
mod style;
pub mod temporal;
pub mod trace;

pub use access::{CallerLimits, Grant, IdentifiedBy, Principal, Scope, ScopeSet, SourceGrant};
pub use api_key::{ApiKey, ApiKeyDraft};
pub use audit::{AuditAction, AuditDecision, AuditRecord};
pub use batch::{Batch, BatchBuilder, Cell, Span};
pub use bind::{BindError, BoundSql};
pub use client_network::client_network;
pub use column::{Column, Encoding, StandardType};
pub use engine::{Engine, UnknownEngine};
pub use error::{Classify, ErrorDetail, ErrorKind, Position};
pub use id::{AuditId, DataSourceId, QueryId};
pub use limits::{AtDeadline, QueryLimits, TruncatedBy};
pub use params::{ParamType, ParamValue, Parameters};
pub use request::{Frame, QueryRequest, QuerySummary};
pub use role::{Role, RoleDraft, SourcePattern};
pub use secret::Secret;
pub use source::{DataSource, SourceConfig, SourceStatus, TlsMode, UnixMicros};
pub use source_check::{FieldProblem, SourceDraft};
pub use source_rules::{ExplainAnalyze, FunctionLevel, OracleClient, SourceRules};
pub use statement::{ApprovedSql, Placeholder, PlaceholderKey, PlaceholderSite, StatementKind};
pub use style::{BinaryStyle, NumberStyle, ValueStyle};

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
