//! Errors of SQLite.

use rusqlite::ErrorCode;

use crate::StoreError;

/// The extended codes of names that are there already.
const TAKEN: [i32; 2] = [
    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE,
    rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
];

/// An error that has no meaning of its own to the caller.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Unavailable { reason },
        Some(_) | None => StoreError::Database { reason },
    }
}

/// An error of a statement that writes the name `name`.
pub(super) fn failed_writing(error: rusqlite::Error, name: &str) -> StoreError {
    let is_taken = error
        .sqlite_error()
        .is_some_and(|details| TAKEN.contains(&details.extended_code));
    if is_taken {
        return StoreError::NameTaken {
            name: name.to_owned(),
        };
    }
    failed(error)
}
