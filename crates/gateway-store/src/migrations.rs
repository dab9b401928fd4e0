//! The numbered changes of the store's tables, embedded in the program, and which of them are still to be made.

use crate::StoreError;

/// One change, in both dialects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) version: u32,
    pub(crate) name: &'static str,
    pub(crate) mysql: &'static str,
    pub(crate) sqlite: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            mysql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/mysql/", $name, ".sql")),
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/sqlite/", $name, ".sql")),
        }),*]
    };
}

/// All changes, in the order in which they are made.
pub(crate) const MIGRATIONS: &[Migration] =
    migrations![1 "0001_data_sources", 2 "0002_audit", 3 "0003_access", 4 "0004_audit_chain"];

/// The table that records what was applied; the same text in both dialects.
pub(crate) const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\
    version INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, checksum VARCHAR(16) NOT NULL, \
    applied_at BIGINT NOT NULL)";
pub(crate) const SELECT_APPLIED: &str = "SELECT version, checksum FROM schema_migrations ORDER BY version";
pub(crate) const INSERT_APPLIED: &str =
    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)";

/// What [`crate::migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The names of the changes that were made now, in order; empty if the tables were up to date.
    pub applied: Vec<&'static str>,
    /// The version the tables have now.
    pub version: u32,
}

/// The SQL dialect of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    MySql,
    Sqlite,
}

/// A change that was made, as the store records it.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) version: u32,
    pub(crate) checksum: String,
}

impl Migration {
    /// Its text in one dialect.
    pub(crate) fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::MySql => self.mysql,
            Dialect::Sqlite => self.sqlite,
        }
    }

    /// Tells one text from another (FNV-1a, 64 bits); line ends do not count. It guards against mistakes, not attacks.
    pub(crate) fn checksum(&self, dialect: Dialect) -> String {
        let hash = self
            .text(dialect)
            .bytes()
            .filter(|byte| *byte != b'\r')
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        format!("{hash:016x}")
    }

    /// Its statements, one by one; see the rules in `migrations/README.md`.
    pub(crate) fn statements(&self, dialect: Dialect) -> impl Iterator<Item = String> {
        let code: Vec<&str> = self
            .text(dialect)
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect();
        code.join("\n")
            .split(";\n")
            .map(|statement| statement.trim().trim_end_matches(';').to_owned())
            .filter(|statement| !statement.is_empty())
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// The changes that `known` has and the store lacks. Refuses a store that a newer program changed, or that was changed
/// by another text of the same number.
pub(crate) fn pending<'k>(
    known: &'k [Migration],
    applied: &[Applied],
    dialect: Dialect,
) -> Result<Vec<&'k Migration>, StoreError> {
    let newest = known.last().map_or(0, |migration| migration.version);
    for done in applied {
        if done.version > newest {
            return Err(StoreError::SchemaTooNew {
                found: applied.iter().map(|done| done.version).max().unwrap_or(newest),
                known: newest,
            });
        }
        let Some(migration) = known.iter().find(|migration| migration.version == done.version) else {
            return Err(StoreError::Corrupt {
                what: format!("the record of migration {}, which never existed", done.version),
            });
        };
        if migration.checksum(dialect) != done.checksum {
            return Err(StoreError::MigrationChanged { name: migration.name });
        }
    }
    Ok(known
        .iter()
        .filter(|migration| !applied.iter().any(|done| done.version == migration.version))
        .collect())
}

/// Refuses a store that lacks a change.
pub(crate) fn require_none(pending: &[&Migration]) -> Result<(), StoreError> {
    match pending.first() {
        Some(migration) => Err(StoreError::SchemaOutdated {
            missing: migration.name,
        }),
        None => Ok(()),
    }
}

/// What was done, once `pending` were applied.
pub(crate) fn report(pending: &[&Migration]) -> MigrationReport {
    MigrationReport {
        applied: pending.iter().map(|migration| migration.name).collect(),
        version: MIGRATIONS.last().map_or(0, |migration| migration.version),
    }
}

#[cfg(test)]
#[path = "migrations_tests.rs"]
mod tests;
