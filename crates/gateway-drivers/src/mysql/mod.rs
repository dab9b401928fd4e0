//! MySQL, and MariaDB as a flavour of it.

mod catalog;
mod connection;
mod error;
mod hidden;
mod open;
mod param;
mod session;
mod types;
mod value;

use std::time::Duration;

use async_trait::async_trait;
use gateway_core::Engine;

use crate::{Capabilities, Catalog, Driver, DriverError, ExplainBy, Session, Target};

/// The client library notices that a server has gone only when it reads, and it reads only after it has written. No server
/// restarts in less than this, so a session that was idle through a restart is found out; one that is busy pays nothing.
const CHECK_AFTER: Duration = Duration::from_millis(100);

/// The driver for MySQL or MariaDB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MySqlDriver {
    engine: Engine,
}

impl MySqlDriver {
    /// For `engine`, which is MySQL or MariaDB.
    pub(crate) const fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

#[async_trait]
impl Driver for MySqlDriver {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            server_cancel: true,
            read_only_transaction: true,
            array_parameters: false,
            infers_parameter_types: false,
            check_after: Some(CHECK_AFTER),
            explain: ExplainBy::Prefix("EXPLAIN "),
        }
    }

    fn catalog(&self) -> &'static Catalog {
        match self.engine {
            Engine::MariaDb => &catalog::MARIADB,
            _ => &catalog::MYSQL,
        }
    }

    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError> {
        Ok(Box::new(session::MySqlSession::open(self.engine, target).await?))
    }
}
