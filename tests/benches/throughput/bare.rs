//! The other side: the same statement without a gateway, by pgbench or by a loop over the bare driver.
//!
//! Each client has a connection of its own and a statement that was prepared once, and reads every value of every row.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gateway_core::Engine;
use mysql_async::prelude::Queryable;
use nexus_tests::{Database, Failed};
use rusqlite::{Connection, OpenFlags};
use tokio::process::Command;

use crate::statement::Statement;

/// A loop that can be run.
pub(crate) struct Bare {
    place: Place,
    statement: Statement,
    clients: usize,
}

enum Place {
    Postgres(String),
    MySql(String),
    File(PathBuf),
}

impl Bare {
    pub(crate) fn new(database: &Database, statement: Statement, clients: usize) -> Self {
        let place = match database {
            Database::File(folder) => Place::File(folder.path().join("data.db")),
            Database::Server(server) if server.engine == Engine::PostgreSql => {
                Place::Postgres(server.url.clone())
            }
            Database::Server(server) => Place::MySql(server.url.clone()),
        };
        // One text does for the mixed ones, too: what many texts cost is then in the ratio.
        let statement = match statement {
            Statement::Mixed => Statement::OneRow,
            other => other,
        };
        Self {
            place,
            statement,
            clients,
        }
    }

    /// Statements a second, over so many seconds.
    pub(crate) async fn run(&self, seconds: u32) -> Result<f64, Failed> {
        match &self.place {
            Place::Postgres(url) => self.pgbench(url, seconds).await,
            Place::MySql(url) => self.mysql(url, seconds).await,
            Place::File(path) => self.sqlite(path, seconds),
        }
    }

    async fn pgbench(&self, url: &str, seconds: u32) -> Result<f64, Failed> {
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("script.sql");
        let highest = self.statement.highest();
        let text = self.statement.text(":id", 0);
        std::fs::write(&script, format!("\\set id random(0, {highest})\n{text};\n"))?;
        let output = Command::new("pgbench")
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=1"])
            .arg(format!("--client={}", self.clients))
            .arg(format!("--time={seconds}"))
            .arg(format!("--file={}", script.display()))
            .env("PGSSLMODE", "disable")
            .arg(url)
            .output()
            .await?;
        let told = String::from_utf8_lossy(&output.stdout);
        let rate = told
            .lines()
            .filter_map(|line| line.strip_prefix("tps = "))
            .find_map(|rest| rest.split_whitespace().next()?.parse().ok());
        rate.ok_or_else(|| format!("pgbench: {told}{}", String::from_utf8_lossy(&output.stderr)).into())
    }

    async fn mysql(&self, url: &str, seconds: u32) -> Result<f64, Failed> {
        let mut connections = Vec::with_capacity(self.clients);
        for _ in 0..self.clients {
            connections.push(mysql_async::Conn::from_url(url).await?);
        }
        let begun = Instant::now();
        let end = begun + Duration::from_secs(seconds.into());
        let text = self.statement.text("?", 0);
        let loops: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(client, connection)| {
                tokio::spawn(mysql_loop(connection, text.clone(), self.statement, client, end))
            })
            .collect();
        let mut done = 0;
        for running in loops {
            done += running.await??;
        }
        Ok(done as f64 / begun.elapsed().as_secs_f64())
    }

    fn sqlite(&self, path: &Path, seconds: u32) -> Result<f64, Failed> {
        let text = self.statement.text("?", 0);
        let begun = Instant::now();
        let end = begun + Duration::from_secs(seconds.into());
        let done = AtomicU64::new(0);
        std::thread::scope(|scope| -> Result<(), Failed> {
            let loops: Vec<_> = (0..self.clients)
                .map(|client| {
                    let (text, done) = (&text, &done);
                    scope.spawn(move || -> rusqlite::Result<()> {
                        let count = sqlite_loop(path, text, self.statement, client, end)?;
                        done.fetch_add(count, Ordering::Relaxed);
                        Ok(())
                    })
                })
                .collect();
            for running in loops {
                running.join().map_err(|_| "a loop panicked")??;
            }
            Ok(())
        })?;
        Ok(done.into_inner() as f64 / begun.elapsed().as_secs_f64())
    }
}

async fn mysql_loop(
    mut connection: mysql_async::Conn,
    text: String,
    statement: Statement,
    client: usize,
    end: Instant,
) -> mysql_async::Result<u64> {
    let prepared = connection.prep(text).await?;
    let (mut done, mut number) = (0, client);
    while Instant::now() < end {
        let value = statement.value(number);
        let mut rows = connection.exec_iter(&prepared, (value,)).await?;
        while let Some(row) = rows.next().await? {
            std::hint::black_box(row.unwrap());
        }
        drop(rows);
        done += 1;
        number += 1;
    }
    connection.disconnect().await?;
    Ok(done)
}

fn sqlite_loop(
    path: &Path,
    text: &str,
    statement: Statement,
    client: usize,
    end: Instant,
) -> rusqlite::Result<u64> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut prepared = connection.prepare(text)?;
    let columns = prepared.column_count();
    let (mut done, mut number) = (0, client);
    while Instant::now() < end {
        let mut rows = prepared.query([statement.value(number)])?;
        while let Some(row) = rows.next()? {
            for index in 0..columns {
                std::hint::black_box(row.get_ref(index)?);
            }
        }
        done += 1;
        number += 1;
    }
    Ok(done)
}
