//! The use cases of Nexus Gateway: run a query, check a statement, manage data sources.
//!
//! This crate joins the parts that know nothing of each other: the validator, the drivers and the store. It knows nothing
//! of HTTP. A caller arrives as a [`gateway_core::Principal`] and leaves with a stream of frames or a [`ServiceError`].

mod error;
mod live;
mod query;
mod sources;
mod watch;

pub use error::ServiceError;
pub use gateway_core as core;
pub use gateway_drivers::{AbsentDriver, Capabilities, Probe, QueryStream};
pub use gateway_sql::Rejection;
pub use gateway_store::{Page, SourceFilter, SourcePage};
pub use live::{LiveSource, SourceHealth};
pub use query::{QueryCommand, QueryService, QuerySettings, RunningQuery};
pub use sources::SourceService;
pub use watch::watch_store;
