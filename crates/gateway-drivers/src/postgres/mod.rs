//! PostgreSQL.

mod cancel;
mod catalog;
mod error;
mod failed;
mod nested;
mod network;
mod numeric;
mod origins;
mod param;
mod prepared;
mod refusal;
mod session;
mod type_book;
mod types;
mod value;
mod wire;
mod words;

use std::time::Duration;

use async_trait::async_trait;
use gateway_core::Engine;

use crate::{Capabilities, Catalog, Driver, DriverError, ExplainBy, Session, Target};

/// A session sees that a server has gone before it sends anything. This is for what nobody tells: networks that drop
/// connections that have been silent.
const CHECK_AFTER: Duration = Duration::from_secs(5);

/// The driver for PostgreSQL.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PostgresDriver;

#[async_trait]
impl Driver for PostgresDriver {
    fn engine(&self) -> Engine {
        Engine::PostgreSql
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            server_cancel: true,
            read_only_transaction: true,
            array_parameters: true,
            infers_parameter_types: true,
            check_after: Some(CHECK_AFTER),
            explain: ExplainBy::Prefix("EXPLAIN "),
        }
    }

    fn catalog(&self) -> &'static Catalog {
        &catalog::CATALOG
    }

    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError> {
        Ok(Box::new(session::PostgresSession::open(target).await?))
    }
}
