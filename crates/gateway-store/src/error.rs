//! How a store can fail.

use std::borrow::Cow;

use gateway_core::{Classify, DataSourceId, ErrorKind};

use crate::SealError;

/// A failure of the store. `Display` is for the log: it may name hosts, tables and key identifiers, never a password or
/// a key.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another source has that name.
    #[error("the name {name:?} is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// There is no such source.
    #[error("no data source {id}")]
    NotFound {
        /// Its identifier.
        id: DataSourceId,
    },
    /// The source was changed since the caller read it.
    #[error("data source {id} has version {actual}, not {expected}")]
    VersionMismatch {
        /// Its identifier.
        id: DataSourceId,
        /// The version the caller gave.
        expected: u64,
        /// The version it has.
        actual: u64,
    },
    /// There is no such API key.
    #[error("no API key {prefix:?}")]
    NoApiKey {
        /// Its prefix.
        prefix: String,
    },
    /// There is no such role.
    #[error("no role {name:?}")]
    NoRole {
        /// Its name.
        name: String,
    },
    /// The role was changed since the caller read it.
    #[error("role {name:?} has version {actual}, not {expected}")]
    RoleVersionMismatch {
        /// Its name.
        name: String,
        /// The version the caller gave.
        expected: u64,
        /// The version it has.
        actual: u64,
    },
    /// A page's cursor is not one that this store gave.
    #[error("the cursor was not given by this store")]
    BadCursor,
    /// The address of a store is malformed. The message never quotes the address.
    #[error("store address: {reason}")]
    InvalidUrl {
        /// What is wrong.
        reason: String,
    },
    /// The store's database cannot be reached, or is too busy, at present.
    #[error("the store cannot be reached: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
    },
    /// The store's database refused something.
    #[error("the store failed: {reason}")]
    Database {
        /// What it said.
        reason: String,
    },
    /// Something stored does not have the form it was written in.
    #[error("the store holds something that cannot be read: {what}")]
    Corrupt {
        /// What, and where.
        what: String,
    },
    /// A password cannot be opened.
    #[error("the password of data source {id} cannot be opened: {reason}")]
    Credential {
        /// Whose.
        id: DataSourceId,
        /// Why.
        reason: SealError,
    },
    /// A password cannot be sealed.
    #[error("a password cannot be sealed: {0}")]
    Seal(SealError),
    /// The store holds passwords that were sealed with keys that the key ring lacks.
    #[error("the key ring lacks keys with which passwords are sealed: {}; add them to the key ring", needs(.missing))]
    MissingKeys {
        /// The identifier of each, and how many passwords it sealed.
        missing: Vec<(String, usize)>,
    },
    /// The key ring holds another key under the same identifier.
    #[error("the key {key_id:?} of the key ring is not the one this store was used with")]
    WrongKey {
        /// The key's identifier.
        key_id: String,
    },
    /// The key ring's newest key was retired: the ring is an old one.
    #[error("the key ring seals with the key {key_id:?}, which was retired; bring the key ring up to date")]
    KeyRetired {
        /// The key's identifier.
        key_id: String,
    },
    /// The end of an audit chain is not where this process left it.
    #[error("somebody has changed the end of the audit chain {chain}")]
    ChainChanged {
        /// Its number.
        chain: i64,
    },
    /// The file of audit records cannot be used.
    #[error("the audit file {path}: {reason}")]
    AuditFile {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The tables were made by a newer program.
    #[error(
        "the store's tables have version {found}, this program knows them up to {known}; use a newer program"
    )]
    SchemaTooNew {
        /// Their version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The tables are older than this program needs, and it was told not to change them.
    #[error("the store's tables lack migration {missing:?}; run the migrations first")]
    SchemaOutdated {
        /// The first migration that is missing.
        missing: &'static str,
    },
    /// A migration was applied in another form than this program has.
    #[error("migration {name:?} was applied to the store in another form than this program knows")]
    MigrationChanged {
        /// Its name.
        name: &'static str,
    },
    /// Another process holds the lock under which migrations are applied.
    #[error("another process is changing the store's tables and does not end")]
    MigrationLocked,
}

fn needs(missing: &[(String, usize)]) -> String {
    let each = missing.iter().map(|(key_id, sources)| match sources {
        1 => format!("{key_id:?} (1 data source)"),
        sources => format!("{key_id:?} ({sources} data sources)"),
    });
    each.collect::<Vec<_>>().join(", ")
}

impl Classify for StoreError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NameTaken { .. } => ErrorKind::Conflict,
            Self::NotFound { .. } => ErrorKind::InvalidDataSource,
            Self::NoApiKey { .. } | Self::NoRole { .. } => ErrorKind::NotFound,
            Self::VersionMismatch { .. } | Self::RoleVersionMismatch { .. } => ErrorKind::PreconditionFailed,
            Self::BadCursor => ErrorKind::Validation,
            Self::Unavailable { .. } => ErrorKind::Connection,
            Self::InvalidUrl { .. }
            | Self::Database { .. }
            | Self::Corrupt { .. }
            | Self::Credential { .. }
            | Self::Seal(_)
            | Self::MissingKeys { .. }
            | Self::WrongKey { .. }
            | Self::KeyRetired { .. }
            | Self::ChainChanged { .. }
            | Self::AuditFile { .. }
            | Self::SchemaTooNew { .. }
            | Self::SchemaOutdated { .. }
            | Self::MigrationChanged { .. }
            | Self::MigrationLocked => ErrorKind::Internal,
        }
    }

    fn public_message(&self) -> Cow<'_, str> {
        match self {
            Self::NameTaken { name } => Cow::Owned(format!("The name {name:?} is taken")),
            Self::NotFound { .. } => Cow::Borrowed("No such data source"),
            Self::VersionMismatch { actual, .. } => Cow::Owned(format!(
                "The data source was changed in the meantime; its version is now {actual}"
            )),
            Self::NoApiKey { .. } => Cow::Borrowed("No such API key"),
            Self::NoRole { .. } => Cow::Borrowed("No such role"),
            Self::RoleVersionMismatch { actual, .. } => Cow::Owned(format!(
                "The role was changed in the meantime; its version is now {actual}"
            )),
            Self::BadCursor => Cow::Borrowed("The cursor is not one that an earlier page gave"),
            Self::Unavailable { .. } => Cow::Borrowed("The gateway's own store cannot be reached at present"),
            Self::InvalidUrl { .. }
            | Self::Database { .. }
            | Self::Corrupt { .. }
            | Self::Credential { .. }
            | Self::Seal(_)
            | Self::MissingKeys { .. }
            | Self::WrongKey { .. }
            | Self::KeyRetired { .. }
            | Self::ChainChanged { .. }
            | Self::AuditFile { .. }
            | Self::SchemaTooNew { .. }
            | Self::SchemaOutdated { .. }
            | Self::MigrationChanged { .. }
            | Self::MigrationLocked => Cow::Borrowed("The gateway's own store failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_may_correct_is_told_apart_from_what_is_ours() {
        let id = DataSourceId::new();
        let cases = [
            (StoreError::NameTaken { name: "a".into() }, ErrorKind::Conflict),
            (StoreError::NotFound { id }, ErrorKind::InvalidDataSource),
            (
                StoreError::VersionMismatch {
                    id,
                    expected: 1,
                    actual: 2,
                },
                ErrorKind::PreconditionFailed,
            ),
            (
                StoreError::Unavailable {
                    reason: "secret host".into(),
                },
                ErrorKind::Connection,
            ),
            (
                StoreError::Database {
                    reason: "secret host".into(),
                },
                ErrorKind::Internal,
            ),
        ];
        for (error, kind) in cases {
            assert_eq!(error.kind(), kind);
            assert!(!error.public_message().contains("secret host"));
        }
    }
}
