//! The accounts every test server has, and a port for it.

use std::net::TcpListener;
use std::process;

use anyhow::{Context, Result};

use crate::shell;

/// The database the tests work in.
pub(super) const DATABASE: &str = "nexus";

/// Passwords of the three accounts of one server.
pub(super) struct Accounts {
    /// Of `nexus`, the gateway's own account.
    pub(super) nexus: String,
    /// Of `reader`, which may only SELECT.
    pub(super) reader: String,
    /// Of `admin`, which may do everything.
    pub(super) admin: String,
}

impl Accounts {
    /// Accounts with new random passwords.
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            nexus: shell::random_hex(12)?,
            reader: shell::random_hex(12)?,
            admin: shell::random_hex(12)?,
        })
    }

    /// The three address variables, for a server of `scheme` on `port`.
    pub(super) fn urls(&self, scheme: &str, port: u16) -> [(&'static str, String); 3] {
        let url =
            |user: &str, password: &str| format!("{scheme}://{user}:{password}@127.0.0.1:{port}/{DATABASE}");
        [
            ("URL", url("nexus", &self.nexus)),
            ("READER_URL", url("reader", &self.reader)),
            ("ADMIN_URL", url("admin", &self.admin)),
        ]
    }

    /// What a server of the MySQL family runs before it takes connections; running it again changes nothing.
    pub(super) fn mysql_setup(&self) -> String {
        let mut sql = format!("CREATE DATABASE IF NOT EXISTS {DATABASE};\n");
        for (user, password) in [
            ("nexus", &self.nexus),
            ("reader", &self.reader),
            ("admin", &self.admin),
        ] {
            sql.push_str(&format!(
                "CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY '{password}';\n"
            ));
        }
        // In a GRANT the underscore is a wildcard unless it is escaped.
        for database in [DATABASE, r"nexus\_%"] {
            sql.push_str(&format!("GRANT ALL ON `{database}`.* TO 'nexus'@'%';\n"));
            sql.push_str(&format!("GRANT SELECT ON `{database}`.* TO 'reader'@'%';\n"));
        }
        sql.push_str("GRANT PROCESS ON *.* TO 'nexus'@'%';\n");
        sql.push_str("GRANT ALL ON *.* TO 'admin'@'%' WITH GRANT OPTION;\n");
        sql
    }
}

/// A free loopback port, below the range from which the system takes ports for outgoing connections: a killed server
/// must find its port free when it comes back.
pub(super) fn free_port() -> Result<u16> {
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    // Two testbeds that start at once begin their search in different places.
    let offset = process::id().wrapping_mul(97) % COUNT;
    (0..COUNT)
        .filter_map(|step| u16::try_from(FIRST + (offset + step) % COUNT).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no free loopback port")
}
