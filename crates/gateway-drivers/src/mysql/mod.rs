//! MySQL, and MariaDB as a flavour of it.

mod cancel;
mod catalog;
mod error;
mod failed;
mod hidden;
mod lengths;
mod param;
mod prepared;
mod refusal;
mod session;
mod shape;
mod types;
mod value;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use gateway_core::Engine;

use crate::{Capabilities, Catalog, Driver, DriverError, ExplainBy, Session, Target};

/// A session sees that a server has gone before it sends anything. This is for what nobody tells: networks that drop
/// connections that have been silent.
const CHECK_AFTER: Duration = Duration::from_secs(5);

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
