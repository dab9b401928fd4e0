//! Databases that crash, readers that leave.

use std::time::Duration;

use gateway_core::{DataSourceId, Engine, SourceGrant};
use nexus_tests::{Answer, Database, Failed, Fault, Gateway, Outcome, Proxy, Server, Trials};
use reqwest::Method;
use serde_json::json;

use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine_alone("faults::killed_database", engine, killed_database);
        trials.engine_alone("faults::restarted_database", engine, restarted_database);
        trials.engine("faults::changed_account_drains_its_pool", engine, changed_account);
        trials.engine("faults::silently_dropped_sessions", engine, silently_dropped);
    }
    on_every_engine(trials, "faults::leaving_while_waiting", leaving_while_waiting);
    on_every_engine(trials, "faults::leaving_while_reading", leaving_while_reading);
    on_every_engine(trials, "faults::stopping_ends_what_runs", stopping);
    on_every_engine(trials, "faults::cancelled_by_request", cancelled_by_request);
}

/// `kill -9` while queries run: clear errors, no hang; once it is back, the next query succeeds.
async fn killed_database(server: Server) -> Outcome {
    let database = Database::Server(server.clone());
    let gateway = Gateway::start().await?;
    let source = gateway.register(&database).await?;
    let endless = Endless::waiting(server.engine);
    let query = || gateway.query(source, &endless.sql, json!({"timeoutMs": 60_000}));
    let crash = async {
        endless.until_running(&database, 3).await?;
        server.kill().await.map_err(Failed::from)
    };
    let (one, two, three, crash) = tokio::join!(query(), query(), query(), crash);
    crash?;
    for answer in [one?, two?, three?] {
        assert_eq!(
            (answer.status, answer.code()),
            (503, "CONNECTION_ERROR"),
            "{}",
            answer.text
        );
        assert_eq!(answer.body["error"]["retryable"], true);
        assert!(answer.headers.contains_key("retry-after"));
    }
    let down = gateway.query(source, "SELECT 1", json!({})).await?;
    assert_eq!(
        (down.status, down.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        down.text
    );
    server.start().await?;
    let back = gateway.query(source, "SELECT 1", json!({})).await?;
    assert_eq!(back.status, 200, "{}", back.text);
    assert!(!gateway.log().contains("panicked"));
    Ok(())
}

/// A restart between two queries leaves dead sessions in the pool; no caller gets to see one.
async fn restarted_database(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&Database::Server(server.clone())).await?;
    let one = || gateway.query(source, "SELECT 1", json!({}));
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    for answer in [a?, b?, c?, d?] {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    server.kill().await?;
    server.start().await?;
    for _ in 0..6 {
        let answer = one().await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    Ok(())
}

/// A network that drops silent connections and tells nobody, as firewalls do: the next query is answered all the same.
async fn silently_dropped(server: Server) -> Outcome {
    let proxy = Proxy::start(server.address()).await?;
    let gateway = Gateway::start().await?;
    let source = gateway
        .register(&Database::Server(server.through(proxy.port())))
        .await?;
    let one = || gateway.query(source, "SELECT 1", json!({"timeoutMs": 30_000}));
    let (a, b, c) = tokio::join!(one(), one(), one());
    for answer in [a?, b?, c?] {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    proxy.inflict(Fault::Stall);
    proxy.heal();
    // Not to wait for something, but to be idle for as long as it takes until a session is checked.
    tokio::time::sleep(Duration::from_secs(6)).await;
    for _ in 0..4 {
        let answer = one().await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    Ok(())
}

async fn open_sessions(gateway: &Gateway, source: DataSourceId) -> Result<i64, Failed> {
    let health = gateway.send(Method::GET, "/api/v1/health", None).await?;
    let sources = health.data()["sources"].as_array().ok_or("no sources")?;
    let found = sources
        .iter()
        .find(|entry| entry["id"] == source.to_string())
        .ok_or("not listed")?;
    found["pool"]["open"].as_i64().ok_or_else(|| "no pool".into())
}

/// A new password concerns the sessions of its own source only, and a running query not at all.
async fn changed_account(server: Server) -> Outcome {
    let database = Database::Server(server.clone());
    let gateway = Gateway::start().await?;
    let (changed, untouched) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    for source in [changed, untouched] {
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        assert_eq!(open_sessions(&gateway, source).await?, 1);
    }
    let path = format!("/api/v1/datasources/{changed}");
    let patch = json!({"config": {"password": "wrong"}});
    assert_eq!(
        gateway.send(Method::PATCH, &path, Some(&patch)).await?.status,
        200
    );
    assert_eq!(open_sessions(&gateway, changed).await?, 0);
    assert_eq!(open_sessions(&gateway, untouched).await?, 1);
    assert_eq!(
        gateway.query(changed, "SELECT 1", json!({})).await?.code(),
        "CONNECTION_ERROR"
    );
    assert_eq!(gateway.query(untouched, "SELECT 1", json!({})).await?.status, 200);
    Ok(())
}

/// The pool is at rest: every session that is open is idle.
pub(crate) async fn until_pool_rests(gateway: &Gateway, source: DataSourceId) -> Result<(), Failed> {
    let given_up = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let health = gateway.send(Method::GET, "/api/v1/health", None).await?;
        let sources = health.data()["sources"].as_array().ok_or("no sources")?;
        let found = sources
            .iter()
            .find(|entry| entry["id"] == source.to_string())
            .ok_or("not listed")?;
        if found["pool"]["open"] == found["pool"]["idle"] {
            return Ok(());
        }
        if std::time::Instant::now() > given_up {
            return Err(format!("the pool is not at rest: {}", found["pool"]).into());
        }
    }
}

fn leaving_while_waiting(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::waiting(database.engine());
        let query = gateway.query(source, &endless.sql, json!({"timeoutMs": 300_000}));
        // The client leaves as soon as the statement is seen to run.
        let left: Result<Answer, Failed> = tokio::select! {
            answer = query => answer,
            outcome = at_work(&gateway, &database, source, &endless) => { outcome?; Err("left".into()) }
        };
        assert_eq!(
            left.err()
                .and_then(|failed| failed.message().map(str::to_owned))
                .as_deref(),
            Some("left")
        );
        endless.until_gone(&database).await?;
        until_pool_rests(&gateway, source).await?;
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        Ok(())
    })
}

/// Returns once the statement runs.
pub(crate) async fn at_work(
    gateway: &Gateway,
    database: &Database,
    source: DataSourceId,
    endless: &Endless,
) -> Result<(), Failed> {
    if database.engine() != Engine::Sqlite {
        return endless.until_running(database, 1).await;
    }
    let given_up = std::time::Instant::now() + Duration::from_secs(20);
    while open_sessions(gateway, source).await? == 0 {
        if std::time::Instant::now() > given_up {
            return Err("the statement never ran".into());
        }
    }
    Ok(())
}

/// A large answer of which only the beginning is read.
fn leaving_while_reading(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start_with("[query]\nmax_rows = 10000000\n").await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::flowing(database.engine());
        let body = json!({"dataSourceId": source.to_string(), "sql": endless.sql, "limit": 5_000_000});
        let mut response = gateway
            .request(Method::POST, "/api/v1/query")?
            .body(body.to_string())
            .send()
            .await?;
        assert_eq!(response.status(), 200);
        assert!(response.chunk().await?.is_some());
        drop(response);
        endless.until_gone(&database).await?;
        until_pool_rests(&gateway, source).await?;
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        Ok(())
    })
}

/// A gateway that is told to stop and has waited long enough takes its statements with it.
fn stopping(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start_with("[server]\nshutdown_timeout = \"1s\"\n").await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::waiting(database.engine());
        let body = json!({"dataSourceId": source.to_string(), "sql": endless.sql, "timeoutMs": 300_000});
        let request = gateway
            .request(Method::POST, "/api/v1/query")?
            .body(body.to_string());
        let query = tokio::spawn(request.send());
        at_work(&gateway, &database, source, &endless).await?;
        gateway.stop().await?;
        let _ = query.await?;
        endless.until_gone(&database).await
    })
}

/// Who asked can see a query and stop it; somebody else can do neither.
fn cancelled_by_request(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::waiting(database.engine());
        let mine = gateway.token("query", SourceGrant::All)?;
        let body =
            json!({"dataSourceId": source.to_string(), "sql": endless.sql, "timeoutMs": 300_000}).to_string();
        let request = gateway
            .bare_request(Method::POST, "/api/v1/query")
            .bearer_auth(&mine)
            .body(body);
        let cancel = async {
            at_work(&gateway, &database, source, &endless).await?;
            let list = gateway
                .bare_request(Method::GET, "/api/v1/queries")
                .bearer_auth(&mine);
            let listed = gateway.answer(list).await?;
            let query = &listed.data()["items"][0];
            assert_eq!(
                (&query["sql"], &query["subject"]),
                (&json!(endless.sql), &json!("tester")),
                "{}",
                listed.text
            );
            let path = format!(
                "/api/v1/queries/{}",
                query["queryId"].as_str().unwrap_or_default()
            );
            let theirs = gateway.token_of("somebody else", "query", SourceGrant::All)?;
            let list = gateway
                .bare_request(Method::GET, "/api/v1/queries")
                .bearer_auth(&theirs);
            assert_eq!(gateway.answer(list).await?.data()["items"], json!([]));
            let refused = gateway.bare_request(Method::DELETE, &path).bearer_auth(&theirs);
            assert_eq!(gateway.answer(refused).await?.code(), "NOT_FOUND");
            let stopped = gateway.bare_request(Method::DELETE, &path).bearer_auth(&mine);
            assert_eq!(gateway.answer(stopped).await?.status, 202);
            Outcome::Ok(())
        };
        let (answer, cancelled) = tokio::join!(gateway.answer(request), cancel);
        cancelled?;
        let answer = answer?;
        assert_eq!(
            (answer.status, answer.code()),
            (499, "QUERY_CANCELLED"),
            "{}",
            answer.text
        );
        endless.until_gone(&database).await?;
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        Ok(())
    })
}
