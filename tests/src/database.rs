//! A database to query: a table of a trial's own on a real server, or a SQLite file.

use std::path::{Path, PathBuf};

use gateway_core::Engine;
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use crate::{Failed, Server};

/// Where a trial keeps its data.
pub enum Database {
    /// On a server.
    Server(Server),
    /// In a file.
    File(tempfile::TempDir),
}

/// Where the trials' SQLite databases are: gateways may open what is here, and have their own files elsewhere.
pub(crate) fn databases_folder() -> std::io::Result<PathBuf> {
    let folder = std::env::temp_dir().join("nexus-test-databases");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

impl Database {
    /// A new, empty SQLite file.
    ///
    /// # Errors
    ///
    /// If there is no place for it.
    pub fn file() -> Result<Self, Failed> {
        let folder = tempfile::tempdir_in(databases_folder()?)?;
        // A file that is not there cannot be opened read-only, and an empty one is a valid database.
        std::fs::write(folder.path().join("data.db"), "")?;
        Ok(Self::File(folder))
    }

    /// What it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Server(server) => server.engine,
            Self::File(_) => Engine::Sqlite,
        }
    }

    /// Runs statements with the gateway's own account, which may write, each in a transaction of its own.
    ///
    /// # Errors
    ///
    /// The first statement that fails.
    pub async fn execute(&self, statements: &[&str]) -> Result<(), Failed> {
        match self {
            Self::File(folder) => {
                let connection = rusqlite::Connection::open(folder.path().join("data.db"))?;
                Ok(connection.execute_batch(&statements.join(";\n"))?)
            }
            Self::Server(server) if server.engine == Engine::PostgreSql => {
                let (client, connection) = tokio_postgres::connect(&server.url, NoTls).await?;
                let connection = tokio::spawn(connection);
                for statement in statements {
                    client.batch_execute(statement).await?;
                }
                drop(client);
                Ok(connection.await??)
            }
            Self::Server(server) => {
                let mut connection = mysql_async::Conn::from_url(&server.url).await?;
                for statement in statements {
                    connection.query_drop(*statement).await?;
                }
                Ok(connection.disconnect().await?)
            }
        }
    }

    /// The first column of the first row, as text.
    ///
    /// # Errors
    ///
    /// If the statement fails or gives no row.
    pub async fn ask(&self, sql: &str) -> Result<String, Failed> {
        match self {
            Self::File(folder) => {
                let connection = rusqlite::Connection::open(folder.path().join("data.db"))?;
                Ok(connection.query_row(sql, [], |row| row.get::<_, String>(0))?)
            }
            Self::Server(server) if server.engine == Engine::PostgreSql => {
                let (client, connection) = tokio_postgres::connect(&server.admin_url, NoTls).await?;
                let connection = tokio::spawn(connection);
                let rows = client.simple_query(sql).await?;
                let text = rows.iter().find_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                });
                drop(client);
                connection.await??;
                text.ok_or_else(|| "no row".into())
            }
            Self::Server(server) => {
                let mut connection = mysql_async::Conn::from_url(&server.admin_url).await?;
                let text: Option<String> = connection.query_first(sql).await?;
                connection.disconnect().await?;
                text.ok_or_else(|| "no row".into())
            }
        }
    }

    /// The body that registers it as a data source called `name`, with the gateway's own account.
    #[must_use]
    pub fn source(&self, name: &str) -> Value {
        let server = match self {
            Self::File(folder) => return file_source(name, &folder.path().join("data.db")),
            Self::Server(server) => server,
        };
        let parts = UrlParts::of(&server.url);
        json!({"name": name, "type": server.engine.as_str(), "config": {
            "host": parts.host, "port": parts.port, "database": parts.database,
            "username": parts.user, "password": parts.password,
        }})
    }
}

fn file_source(name: &str, path: &Path) -> Value {
    json!({"name": name, "type": "sqlite", "config": {"path": path.display().to_string()}})
}

/// `scheme://user:password@host:port/database`, as the test bed writes it: nothing in it needs decoding.
struct UrlParts<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    port: u16,
    database: &'a str,
}

impl<'a> UrlParts<'a> {
    fn of(url: &'a str) -> Self {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let (account, place) = rest.split_once('@').unwrap_or(("", rest));
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let (address, database) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = address.split_once(':').unwrap_or((address, ""));
        Self {
            user,
            password,
            host,
            port: port.parse().unwrap_or(0),
            database,
        }
    }
}
