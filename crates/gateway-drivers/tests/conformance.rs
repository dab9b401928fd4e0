//! The suite of every engine on SQLite, which needs no server. The others are in the workspace's tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is a test; a panic is a failure with a place"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::{Engine, SourceConfig};
use gateway_drivers::Drivers;
use gateway_drivers::testkit::{Backstage, Bench, SQLITE, cases};
use libtest_mimic::{Arguments, Trial};

fn main() {
    let trials = cases(&SQLITE)
        .into_iter()
        .map(|case| {
            Trial::test(case.name, move || {
                let folder = tempfile::tempdir()?;
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2)
                    .enable_all()
                    .build()?;
                runtime.block_on((case.run)(bench(folder.path())));
                Ok(())
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn bench(folder: &Path) -> Bench {
    let path = folder.canonicalize().unwrap().join("data.db");
    // A file that is not there cannot be opened read-only, and an empty one is a valid database.
    std::fs::write(&path, "").unwrap();
    Bench {
        driver: Drivers::builtin().get(Engine::Sqlite).unwrap(),
        config: SourceConfig {
            path: Some(path.display().to_string()),
            acquire_timeout: Duration::from_secs(30),
            ..SourceConfig::default()
        },
        password: None,
        dialect: &SQLITE,
        backstage: Arc::new(File(path)),
    }
}

struct File(PathBuf);

#[async_trait]
impl Backstage for File {
    async fn execute(&self, sql: &str) {
        let connection = rusqlite::Connection::open(&self.0).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    async fn ask(&self, sql: &str) -> String {
        let connection = rusqlite::Connection::open(&self.0).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A session has the file open, and closes it after its statement has ended.
    async fn sessions(&self) -> usize {
        let Ok(open) = std::fs::read_dir("/proc/self/fd") else {
            panic!("only Linux tells which files are open");
        };
        open.filter_map(Result::ok)
            .filter(|entry| std::fs::read_link(entry.path()).is_ok_and(|target| target == self.0))
            .count()
    }

    async fn running(&self) -> usize {
        self.sessions().await
    }
}
