//! The database engines the gateway knows by name.

use std::fmt;
use std::str::FromStr;

/// A kind of database. The wire name ([`Engine::as_str`]) is part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// MySQL 8.0 and later.
    MySql,
    /// MariaDB 10.6 and later.
    MariaDb,
    /// PostgreSQL 13 and later.
    PostgreSql,
    /// Oracle Database.
    Oracle,
    /// SQLite 3 database files.
    Sqlite,
}

impl Engine {
    /// Every engine, in the order in which lists show them.
    pub const ALL: [Self; 5] = [
        Self::MySql,
        Self::MariaDb,
        Self::PostgreSql,
        Self::Oracle,
        Self::Sqlite,
    ];

    /// The name used on the wire, in settings and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::PostgreSql => "postgresql",
            Self::Oracle => "oracle",
            Self::Sqlite => "sqlite",
        }
    }

    /// The name under which OpenTelemetry knows it (`db.system.name`).
    #[must_use]
    pub const fn telemetry_name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle.db",
            Self::MySql | Self::MariaDb | Self::PostgreSql | Self::Sqlite => self.as_str(),
        }
    }

    /// The port a server of this kind listens on unless told otherwise; `None` for engines without a server.
    #[must_use]
    pub const fn default_port(self) -> Option<u16> {
        match self {
            Self::MySql | Self::MariaDb => Some(3306),
            Self::PostgreSql => Some(5432),
            Self::Oracle => Some(1521),
            Self::Sqlite => None,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not one of [`Engine::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown database type {0:?}; known are mysql, mariadb, postgresql, oracle, sqlite")]
pub struct UnknownEngine(pub String);

impl FromStr for Engine {
    type Err = UnknownEngine;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|engine| engine.as_str() == name)
            .ok_or_else(|| UnknownEngine(name.to_owned()))
    }
}
