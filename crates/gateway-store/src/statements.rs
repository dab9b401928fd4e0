//! The statements on the store's tables. All of them mean the same in MySQL, MariaDB and SQLite.
//!
//! Every change takes the row of `store_revision` first. That row is the lock that puts changes in one order: whoever has
//! it sees what the previous holder committed, and no two changes can wait for each other.

/// The columns of a [`crate::record::Row`], in its order.
pub(crate) const COLUMNS: &str =
    "id, name, engine, description, status, config, password, version, created_at, updated_at";

pub(crate) const BUMP_REVISION: &str = "UPDATE store_revision SET revision = revision + 1 WHERE id = 1";

pub(crate) const REVISION: &str = "SELECT revision FROM store_revision WHERE id = 1";

pub(crate) const INSERT: &str = "INSERT INTO data_sources \
    (id, name, name_key, engine, description, status, config, password, version, created_at, updated_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)";

/// Takes the password to store, or the old one once more.
pub(crate) const UPDATE: &str = "UPDATE data_sources SET name = ?, name_key = ?, engine = ?, description = ?, \
    status = ?, config = ?, password = ?, version = version + 1, updated_at = ? WHERE id = ?";

pub(crate) const DELETE: &str = "DELETE FROM data_sources WHERE id = ?";

/// The columns of an [`crate::record::Old`].
pub(crate) const OLD: &str = "SELECT version, created_at, password FROM data_sources WHERE id = ?";

pub(crate) const PASSWORD: &str = "SELECT password FROM data_sources WHERE id = ?";

pub(crate) const SEALED: &str = "SELECT id, password FROM data_sources WHERE password IS NOT NULL";

pub(crate) const KEY_CHECKS: &str = "SELECT key_id, check_value FROM sealing_keys";

/// One row if nothing may be sealed with a key any more.
pub(crate) const RETIRED: &str = "SELECT 1 FROM retired_keys WHERE key_id = ?";

/// The statement that reads one source.
pub(crate) fn get() -> String {
    format!("SELECT {COLUMNS} FROM data_sources WHERE id = ?")
}

/// The statement that reads all sources.
pub(crate) fn all() -> String {
    format!("SELECT {COLUMNS} FROM data_sources ORDER BY name_key")
}
