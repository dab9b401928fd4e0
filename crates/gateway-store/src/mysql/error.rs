//! Errors of MySQL and MariaDB.

use deadpool::managed::PoolError;
use mysql_async::{DriverError, Error};

use crate::StoreError;

const DUPLICATE: u16 = 1062;
/// Too many connections (of all, of a user, of an account with a limit of its own), shutting down (several kinds), lock wait
/// timeout, deadlock, read-only after a failover, a session or its statement that an administrator ended (1317, 1927, 3169):
/// all may be over when the request is made again.
const TRANSIENT: [u16; 13] = [
    1040, 1053, 1077, 1079, 1152, 1203, 1205, 1213, 1226, 1290, 1317, 1927, 3169,
];
/// The account was refused. Nobody who asks can do anything about it, and whoever changed its password can.
const LOGIN: [u16; 2] = [1045, 1698];

/// An error that has no meaning of its own to the caller.
pub(super) fn failed(error: Error) -> StoreError {
    match error {
        Error::Io(error) => StoreError::Unavailable {
            reason: error.to_string(),
        },
        Error::Driver(DriverError::ConnectionClosed | DriverError::PoolDisconnected) => {
            StoreError::Unavailable {
                reason: "the connection was closed".to_owned(),
            }
        }
        // These quote the values of a row.
        Error::Driver(DriverError::FromRow { .. } | DriverError::FromValue { .. }) => StoreError::Corrupt {
            what: "a row of an unexpected shape".to_owned(),
        },
        // MySQL answers so, at random, for accounts that do not exist, to hide that they do not.
        Error::Driver(DriverError::UnknownAuthPlugin { name }) => StoreError::Database {
            reason: format!(
                "login refused: there is no such account, or it uses the unsupported authentication plugin {name}"
            ),
        },
        Error::Driver(error) => StoreError::Database {
            reason: error.to_string(),
        },
        Error::Server(error) => {
            let reason = format!("{} ({}): {}", error.code, error.state, error.message);
            if TRANSIENT.contains(&error.code) || LOGIN.contains(&error.code) {
                StoreError::Unavailable { reason }
            } else {
                StoreError::Database { reason }
            }
        }
        // Addresses never pass through the library's own parser; were one to, its error could quote it.
        Error::Url(_) => StoreError::Database {
            reason: "malformed address".to_owned(),
        },
        Error::Other(error) => StoreError::Database {
            reason: error.to_string(),
        },
    }
}

/// An error of a statement that writes the name `name`.
pub(super) fn failed_writing(error: Error, name: &str) -> StoreError {
    match &error {
        Error::Server(details) if details.code == DUPLICATE => StoreError::NameTaken {
            name: name.to_owned(),
        },
        Error::Server(_) | Error::Io(_) | Error::Driver(_) | Error::Url(_) | Error::Other(_) => failed(error),
    }
}

/// No connection was to be had.
pub(super) fn failed_getting(error: PoolError<Error>) -> StoreError {
    match error {
        PoolError::Backend(error) => failed(error),
        PoolError::Timeout(what) => StoreError::Unavailable {
            reason: format!("no connection in time ({what:?})"),
        },
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            StoreError::Unavailable {
                reason: "the pool is closed".to_owned(),
            }
        }
    }
}

/// A column that does not have the type it was made with.
pub(super) fn shape(index: usize) -> StoreError {
    StoreError::Corrupt {
        what: format!("column {} of a row", index + 1),
    }
}
