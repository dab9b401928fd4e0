//! A query ends on its server when nobody waits for it any more: over every version of HTTP, for every reason, every time,
//! and soon.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Transport, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;
use crate::faults::{at_work, until_pool_rests};

pub(crate) fn register(trials: &mut Trials) {
    for transport in Transport::ALL {
        let name = |what: &str| format!("kills::{what}::{transport}");
        trials.simple(&name("answers"), move || answers(transport));
        trials.simple(&name("stalled_reader"), move || stalled(transport));
        trials.engine(
            &name("leaving_while_waiting"),
            Engine::PostgreSql,
            move |server| leaving_while_waiting(transport, server),
        );
        trials.engine(
            &name("leaving_while_reading"),
            Engine::PostgreSql,
            move |server| leaving_while_reading(transport, server),
        );
        trials.engine(&name("stalled_past_the_deadline"), Engine::MySql, move |server| {
            stalled_past_the_deadline(transport, server)
        });
    }
    trials.simple("kills::reset_stream", reset_stream);
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("kills::a_hundred_times", engine, a_hundred_times);
    }
}

/// Everything as usual: a small answer, a large one in any format, a failure, a body that is too large.
async fn answers(transport: Transport) -> Outcome {
    let gateway = Gateway::start_over(transport, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let answer = gateway.query(source, "SELECT 1 AS n", json!({})).await?;
    assert_eq!(answer.data()["rows"], json!([[1.to_string()]]), "{}", answer.text);
    assert!(answer.headers.contains_key("date") && answer.headers.contains_key("x-correlation-id"));
    let sql =
        "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 300000) SELECT n FROM d";
    let body = json!({"dataSourceId": source.to_string(), "sql": sql});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let large = gateway
        .answer(request.header("Accept", "text/csv").body(body.to_string()))
        .await?;
    assert_eq!(large.text.lines().count(), 300_001);
    let refused = gateway.query(source, "DELETE FROM t", json!({})).await?;
    assert_eq!((refused.status, refused.code()), (403, "INVALID_SQL"));
    let oversized = gateway
        .query(source, &format!("SELECT '{}'", "x".repeat(3 << 20)), json!({}))
        .await?;
    assert_eq!((oversized.status, oversized.code()), (413, "PAYLOAD_TOO_LARGE"));
    let head = gateway.request(Method::HEAD, "/health/live")?.send().await?;
    assert!(head.text().await?.is_empty());
    let cut = json!({"dataSourceId": source.to_string(), "sql": Endless::flowing(Engine::Sqlite).sql, "timeoutMs": 500});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let broken = request
        .header("Accept", "text/csv")
        .body(cut.to_string())
        .send()
        .await?;
    assert!(broken.bytes().await.is_err(), "a part passed for the whole");
    gateway.stop().await?;
    Ok(())
}

async fn leaving_while_waiting(transport: Transport, server: Server) -> Outcome {
    let gateway = Gateway::start_over(transport, "").await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let endless = Endless::waiting(database.engine());
    tokio::select! {
        answer = gateway.query(source, &endless.sql, json!({"timeoutMs": 300_000})) => {
            return Err(format!("answered: {}", answer?.text).into());
        }
        running = endless.until_running(&database, 1) => running?,
    }
    endless.until_gone(&database).await?;
    until_pool_rests(&gateway, source).await
}

async fn leaving_while_reading(transport: Transport, server: Server) -> Outcome {
    let gateway = Gateway::start_over(transport, "").await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(database.engine());
    let mut response = flowing(&gateway, source, &endless, 300_000).await?;
    assert!(response.chunk().await?.is_some());
    drop(response);
    endless.until_gone(&database).await?;
    until_pool_rests(&gateway, source).await
}

async fn flowing(
    gateway: &Gateway,
    source: DataSourceId,
    endless: &Endless,
    timeout_ms: u64,
) -> Result<reqwest::Response, Failed> {
    let body = json!({"dataSourceId": source.to_string(), "sql": endless.sql, "timeoutMs": timeout_ms});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let request = request
        .header("Accept", "application/x-ndjson")
        .body(body.to_string());
    let response = request.send().await?;
    assert_eq!(response.status(), 200);
    Ok(response)
}

/// A reader that never reads loses the session at the deadline and its connection soon after; what it has already got ends
/// without an end line.
async fn stalled_past_the_deadline(transport: Transport, server: Server) -> Outcome {
    let settings = "query.max_bytes = 4000000000\nserver.stall_timeout = \"1s\"\n";
    let gateway = Gateway::start_over(transport, settings).await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    // Of the time until the deadline nothing is to go to connecting.
    assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
    let endless = Endless::flowing(database.engine());
    let mut response = flowing(&gateway, source, &endless, 700).await?;
    endless.until_gone(&database).await?;
    until_pool_rests(&gateway, source).await?;
    until_nothing_runs(&gateway).await?;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(broken, "the end came although nobody had read");
    Ok(())
}

/// Without a deadline in sight a reader that takes nothing is cut off, too.
async fn stalled(transport: Transport) -> Outcome {
    let settings = "query.max_bytes = 4000000000\nserver.stall_timeout = \"1s\"\n";
    let gateway = Gateway::start_over(transport, settings).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(Engine::Sqlite);
    let response = flowing(&gateway, source, &endless, 300_000).await?;
    until_nothing_runs(&gateway).await?;
    until_pool_rests(&gateway, source).await?;
    drop(response);
    Ok(())
}

async fn until_nothing_runs(gateway: &Gateway) -> Result<(), Failed> {
    let given_up = Instant::now() + Duration::from_secs(20);
    loop {
        let running = gateway.send(Method::GET, "/api/v1/queries", None).await?;
        if running.data()["items"] == json!([]) {
            return Ok(());
        }
        if Instant::now() > given_up {
            return Err(format!("still running: {}", running.text).into());
        }
    }
}

/// One stream of a connection is reset while another goes on.
async fn reset_stream() -> Outcome {
    let gateway = Gateway::start_over(Transport::Http2, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(Engine::Sqlite);
    let mut kept = flowing(&gateway, source, &endless, 300_000).await?;
    let waiting = Endless::waiting(Engine::Sqlite);
    tokio::select! {
        answer = gateway.query(source, &waiting.sql, json!({"timeoutMs": 300_000})) => {
            return Err(format!("answered: {}", answer?.text).into());
        }
        outcome = at_work(&gateway, &database, source, &waiting) => outcome?,
    }
    let given_up = Instant::now() + Duration::from_secs(20);
    loop {
        let running = gateway.send(Method::GET, "/api/v1/queries", None).await?;
        let items = running.data()["items"].as_array().ok_or("no list")?;
        if items.len() == 1 && items[0]["sql"].as_str() == Some(endless.sql.as_str()) {
            break;
        }
        assert!(Instant::now() < given_up, "{}", running.text);
    }
    assert!(kept.chunk().await?.is_some());
    Ok(())
}

/// The bound that is promised for a machine that is not busy with anything else; a run tells how many keep it.
pub(crate) const SOON: Duration = Duration::from_millis(250);

/// Within which half of the kills must happen here, where whole servers are loaded and killed beside; and every one must.
pub(crate) const SOON_ENOUGH: Duration = Duration::from_secs(2);

/// Why a query ends.
#[derive(Debug, Clone, Copy)]
enum Cause {
    Leaving,
    LeavingWhileReading,
    Delete,
    Timeout,
}

/// All causes and transports in turn; after each the next query gets its own answer and nothing of the kill.
async fn a_hundred_times(server: Server) -> Outcome {
    let database = Database::Server(server);
    let mut gateways = Vec::new();
    for transport in Transport::ALL {
        let gateway = Gateway::start_over(transport, "").await?;
        let source = gateway.register(&database).await?;
        gateways.push((gateway, source));
    }
    let causes = [
        Cause::Leaving,
        Cause::LeavingWhileReading,
        Cause::Delete,
        Cause::Timeout,
    ];
    let mut times = Vec::new();
    for round in 0..100 {
        let (gateway, source) = &gateways[round % gateways.len()];
        let cause = causes[round / gateways.len() % causes.len()];
        times.push(one_kill(gateway, *source, &database, cause).await?);
        let answer = gateway.query(*source, "SELECT 1", json!({})).await?;
        assert_eq!(
            answer.status, 200,
            "round {round}, after {cause:?}: {}",
            answer.text
        );
    }
    times.sort_unstable();
    let late = times.iter().filter(|took| **took > SOON).count();
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    println!("median {median:?}, slowest {slowest:?}, {late} of 100 later than {SOON:?}");
    assert!(median <= SOON_ENOUGH, "{times:?}");
    Ok(())
}

/// From the cause to the moment when the statement is seen to be gone.
async fn one_kill(
    gateway: &Gateway,
    source: DataSourceId,
    database: &Database,
    cause: Cause,
) -> Result<Duration, Failed> {
    let engine = database.engine();
    let endless = match cause {
        Cause::LeavingWhileReading => Endless::flowing(engine),
        Cause::Leaving | Cause::Delete | Cause::Timeout => Endless::waiting(engine),
    };
    let begun = match cause {
        Cause::Leaving => {
            tokio::select! {
                answer = gateway.query(source, &endless.sql, json!({"timeoutMs": 60_000})) => {
                    return Err(format!("answered: {}", answer?.text).into());
                }
                running = endless.until_running(database, 1) => running?,
            }
            Instant::now()
        }
        Cause::LeavingWhileReading => {
            let mut response = flowing(gateway, source, &endless, 60_000).await?;
            assert!(response.chunk().await?.is_some());
            drop(response);
            Instant::now()
        }
        Cause::Delete => {
            let cancelling = async {
                endless.until_running(database, 1).await?;
                let begun = Instant::now();
                cancel(gateway).await?;
                Ok::<_, Failed>(begun)
            };
            let query = gateway.query(source, &endless.sql, json!({"timeoutMs": 60_000}));
            let (answer, begun) = tokio::join!(query, cancelling);
            let answer = answer?;
            assert_eq!(
                (answer.status, answer.code()),
                (499, "QUERY_CANCELLED"),
                "{}",
                answer.text
            );
            begun?
        }
        Cause::Timeout => {
            let answer = gateway
                .query(source, &endless.sql, json!({"timeoutMs": 100}))
                .await?;
            assert_eq!(
                (answer.status, answer.code()),
                (504, "TIMEOUT_ERROR"),
                "{}",
                answer.text
            );
            Instant::now()
        }
    };
    endless.until_gone(database).await?;
    Ok(begun.elapsed())
}

/// Cancels whatever runs.
pub(crate) async fn cancel(gateway: &Gateway) -> Result<(), Failed> {
    let running = gateway.send(Method::GET, "/api/v1/queries", None).await?;
    for item in running.data()["items"].as_array().ok_or("no list")? {
        let id = item["queryId"].as_str().ok_or("no id")?;
        let answer = gateway
            .send(Method::DELETE, &format!("/api/v1/queries/{id}"), None)
            .await?;
        assert_eq!((answer.status, answer.body), (202, Value::Null));
    }
    Ok(())
}
