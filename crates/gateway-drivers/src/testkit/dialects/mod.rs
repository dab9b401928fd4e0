//! The dialects of the engines that this crate has drivers for.

mod mysql;
mod postgres;
mod sqlite;

pub use mysql::{MARIADB, MYSQL};
pub use postgres::POSTGRESQL;
pub use sqlite::SQLITE;
