//! Oracle Database, by Oracle's own client in Rust, which needs no client library; for sources that ask for it, and in builds
//! that have it, by Oracle's client library.

mod catalog;
mod connect;
mod error;
mod interval;
mod json;
#[cfg(feature = "oracle-oci")]
mod oci;
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
#[derive(Debug, Clone, Default)]
pub(crate) struct OracleDriver {
    /// Where Oracle's client library is; `None` to look where the system's loader does.
    #[cfg(feature = "oracle-oci")]
    pub(crate) client_folder: Option<std::path::PathBuf>,
}

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
            check_after: None,
            explain: ExplainBy::Refused(
                "Oracle cannot tell a plan without writing: EXPLAIN PLAN stores what it finds in a table",
            ),
        }
    }

    fn catalog(&self) -> &'static Catalog {
        &catalog::CATALOG
    }

    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError> {
        Ok(Box::new(session::OracleSession::open(self, target).await?))
    }
}
