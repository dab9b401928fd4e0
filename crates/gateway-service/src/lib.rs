//! The use cases of Nexus Gateway: run a query, check a statement, manage data sources.
//!
//! This crate joins the parts that know nothing of each other: the validator, the drivers and the store. It knows nothing
//! of HTTP. A caller arrives as a [`gateway_core::Principal`] and leaves with a stream of frames or a [`ServiceError`].

mod access;
mod admission;
mod audit;
mod bounds;
mod error;
mod fetch;
mod health;
mod live;
mod meters;
mod query;
mod running;
mod schema;
mod secrecy;
mod sources;
mod stream;
mod verdict;
mod watch;

pub use access::{API_KEY_MARK, AccessRevision, AccessService, KeyRefusal, NewApiKey};
pub use admission::AdmissionSettings;
pub use audit::{AuditSettings, Auditor, Caller, Durability, OnFailure, RefusedLogin, StatementRecord};
pub use bounds::{QuerySettings, SharedQuerySettings};
pub use error::ServiceError;
pub use fetch::{FetchService, FetchSettings, PageAddress, ReadPage};
pub use gateway_core as core;
pub use gateway_drivers::{
    AbsentDriver, BreakerState, Capabilities, Health, LastError, PoolCounters, PoolStatus, Probe, Vitals,
};
pub use gateway_sql::Rejection;
pub use gateway_store::{AuditFilter, Page, SourceFilter, SourcePage};
pub use health::watch_health;
pub use live::{LiveSource, PoolHealth, PoolReport, SourceHealth};
pub use meters::{SlowQueries, describe_metrics};
pub use query::{QueryCommand, QueryService, RunningQuery};
pub use running::RunningQueryInfo;
pub use schema::{
    ColumnInfo, ForeignKeyInfo, KeyInfo, SchemaDepth, SchemaInfo, SchemaPage, SchemaQuery, SchemaService,
    TableInfo,
};
pub use sources::SourceService;
pub use stream::AnswerStream;
pub use watch::watch_store;
