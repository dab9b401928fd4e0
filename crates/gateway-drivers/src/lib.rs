//! Runs approved read-only statements on MySQL, MariaDB, PostgreSQL, Oracle and SQLite: pooled, streamed, bounded, cancellable.
//!
//! A [`SourcePool`] keeps the sessions of one database. [`SourcePool::query`] starts a statement and returns a
//! [`QueryStream`] of frames: the columns once, batches of rows as they arrive, and a summary at the proven end. Every
//! statement runs in a READ ONLY transaction that is always rolled back. A stream that is dropped, or whose deadline
//! passes, takes its statement down on the server; the session behind it is discarded, never reused.
//!
//! # Example
//!
//! ```
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::{Duration, Instant};
//! use gateway_core::{Engine, Frame, Parameters, QueryId, QueryLimits, QueryRequest, SourceConfig, ValueStyle};
//! use gateway_drivers::{Drivers, SourcePool};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("shop.db");
//! # rusqlite::Connection::open(&path)?.execute_batch("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (7)")?;
//! let config = SourceConfig { path: Some(path.display().to_string()), ..SourceConfig::default() };
//! let pool = SourcePool::new(Drivers::builtin().get(Engine::Sqlite)?, config, None);
//! let sql = gateway_sql::Validator::new(Engine::Sqlite, gateway_sql::Policy::default()).approve("SELECT id FROM t")?;
//! let limits = QueryLimits {
//!     max_rows: Some(1000),
//!     offset: 0,
//!     max_bytes: 64 << 20,
//!     max_cell_bytes: 1 << 20,
//!     deadline: Instant::now() + Duration::from_secs(30),
//!     at_deadline: gateway_core::AtDeadline::Fail,
//! };
//! let sql = sql.bind(&Parameters::None, None)?;
//! let request = QueryRequest { id: QueryId::new(), sql, limits, style: ValueStyle::default(), trace: Default::default() };
//! let mut stream = pool.query(request).await?;
//! while let Some(frame) = stream.next().await {
//!     if let Frame::Batch(batch) = frame? {
//!         println!("{} rows", batch.row_count());
//!     }
//! }
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! ```

mod catalog;
mod descriptor;
mod driver;
mod error;
mod folders;
#[cfg(feature = "mysql")]
mod mysql;
mod network;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod nullability;
#[cfg(feature = "oracle")]
mod oracle;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod registry;
mod rules;
mod secrets;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stream;
mod target;
#[cfg(feature = "testkit")]
pub mod testkit;
#[cfg(any(feature = "oracle", feature = "sqlite"))]
mod threaded;
#[cfg(feature = "tls")]
mod tls;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod transport;

pub use catalog::{Catalog, CatalogType};
pub use driver::{Canceller, Capabilities, Driver, ExplainBy, RunEnd, ServerFacts, Session};
pub use error::{CancelCause, ConnectFailure, DriverError, StatementFailure};
pub use network::{NetworkPolicy, PatternError, Place};
pub use pool::{
    Activity, BreakerSettings, BreakerState, Health, LastError, PoolCounters, PoolStatus, Probe,
    QueryCanceller, QueryStream, SourcePool, Vitals,
};
pub use registry::{AbsentDriver, Drivers};
pub use rules::ConnectRules;
pub use secrets::SecretPolicy;
pub use stream::{ReaderGone, RowSink, RowStart, RowStep};
pub use target::Target;
#[cfg(feature = "tls")]
pub use tls::TlsFailure;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
