//! A source that is changed while statements wait for its sessions.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;

/// How many wait.
const WAITING: usize = 6;

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("source_edits::waiting_moves_on", engine, waiting_moves_on);
    }
    trials.engine("source_edits::judged_anew", Engine::PostgreSql, judged_anew);
    trials.engine("source_edits::deleted", Engine::PostgreSql, deleted);
}

/// A source whose only session is taken.
struct Crowded {
    gateway: Gateway,
    database: Database,
    id: DataSourceId,
    endless: Endless,
}

impl Crowded {
    async fn new(server: Server, options: Value) -> Result<Self, Failed> {
        let database = Database::Server(server);
        let gateway = Gateway::start().await?;
        let id = gateway.register(&database).await?;
        let endless = Endless::waiting(database.engine());
        let crowded = Self {
            gateway,
            database,
            id,
            endless,
        };
        let narrow = json!({"maxPoolSize": 1, "acquireTimeoutMs": 60_000, "options": options});
        let changed = crowded.change(&narrow).await?;
        assert_eq!(changed.status, 200, "{}", changed.text);
        Ok(crowded)
    }

    fn path(&self) -> String {
        format!("/api/v1/datasources/{}", self.id)
    }

    async fn change(&self, config: &Value) -> Result<Answer, Failed> {
        let patch = json!({"config": config});
        self.gateway.send(Method::PATCH, &self.path(), Some(&patch)).await
    }

    async fn ask(&self, sql: &str, timeout_ms: u64) -> Result<Answer, Failed> {
        self.gateway
            .query(self.id, sql, json!({"timeoutMs": timeout_ms}))
            .await
    }

    /// What `sql` is answered with by all that wait for the session when `edit` is done; the session stays taken.
    async fn meanwhile<T>(
        &self,
        sql: &str,
        edit: impl Future<Output = Result<T, Failed>>,
    ) -> Result<Vec<Answer>, Failed> {
        let asking = (0..WAITING).map(|_| self.ask(sql, 30_000));
        let editing = async {
            self.until_waiting().await?;
            edit.await
        };
        let waiting = async {
            self.endless.until_running(&self.database, 1).await?;
            let asking = futures_util::future::try_join_all(asking);
            let (answers, _) = tokio::try_join!(asking, editing)?;
            Ok::<_, Failed>(answers)
        };
        tokio::select! {
            taken = self.ask(&self.endless.sql, 300_000) => Err(format!("ended: {}", taken?.text).into()),
            answers = waiting => answers,
        }
    }

    async fn until_waiting(&self) -> Outcome {
        let begun = Instant::now();
        loop {
            let health = self.gateway.send(Method::GET, "/api/v1/health", None).await?;
            let mut sources = health.data()["sources"].as_array().into_iter().flatten();
            let found = sources.find(|entry| entry["id"] == self.id.to_string());
            if found.is_some_and(|entry| entry["pool"]["waiting"] == WAITING) {
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(20) {
                return Err(format!("they do not wait: {}", health.text).into());
            }
        }
    }
}

/// Whoever waits for a session is given one of the new pool, and what runs runs on.
async fn waiting_moves_on(server: Server) -> Outcome {
    let crowded = Crowded::new(server, json!({})).await?;
    let wider = json!({"maxPoolSize": 2});
    let answers = crowded
        .meanwhile("SELECT 1 AS n", async {
            let changed = crowded.change(&wider).await?;
            assert_eq!(changed.status, 200, "{}", changed.text);
            Ok(())
        })
        .await?;
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    crowded.endless.until_gone(&crowded.database).await
}

/// What the new source does not permit any more is not run, though it was permitted when it came.
async fn judged_anew(server: Server) -> Outcome {
    let crowded = Crowded::new(server, json!({"functions": "own_function"})).await?;
    let answers = crowded
        .meanwhile(
            "SELECT own_function(1)",
            crowded.change(&json!({"options": {"functions": "other"}})),
        )
        .await?;
    for answer in answers {
        assert_eq!(
            (answer.status, answer.code()),
            (403, "INVALID_SQL"),
            "{}",
            answer.text
        );
    }
    Ok(())
}

/// A source that is gone is one that never was.
async fn deleted(server: Server) -> Outcome {
    let crowded = Crowded::new(server, json!({})).await?;
    let path = crowded.path();
    let answers = crowded
        .meanwhile("SELECT 1", crowded.gateway.send(Method::DELETE, &path, None))
        .await?;
    for answer in answers {
        assert_eq!(
            (answer.status, answer.code()),
            (404, "INVALID_DATA_SOURCE"),
            "{}",
            answer.text
        );
    }
    Ok(())
}
