//! The dialects of the engines that this crate has drivers for.

mod mysql;
mod oracle;
mod postgres;
mod sqlite;

pub use mysql::{MARIADB, MYSQL};
pub use oracle::ORACLE;
pub use postgres::POSTGRESQL;
pub use sqlite::SQLITE;
