//! Which engines this build can talk to, and why an absent one is absent.

use std::collections::BTreeMap;
use std::sync::Arc;

use gateway_core::Engine;

use crate::{ConnectRules, Driver, DriverError};

/// Why there is no driver for an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbsentDriver {
    /// The reason, as a sentence for people.
    pub reason: &'static str,
}

/// The drivers of this build.
#[derive(Clone)]
pub struct Drivers {
    present: BTreeMap<Engine, Arc<dyn Driver>>,
    rules: ConnectRules,
}

impl Drivers {
    /// Every driver that was compiled in.
    #[must_use]
    pub fn builtin() -> Self {
        let mut drivers = Self {
            present: BTreeMap::new(),
            rules: ConnectRules::default(),
        };
        #[cfg(feature = "mysql")]
        {
            drivers.add(Arc::new(crate::mysql::MySqlDriver::new(Engine::MySql)));
            drivers.add(Arc::new(crate::mysql::MySqlDriver::new(Engine::MariaDb)));
        }
        #[cfg(feature = "oracle")]
        drivers.add(Arc::new(crate::oracle::OracleDriver::default()));
        #[cfg(feature = "postgres")]
        drivers.add(Arc::new(crate::postgres::PostgresDriver));
        #[cfg(feature = "sqlite")]
        drivers.add(Arc::new(crate::sqlite::SqliteDriver));
        drivers
    }

    /// The same drivers, for pools that obey `rules`.
    #[must_use]
    pub fn with_rules(self, rules: ConnectRules) -> Self {
        Self { rules, ..self }
    }

    /// The same drivers, with Oracle's client library in `folder` for sources that want the driver `oci`; it is loaded when the
    /// first of them is used. Without this the system's loader looks where it always does.
    #[cfg(feature = "oracle-oci")]
    #[must_use]
    pub fn with_oracle_client(mut self, folder: std::path::PathBuf) -> Self {
        self.add(Arc::new(crate::oracle::OracleDriver {
            client_folder: Some(folder),
        }));
        self
    }

    /// What the operator permits; nothing is forbidden unless [`Drivers::with_rules`] said so.
    #[must_use]
    pub fn rules(&self) -> &ConnectRules {
        &self.rules
    }

    /// Adds a driver, in place of one for the same engine.
    pub fn add(&mut self, driver: Arc<dyn Driver>) {
        self.present.insert(driver.engine(), driver);
    }

    /// The driver for `engine`.
    ///
    /// # Errors
    ///
    /// [`DriverError::Unsupported`] with the reason if there is none.
    pub fn get(&self, engine: Engine) -> Result<Arc<dyn Driver>, DriverError> {
        self.find(engine)
            .map_err(|absent| DriverError::Unsupported(absent.reason.to_owned()))
    }

    /// The driver for `engine`, or why there is none.
    ///
    /// # Errors
    ///
    /// The reason.
    pub fn find(&self, engine: Engine) -> Result<Arc<dyn Driver>, AbsentDriver> {
        self.present.get(&engine).cloned().ok_or(AbsentDriver {
            reason: match engine {
                Engine::Oracle => "built without the `oracle` feature",
                Engine::MySql | Engine::MariaDb => "built without the `mysql` feature",
                Engine::PostgreSql => "built without the `postgres` feature",
                Engine::Sqlite => "built without the `sqlite` feature",
            },
        })
    }
}
