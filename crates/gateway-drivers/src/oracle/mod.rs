//! Oracle Database, by Oracle's own client in Rust, which needs no client library.

mod catalog;
mod connect;
mod error;
mod interval;
mod json;
mod param;
mod relay;
mod session;
mod thin;
mod types;
mod value;

use async_trait::async_trait;
use gateway_core::Engine;

use crate::{Capabilities, Catalog, Driver, DriverError, ExplainBy, Session, Target};

/// The driver for Oracle.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OracleDriver;

#[async_trait]
impl Driver for OracleDriver {
    fn engine(&self) -> Engine {
        Engine::Oracle
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            server_cancel: true,
            read_only_transaction: true,
            array_parameters: false,
            infers_parameter_types: false,
            reports_stale: true,
            explain: ExplainBy::Refused(
                "Oracle cannot tell a plan without writing: EXPLAIN PLAN stores what it finds in a table",
            ),
        }
    }

    fn catalog(&self) -> &'static Catalog {
        &catalog::CATALOG
    }

    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError> {
        Ok(Box::new(session::OracleSession::open(target).await?))
    }
}
