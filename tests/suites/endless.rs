//! Statements that run until they are stopped, and whether they still do.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed};

/// How long to wait for something that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A statement with a mark of its own, by which the server's list of processes shows whether it runs.
pub(crate) struct Endless {
    /// The statement.
    pub(crate) sql: String,
    mark: String,
}

impl Endless {
    /// Computes for hours and gives no row before.
    pub(crate) fn waiting(engine: Engine) -> Self {
        let mark = mark();
        let sql = match engine {
            Engine::PostgreSql => format!(
                "WITH d AS (SELECT generate_series(1, 20000) AS n) SELECT count(*) AS {mark} \
                 FROM d a, d b, d c WHERE a.n + b.n < c.n"
            ),
            _ => format!(
                "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 900) \
                 SELECT count(*) AS {mark} FROM d a, d b, d c, d e WHERE a.n + b.n < c.n + e.n"
            ),
        };
        Self { sql, mark }
    }

    /// Gives millions of rows.
    pub(crate) fn flowing(engine: Engine) -> Self {
        let mark = mark();
        let filling = "x".repeat(80);
        let sql = match engine {
            Engine::PostgreSql => {
                format!("SELECT n AS {mark}, '{filling}' AS t FROM generate_series(1, 5000000) AS g(n)")
            }
            _ => format!(
                "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 900) \
                 SELECT a.n AS {mark}, '{filling}' AS t FROM d a, d b, d c"
            ),
        };
        Self { sql, mark }
    }

    /// On how many sessions of the server it runs; SQLite has no server that could be asked.
    pub(crate) async fn running(&self, database: &Database) -> Result<u64, Failed> {
        // In two parts, so that the question does not find itself.
        let (head, tail) = self.mark.split_at(4);
        let ask = match database.engine() {
            Engine::PostgreSql => format!(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%{head}' || '{tail}%'"
            ),
            Engine::MySql | Engine::MariaDb => format!(
                "SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist \
                 WHERE info LIKE concat('%{head}', '{tail}%')"
            ),
            Engine::Sqlite | Engine::Oracle => return Ok(0),
        };
        Ok(database.ask(&ask).await?.parse()?)
    }

    /// Waits until it runs on `count` sessions.
    pub(crate) async fn until_running(&self, database: &Database, count: u64) -> Result<(), Failed> {
        let asked = Instant::now();
        while self.running(database).await? < count {
            if asked.elapsed() > PATIENCE {
                return Err("the statement never ran on the server".into());
            }
        }
        Ok(())
    }

    /// Waits until it runs nowhere.
    pub(crate) async fn until_gone(&self, database: &Database) -> Result<(), Failed> {
        let asked = Instant::now();
        while self.running(database).await? > 0 {
            if asked.elapsed() > PATIENCE {
                return Err("the statement still runs on the server".into());
            }
        }
        Ok(())
    }
}

fn mark() -> String {
    format!("endless_{}", DataSourceId::new().0.simple())
}
