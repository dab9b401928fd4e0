//! A small load that goes on all the time: quick rows, a stream, a cancelled statement, refused ones; and what became of each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine, SourceGrant};
use nexus_tests::{Failed, Gateway};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::endless::Endless;

/// Answers at once with one row.
pub(super) const ORACLE_QUICK: &str = "SELECT n FROM quick";
/// Computes for ten minutes.
pub(super) const ORACLE_WAITING: &str = "SELECT n FROM waiting";
/// Gives some hundred rows, which is as much work for a double as twenty thousand for a server.
pub(super) const ORACLE_FLOWING: &str = "SELECT n, filling FROM flowing";

/// The deadline that each statement has.
pub(super) const DEADLINE: Duration = Duration::from_secs(3);

/// Between two requests of one caller.
const BREATH: Duration = Duration::from_millis(10);

/// No answer came.
const NONE: &str = "no answer";

/// What a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Rows,
    Stream,
    Cancel,
    /// A table that is not there.
    Refusal,
    /// A statement that is not permitted.
    Rejection,
}

impl Wish {
    /// What is told to who wishes it, if all is well.
    fn usual(self) -> &'static str {
        match self {
            Self::Rows | Self::Stream => "",
            Self::Cancel => "QUERY_CANCELLED",
            Self::Refusal => "QUERY_ERROR",
            Self::Rejection => "INVALID_SQL",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) wish: Wish,
    /// The error's code; nothing if there was none.
    pub(super) code: String,
    pub(super) begun: Instant,
    pub(super) took: Duration,
    pub(super) retry_after: Option<u64>,
    /// The answer's text, if it is not as usual.
    pub(super) text: String,
}

impl Seen {
    pub(super) fn is_usual(&self) -> bool {
        self.code == self.wish.usual()
    }

    pub(super) fn ended(&self) -> Instant {
        self.begun + self.took
    }
}

/// Callers at work. They end with it.
pub(super) struct Load {
    callers: JoinSet<Result<(), Failed>>,
    is_over: Arc<AtomicBool>,
    breath: Duration,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// One caller, with connections of its own.
#[derive(Clone)]
struct Caller {
    gateway: Arc<Gateway>,
    client: Client,
    source: DataSourceId,
    engine: Engine,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Load {
    /// Nobody yet. Callers pause for `breath` between two requests.
    pub(super) fn new(breath: Duration) -> Self {
        Self {
            callers: JoinSet::new(),
            is_over: Arc::default(),
            seen: Arc::default(),
            breath,
        }
    }

    /// Callers of the usual kinds.
    pub(super) fn start(gateway: &Arc<Gateway>, source: DataSourceId, engine: Engine) -> Self {
        let mut load = Self::new(BREATH);
        load.join(gateway, source, engine);
        load
    }

    /// More callers, of a source.
    pub(super) fn join(&mut self, gateway: &Arc<Gateway>, source: DataSourceId, engine: Engine) {
        const CALLERS: [&[Wish]; 5] = [
            &[Wish::Rows],
            &[Wish::Rows],
            &[Wish::Stream],
            &[Wish::Cancel],
            &[Wish::Refusal, Wish::Rejection],
        ];
        let caller = Caller {
            gateway: Arc::clone(gateway),
            client: Client::new(),
            source,
            engine,
            seen: Arc::clone(&self.seen),
        };
        for wishes in CALLERS {
            let (caller, is_over, breath) = (caller.clone(), Arc::clone(&self.is_over), self.breath);
            self.callers.spawn(async move {
                for wish in wishes.iter().cycle() {
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                    caller.wish(*wish).await?;
                    tokio::time::sleep(breath).await;
                }
                Ok(())
            });
        }
    }

    /// All that was seen so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }

    /// Since when everybody has got what is usual, at the earliest `since`; nothing if hardly anybody has got anything.
    pub(super) fn usual_since(&self, since: Instant) -> Option<Instant> {
        let seen = lock(&self.seen);
        let unusual = seen.iter().filter(|one| !one.is_usual()).map(|one| one.begun);
        let from = unusual.max().map_or(since, |unusual| unusual.max(since));
        let count = seen.iter().filter(|one| one.begun > from).count();
        (count > 2 * self.callers.len()).then_some(from)
    }

    /// Lets everybody come to their end.
    pub(super) async fn stop(mut self) -> Result<Vec<Seen>, Failed> {
        self.is_over.store(true, Ordering::SeqCst);
        while let Some(caller) = self.callers.join_next().await {
            caller??;
        }
        Ok(self.seen())
    }
}

impl Caller {
    /// A new one each time: the load may go on for longer than one is good for.
    fn token(&self) -> Result<String, Failed> {
        self.gateway.token("admin", SourceGrant::All)
    }

    async fn wish(&self, wish: Wish) -> Result<(), Failed> {
        let waiting = Endless::waiting(self.engine).sql;
        match (wish, self.engine) {
            (Wish::Rows, Engine::Oracle) => self.ask(wish, ORACLE_QUICK).await,
            // That looks into the file.
            (Wish::Rows, Engine::Sqlite) => self.ask(wish, "SELECT count(*) FROM t").await,
            (Wish::Rows, _) => self.ask(wish, "SELECT 1 AS n").await,
            (Wish::Stream, engine) => self.ask(wish, &flowing(engine)).await,
            (Wish::Refusal, _) => self.ask(wish, "SELECT nothing FROM nowhere").await,
            (Wish::Rejection, _) => self.ask(wish, "DELETE FROM nowhere").await,
            (Wish::Cancel, engine) => {
                let sql = if engine == Engine::Oracle {
                    ORACLE_WAITING
                } else {
                    &waiting
                };
                tokio::select! {
                    outcome = self.ask(wish, sql) => outcome,
                    Err(failed) = self.cancel(sql) => Err(failed),
                }
            }
        }
    }

    async fn ask(&self, wish: Wish, sql: &str) -> Result<(), Failed> {
        let deadline = DEADLINE.as_millis() as u64;
        let body = json!({"dataSourceId": self.source.to_string(), "sql": sql, "timeoutMs": deadline});
        let accept = match wish {
            Wish::Stream => "application/x-ndjson",
            _ => "application/json",
        };
        let request = self
            .client
            .post(format!("{}/api/v1/query", self.gateway.url()))
            .bearer_auth(self.token()?)
            .header("Accept", accept)
            .header("Content-Type", "application/json")
            .body(body.to_string());
        let begun = Instant::now();
        let (text, retry_after) = match request.send().await {
            Err(error) => (error.to_string(), None),
            Ok(response) => {
                let wait = response.headers().get("retry-after").cloned();
                let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok());
                (response.text().await.unwrap_or_default(), wait)
            }
        };
        let took = begun.elapsed();
        let mut seen = Seen {
            wish,
            code: code_of(&text),
            begun,
            took,
            retry_after,
            text,
        };
        if seen.is_usual() {
            // Not merely cleared: there are many, and some are long.
            seen.text = String::new();
        } else {
            let end = seen.text.len().saturating_sub(600);
            seen.text = seen.text[seen.text.ceil_char_boundary(end)..].to_owned();
        }
        lock(&self.seen).push(seen);
        Ok(())
    }

    /// Stops the statement as soon as it is listed; ends only by failing.
    async fn cancel(&self, sql: &str) -> Result<std::convert::Infallible, Failed> {
        let path = format!("{}/api/v1/queries", self.gateway.url());
        loop {
            let list = self.client.get(&path).bearer_auth(self.token()?).send().await?;
            let listed: Value = serde_json::from_str(&list.text().await?)?;
            let items = listed["data"]["items"].as_array().ok_or("no list")?;
            let mine = items
                .iter()
                .find(|item| item["sql"] == sql && item["dataSourceId"] == self.source.to_string());
            if let Some(id) = mine.and_then(|item| item["queryId"].as_str()) {
                let stop = self
                    .client
                    .delete(format!("{path}/{id}"))
                    .bearer_auth(self.token()?);
                let status = stop.send().await?.status().as_u16();
                // It may have ended meanwhile; and where nothing can be put on record nothing is done, until it can.
                assert!(matches!(status, 202 | 404 | 503), "{status}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The code at the end of an answer, of whichever form.
fn code_of(text: &str) -> String {
    let last: Value = match serde_json::from_str(text.lines().last().unwrap_or_default()) {
        Ok(last) => last,
        Err(_) => return NONE.to_owned(),
    };
    let code = last["error"]["code"].as_str().or(last["end"]["code"].as_str());
    if let Some(code) = code {
        return code.to_owned();
    }
    if last["end"]["truncatedBy"] == "time" || last["data"]["metadata"]["truncatedBy"] == "time" {
        return "truncated".to_owned();
    }
    match (last["end"]["status"].as_str(), last["success"].as_bool()) {
        (Some("ok"), _) | (_, Some(true)) => String::new(),
        _ => NONE.to_owned(),
    }
}

/// Twenty thousand rows that come as they are made.
pub(super) fn flowing(engine: Engine) -> String {
    let filling = "x".repeat(80);
    match engine {
        Engine::Oracle => ORACLE_FLOWING.to_owned(),
        Engine::PostgreSql => format!("SELECT generate_series(1, 20000) AS n, '{filling}' AS t"),
        Engine::MySql | Engine::MariaDb | Engine::Sqlite => format!(
            "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 142) \
             SELECT a.n, '{filling}' AS t FROM d a, d b"
        ),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
