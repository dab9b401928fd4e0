//! Empty databases that a case has for itself.

use std::path::PathBuf;
use std::sync::Arc;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};
use uuid::Uuid;

use crate::StoreUrl;
use crate::url::MySqlAddress;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An empty database. It can be looked into, and broken, behind the store's back.
#[derive(Clone)]
pub struct Scratch(Arc<Inner>);

struct Inner {
    url: StoreUrl,
    /// The server's own address, on which the database was made.
    server: Option<MySqlAddress>,
    folder: Option<PathBuf>,
}

impl Scratch {
    /// A SQLite file in a new temporary folder.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn sqlite() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("nexus-store-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&folder)?;
        Ok(Self(Arc::new(Inner {
            url: StoreUrl::Sqlite {
                path: folder.join("store.db"),
            },
            server: None,
            folder: Some(folder),
        })))
    }

    /// A new database `nexus_…` on a MySQL or MariaDB server, whose account must be allowed to make it.
    ///
    /// # Errors
    ///
    /// If the address is not `mysql://…` or the server refuses.
    pub async fn mysql(server: &str) -> Result<Self, Failure> {
        let StoreUrl::MySql(server) = server.parse()? else {
            return Err("the address of a MySQL server is needed".into());
        };
        let database = format!("nexus_{}", Uuid::new_v4().simple());
        let mut connection = Conn::new(opts(&server)).await?;
        connection
            .query_drop(format!("CREATE DATABASE {database}"))
            .await?;
        connection.disconnect().await?;
        let url = StoreUrl::MySql(MySqlAddress {
            database,
            ..server.clone()
        });
        Ok(Self(Arc::new(Inner {
            url,
            server: Some(server),
            folder: None,
        })))
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &StoreUrl {
        &self.0.url
    }

    /// Runs a statement behind the store's back.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn execute(&self, sql: &str) -> Result<(), Failure> {
        match &self.0.url {
            StoreUrl::Sqlite { path } => rusqlite::Connection::open(path)?.execute_batch(sql)?,
            StoreUrl::MySql(address) => {
                let mut connection = Conn::new(opts(address)).await?;
                connection.query_drop(sql).await?;
                connection.disconnect().await?;
            }
        }
        Ok(())
    }

    /// The first column of the rows of a query, as bytes.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn bytes(&self, sql: &str) -> Result<Vec<Vec<u8>>, Failure> {
        match &self.0.url {
            StoreUrl::Sqlite { path } => {
                let connection = rusqlite::Connection::open(path)?;
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| {
                    let value = row.get_ref(0)?;
                    Ok(value.as_bytes_or_null()?.unwrap_or_default().to_vec())
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            StoreUrl::MySql(address) => {
                let mut connection = Conn::new(opts(address)).await?;
                let rows = connection.query(sql).await?;
                connection.disconnect().await?;
                Ok(rows)
            }
        }
    }

    /// Removes the database; to be called when every store on it is gone.
    ///
    /// # Errors
    ///
    /// What the database or the file system says.
    pub async fn remove(&self) -> Result<(), Failure> {
        if let Some(folder) = &self.0.folder {
            std::fs::remove_dir_all(folder)?;
        }
        if let (Some(server), StoreUrl::MySql(address)) = (&self.0.server, &self.0.url) {
            let mut connection = Conn::new(opts(server)).await?;
            connection
                .query_drop(format!("DROP DATABASE {}", address.database))
                .await?;
            connection.disconnect().await?;
        }
        Ok(())
    }
}

fn opts(address: &MySqlAddress) -> OptsBuilder {
    OptsBuilder::default()
        .ip_or_hostname(address.host.clone())
        .tcp_port(address.port)
        .user(Some(address.user.clone()))
        .pass(address.password.as_ref().map(gateway_core::Secret::expose))
        .db_name(Some(address.database.clone()))
        .prefer_socket(false)
}
