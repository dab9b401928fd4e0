//! A metadata store that outlives the gateways on it: a file, or a database on a real server.

use std::path::PathBuf;

use mysql_async::prelude::Queryable;
use nexus_tests::{Database, Failed, Server};

/// Where the store is, and the key ring for it.
pub(crate) struct StorePlace {
    url: String,
    folder: tempfile::TempDir,
}

impl StorePlace {
    /// A file of its own.
    pub(crate) fn file() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        Self::new(url, folder)
    }

    /// The database `name`, made anew.
    pub(crate) async fn server(server: Server, name: &str) -> Result<Self, Failed> {
        let drop = format!("DROP DATABASE IF EXISTS {name}");
        let create = format!("CREATE DATABASE {name}");
        let (address, _) = server.url.rsplit_once('/').ok_or("an address with a database")?;
        let url = format!("{address}/{name}");
        Database::Server(server).execute(&[&drop, &create]).await?;
        Self::new(url, tempfile::tempdir()?)
    }

    fn new(url: String, folder: tempfile::TempDir) -> Result<Self, Failed> {
        gateway_store::KeyRing::generate_file(&folder.path().join("keys"))?;
        Ok(Self { url, folder })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The file with its keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    /// A folder that lives as long.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The settings of a gateway on it.
    pub(crate) fn settings(&self) -> String {
        let keys = self.keys();
        format!(
            "[store]\nurl = \"{}\"\nkeyring_file = \"{}\"\n",
            self.url,
            keys.display()
        )
    }

    /// Runs a statement behind the gateway's back.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), Failed> {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => Ok(rusqlite::Connection::open(path)?.execute_batch(sql)?),
            None => {
                let mut connection = mysql_async::Conn::from_url(&self.url).await?;
                connection.query_drop(sql).await?;
                Ok(connection.disconnect().await?)
            }
        }
    }
}
