//! SQLite database files, opened read-only.

mod catalog;
mod error;
mod guard;
mod session;
mod types;
mod value;

use async_trait::async_trait;
use gateway_core::Engine;

use crate::{Capabilities, Catalog, ConnectFailure, Driver, DriverError, ExplainBy, Place, Session, Target};

/// The driver for SQLite files.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SqliteDriver;

#[async_trait]
impl Driver for SqliteDriver {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            server_cancel: true,
            read_only_transaction: true,
            array_parameters: false,
            infers_parameter_types: false,
            check_after: None,
            explain: ExplainBy::Prefix("EXPLAIN QUERY PLAN "),
        }
    }

    fn catalog(&self) -> &'static Catalog {
        &catalog::CATALOG
    }

    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError> {
        let Place::File(path) = target.place else {
            return Err(DriverError::Connect {
                reason: ConnectFailure::Unreachable,
                message: "no path configured".into(),
            });
        };
        Ok(Box::new(session::SqliteSession::open(path.clone()).await?))
    }
}
