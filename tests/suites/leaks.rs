//! Whatever becomes of ten thousand queries, nothing of them is left: no socket, no thread, no session, no statement.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use gateway_core::{DataSourceId, Engine, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::breaker::health;
use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine};

/// A quarter of the ten thousand, on each of four engines.
const QUERIES: usize = 2500;

const AT_ONCE: usize = 32;

/// How long what is left may take to go: the runtime keeps helper threads for ten seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// What may be there by chance at the moment of a look: a connection of the trial itself, a file of the store. A leak of one in
/// a hundred queries would be six times as much.
const SLACK: usize = 4;

/// The account that nobody else uses, so that its sessions can be counted.
const ACCOUNT: &str = "nexus_leaks";

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "leaks::nothing_is_left", nothing_is_left);
}

/// What becomes of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Rows,
    Refusal,
    Rejection,
    RowLimit,
    Timeout,
    LeavingWhileWaiting,
    LeavingWhileReading,
    Cancel,
}

impl Fate {
    /// Mostly what is quick.
    fn of(number: usize) -> Self {
        match number % 50 {
            0 => Self::Cancel,
            10 => Self::LeavingWhileReading,
            20 => Self::LeavingWhileWaiting,
            30 => Self::Timeout,
            40 | 45 => Self::RowLimit,
            rest if rest % 5 == 1 => Self::Refusal,
            rest if rest % 5 == 2 => Self::Rejection,
            _ => Self::Rows,
        }
    }
}

struct Scene {
    gateway: Gateway,
    source: DataSourceId,
    engine: Engine,
    /// Of its own, so that its connections end with it.
    client: Client,
    token: String,
}

/// What the gateway's process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    descriptors: usize,
    threads: usize,
}

fn nothing_is_left(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start_with("limits.per_caller = 1000\n").await?;
        let mut body = database.source("leaks");
        // A busy machine may be slow; that is another trial's business.
        body["config"]["connectTimeoutMs"] = json!(60_000);
        body["config"]["acquireTimeoutMs"] = json!(60_000);
        body["config"]["queryTimeoutMs"] = json!(120_000);
        if let Database::Server(server) = &database {
            make_account(server).await?;
            body["config"]["username"] = json!(ACCOUNT);
            body["config"]["password"] = json!(ACCOUNT);
        }
        let source = gateway.register_as(&body).await?;
        let scene = Scene {
            token: gateway.token("admin", SourceGrant::All)?,
            engine: database.engine(),
            client: Client::new(),
            gateway,
            source,
        };
        assert_eq!(
            scene.gateway.query(source, "SELECT 1", json!({})).await?.status,
            200
        );
        let before = scene.held()?;
        let fates = stream::iter(0..QUERIES).map(|number| scene.meet(Fate::of(number)));
        let mut fates = fates.buffer_unordered(AT_ONCE);
        while let Some(outcome) = fates.next().await {
            outcome?;
        }
        drop(fates);
        let Scene {
            gateway,
            engine,
            client,
            ..
        } = scene;
        drop(client);
        let after = Rest {
            gateway,
            source,
            engine,
            database,
        };
        after.is_at_rest(before).await
    })
}

async fn make_account(server: &Server) -> Outcome {
    let admin = Database::Server(server.as_admin());
    if server.engine == Engine::PostgreSql {
        let role = format!(
            "DO $$ BEGIN CREATE ROLE {ACCOUNT} LOGIN PASSWORD '{ACCOUNT}'; \
             EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        );
        return admin.execute(&[&role]).await;
    }
    let user = format!("CREATE USER IF NOT EXISTS '{ACCOUNT}'@'%' IDENTIFIED BY '{ACCOUNT}'");
    let grant = format!("GRANT SELECT ON nexus.* TO '{ACCOUNT}'@'%'");
    admin.execute(&[&user, &grant]).await
}

impl Scene {
    async fn meet(&self, fate: Fate) -> Outcome {
        let waiting = Endless::waiting(self.engine);
        let flowing = Endless::flowing(self.engine);
        match fate {
            Fate::Rows => self.expect("SELECT 1 AS n", json!({}), "").await,
            Fate::Refusal => {
                self.expect("SELECT nothing FROM nowhere", json!({}), "QUERY_ERROR")
                    .await
            }
            Fate::Rejection => self.expect("DELETE FROM nowhere", json!({}), "INVALID_SQL").await,
            Fate::RowLimit => self.expect(&flowing.sql, json!({"limit": 10}), "").await,
            Fate::Timeout => {
                self.expect(&waiting.sql, json!({"timeoutMs": 40}), "TIMEOUT_ERROR")
                    .await
            }
            Fate::LeavingWhileWaiting => {
                let leaving = self
                    .query(&waiting.sql, json!({}))
                    .timeout(Duration::from_millis(40));
                assert!(leaving.send().await.is_err(), "it ended");
                Ok(())
            }
            Fate::LeavingWhileReading => {
                let reading = self
                    .query(&flowing.sql, json!({}))
                    .header("Accept", "application/x-ndjson");
                let mut response = reading.send().await?;
                assert!(response.chunk().await?.is_some());
                Ok(())
            }
            Fate::Cancel => {
                let (answer, cancel) = tokio::join!(
                    self.expect(&waiting.sql, json!({"timeoutMs": 60_000}), "QUERY_CANCELLED"),
                    self.cancel(&waiting.sql)
                );
                answer.and(cancel)
            }
        }
    }

    fn query(&self, sql: &str, extra: Value) -> RequestBuilder {
        let mut body = json!({"dataSourceId": self.source.to_string(), "sql": sql});
        if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
            body.extend(extra);
        }
        self.client
            .post(format!("{}/api/v1/query", self.gateway.url()))
            .bearer_auth(&self.token)
            .header("Content-Type", "application/json")
            .body(body.to_string())
    }

    async fn expect(&self, sql: &str, extra: Value, code: &str) -> Outcome {
        let answer = self.gateway.answer(self.query(sql, extra)).await?;
        assert_eq!(answer.code(), code, "{sql}: {}", answer.text);
        Ok(())
    }

    /// Stops the query with this text as soon as it is listed.
    async fn cancel(&self, sql: &str) -> Outcome {
        let path = format!("{}/api/v1/queries", self.gateway.url());
        let given_up = Instant::now() + PATIENCE;
        loop {
            let list = self.client.get(&path).bearer_auth(&self.token);
            let listed = self.gateway.answer(list).await?;
            let items = listed.data()["items"].as_array().ok_or("no list")?;
            if let Some(found) = items.iter().find(|item| item["sql"] == sql) {
                let id = found["queryId"].as_str().unwrap_or_default();
                let stop = self
                    .client
                    .delete(format!("{path}/{id}"))
                    .bearer_auth(&self.token);
                assert_eq!(self.gateway.answer(stop).await?.status, 202);
                return Ok(());
            }
            assert!(Instant::now() < given_up, "it never ran: {}", listed.text);
        }
    }

    fn held(&self) -> Result<Held, Failed> {
        held_by(&self.gateway)
    }
}

fn held_by(gateway: &Gateway) -> Result<Held, Failed> {
    let pid = gateway.pid().ok_or("it has ended")?;
    let count = |what: &str| Ok::<_, Failed>(std::fs::read_dir(format!("/proc/{pid}/{what}"))?.count());
    Ok(Held {
        descriptors: count("fd")?,
        threads: count("task")?,
    })
}

/// What is there after the last query.
struct Rest {
    gateway: Gateway,
    source: DataSourceId,
    engine: Engine,
    database: Database,
}

impl Rest {
    /// Of the sessions that were opened exactly those are left that the pool keeps idle.
    async fn is_at_rest(&self, before: Held) -> Outcome {
        let given_up = Instant::now() + PATIENCE;
        loop {
            let rest = self.look(before).await?;
            if rest.is_none() {
                break;
            }
            assert!(Instant::now() < given_up, "{}", rest.unwrap_or_default());
            // Looking costs descriptors, too.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(!self.gateway.log().contains("panicked"), "{}", self.gateway.log());
        let pool = health(&self.gateway, self.source).await?["pool"].clone();
        println!(
            "{}: {before:?} before, {:?} after, {pool}",
            self.engine,
            held_by(&self.gateway)?
        );
        Ok(())
    }

    /// What is still too much, if anything.
    async fn look(&self, before: Held) -> Result<Option<String>, Failed> {
        let listed = self.gateway.send(Method::GET, "/api/v1/queries", None).await?;
        let pool = health(&self.gateway, self.source).await?["pool"].clone();
        let number = |name: &str| pool[name].as_u64().unwrap_or(u64::MAX);
        let (open, held) = (number("open"), held_by(&self.gateway)?);
        // One session was open before. SQLite's are a file and a thread, or a few for what the library opens beside.
        let more = usize::try_from(open)?.saturating_sub(1);
        let (files, threads) = match self.engine {
            Engine::Sqlite => (3 * more, more),
            _ => (more, 0),
        };
        let sessions = self.sessions().await?;
        let is_clean = listed.data()["items"] == json!([])
            && open == number("idle")
            && number("waiting") == 0
            && number("created") == number("discarded") + number("expired") + open
            && held.descriptors <= before.descriptors + files + SLACK
            && held.threads <= before.threads + threads + SLACK
            && sessions <= open;
        Ok((!is_clean).then(|| {
            format!(
                "{pool}, {sessions} sessions on the server, {held:?} after {before:?}, {}",
                listed.text
            )
        }))
    }

    /// The sessions that the server has for the account.
    async fn sessions(&self) -> Result<u64, Failed> {
        let ask = match self.engine {
            Engine::PostgreSql => {
                format!("SELECT count(*) FROM pg_stat_activity WHERE usename = '{ACCOUNT}'")
            }
            Engine::MySql | Engine::MariaDb => format!(
                "SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist WHERE user = '{ACCOUNT}'"
            ),
            Engine::Sqlite | Engine::Oracle => return Ok(0),
        };
        Ok(self.database.ask(&ask).await?.parse()?)
    }
}
