//! A database that cannot be reached is left alone, everybody is told at once, and it is back as soon as it is back.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Answer, Database, Failed, Fault, Gateway, Outcome, Proxy, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

/// How long to wait for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// No checks in the background: what happens, callers do.
const NO_CHECKS: &str = "health.probe_interval = \"0\"\n";

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine(
            "breaker::refusals_open_no_socket",
            engine,
            refusals_open_no_socket,
        );
        trials.engine(
            "breaker::closes_without_a_caller",
            engine,
            closes_without_a_caller,
        );
        trials.engine(
            "breaker::sessions_serve_while_open",
            engine,
            sessions_serve_while_open,
        );
        trials.engine(
            "breaker::wrong_passwords_are_not_offered_again",
            engine,
            wrong_passwords,
        );
        trials.engine(
            "breaker::a_frozen_source_takes_nothing_from_others",
            engine,
            frozen,
        );
    }
    trials.engine("breaker::a_connection_test_closes_it", Engine::PostgreSql, tested);
    trials.simple("breaker::health_of_a_file", health_of_a_file);
}

/// A source behind a proxy.
struct Scene {
    gateway: Gateway,
    proxy: Proxy,
    source: DataSourceId,
}

async fn scene(server: &Server, settings: &str) -> Result<Scene, Failed> {
    let proxy = Proxy::start(server.address()).await?;
    let gateway = Gateway::start_with(settings).await?;
    let behind = Database::Server(server.through(proxy.port()));
    let source = gateway.register(&behind).await?;
    Ok(Scene {
        gateway,
        proxy,
        source,
    })
}

pub(crate) async fn health(gateway: &Gateway, source: DataSourceId) -> Result<Value, Failed> {
    let health = gateway.send(Method::GET, "/api/v1/health", None).await?;
    let sources = health.data()["sources"].as_array().ok_or("no sources")?;
    let found = sources.iter().find(|entry| entry["id"] == source.to_string());
    Ok(found.ok_or("not listed")?.clone())
}

impl Scene {
    async fn ask(&self) -> Result<Answer, Failed> {
        let patience = json!({"timeoutMs": 6000});
        self.gateway.query(self.source, "SELECT 1", patience).await
    }

    async fn health(&self) -> Result<Value, Failed> {
        health(&self.gateway, self.source).await
    }

    async fn until_breaker_is(&self, state: &str) -> Result<Value, Failed> {
        let given_up = Instant::now() + PATIENCE;
        loop {
            let health = self.health().await?;
            if health["breaker"] == state {
                return Ok(health);
            }
            if Instant::now() > given_up {
                return Err(format!("the breaker never was {state}: {health}").into());
            }
        }
    }
}

/// Whether the query was refused at once; whoever was not has tried to connect.
fn was_suspended(answer: &Answer) -> bool {
    assert_eq!(
        (answer.status, answer.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        answer.text
    );
    assert_eq!(answer.body["error"]["retryable"], true);
    let wait = answer.headers["retry-after"].to_str().unwrap_or_default();
    assert!((1..=30).contains(&wait.parse().unwrap_or(0)), "{wait}");
    assert!(!answer.text.contains("127.0.0.1"), "{}", answer.text);
    let message = answer.body["error"]["message"].as_str().unwrap_or_default();
    let is_suspended = message.contains("has not been reachable since");
    assert!(
        !is_suspended || message.contains(&format!("another {wait} s")),
        "{message}"
    );
    is_suspended
}

/// While it is open only the attempts that decide touch the network, however many queries come; and the gateway stays ready.
async fn refusals_open_no_socket(server: Server) -> Outcome {
    let scene = scene(&server, NO_CHECKS).await?;
    let unknown = scene.health().await?;
    assert_eq!(
        (&unknown["health"], &unknown["breaker"], &unknown["lastError"]),
        (&json!("unknown"), &json!("closed"), &json!(null)),
        "{unknown}"
    );
    scene.proxy.shut();
    for _ in 0..5 {
        assert!(!was_suspended(&scene.ask().await?));
    }
    assert_eq!(scene.proxy.accepted(), 5, "one connection for each of them");
    let (mut suspended, mut tried) = (0, 5);
    while suspended < 100 {
        for answer in join_all((0..10).map(|_| scene.ask())).await {
            match was_suspended(&answer?) {
                true => suspended += 1,
                false => tried += 1,
            }
        }
    }
    assert_eq!(scene.proxy.accepted(), tried);
    let down = scene.health().await?;
    assert_eq!(
        (&down["health"], &down["breaker"], &down["lastError"]["code"]),
        (&json!("down"), &json!("open"), &json!("CONNECTION_ERROR")),
        "{down}"
    );
    assert!(
        down["since"].is_string() && down["lastSuccessAt"].is_null(),
        "{down}"
    );
    assert_eq!(down["pool"]["connectFailures"], tried, "{down}");
    assert_eq!(down["pool"]["suspended"], suspended, "{down}");
    let ready = scene.gateway.send(Method::GET, "/health/ready", None).await?;
    assert_eq!(ready.status, 200, "a dead source is no reason to be unready");
    Ok(())
}

/// Checks in the background close it, so that no caller has to be the one who tries.
async fn closes_without_a_caller(server: Server) -> Outcome {
    let scene = scene(&server, "health.probe_interval = \"1s\"\n").await?;
    scene.proxy.shut();
    while !was_suspended(&scene.ask().await?) {}
    let open = scene.until_breaker_is("open").await?;
    scene.proxy.heal();
    let closed = scene.until_breaker_is("closed").await?;
    assert_eq!(closed["health"], "up", "{closed}");
    assert!(
        closed["since"].as_str() > open["since"].as_str(),
        "{open} {closed}"
    );
    assert!(
        closed["lastSuccessAt"].is_string() && closed["latencyMs"].is_number(),
        "{closed}"
    );
    assert_eq!(closed["lastError"]["code"], "CONNECTION_ERROR", "{closed}");
    let answer = scene.ask().await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let given_up = Instant::now() + PATIENCE;
    while !scene.gateway.log().contains("can be reached again") {
        assert!(Instant::now() < given_up, "{}", scene.gateway.log());
        tokio::task::yield_now().await;
    }
    let log = scene.gateway.log();
    for told in ["is left alone for a while", "can be reached again"] {
        let line = log.lines().find(|line| line.contains(told)).ok_or(told)?;
        let line: serde_json::Value = serde_json::from_str(line)?;
        assert_eq!(line["dataSourceId"], scene.source.to_string(), "{line}");
    }
    Ok(())
}

/// It stops what connects and nothing else: a session that there is serves on.
async fn sessions_serve_while_open(server: Server) -> Outcome {
    let scene = scene(&server, NO_CHECKS).await?;
    assert_eq!(scene.ask().await?.status, 200);
    scene.proxy.shut();
    let given_up = Instant::now() + PATIENCE;
    while scene.health().await?["breaker"] != "open" {
        // More at once than there are sessions.
        join_all((0..8).map(|_| scene.ask())).await;
        assert!(Instant::now() < given_up, "it never opened");
    }
    let before = scene.proxy.accepted();
    for _ in 0..5 {
        let answer = scene.ask().await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(scene.proxy.accepted(), before);
    assert_ne!(scene.health().await?["breaker"], "closed");
    Ok(())
}

/// A server may lock an account after so many failures: checks in the background offer it no password that was refused.
async fn wrong_passwords(server: Server) -> Outcome {
    let scene = scene(&server, "health.probe_interval = \"1s\"\n").await?;
    let path = format!("/api/v1/datasources/{}", scene.source);
    let patch = json!({"config": {"password": "wrong", "tls": "disable"}});
    assert_eq!(
        scene
            .gateway
            .send(Method::PATCH, &path, Some(&patch))
            .await?
            .status,
        200
    );
    let mut tried = 0;
    // Three rounds of growing pauses, while the checks would have had their turn several times.
    while tried < 8 {
        let answer = scene.ask().await?;
        if !was_suspended(&answer) {
            tried += 1;
        }
        assert!(
            answer.text.contains("refused the configured account"),
            "{}",
            answer.text
        );
    }
    assert_eq!(scene.proxy.accepted(), tried, "somebody else has tried, too");
    Ok(())
}

/// Whoever has mended a database need not wait for the next attempt.
async fn tested(server: Server) -> Outcome {
    let scene = scene(&server, NO_CHECKS).await?;
    scene.proxy.shut();
    while !was_suspended(&scene.ask().await?) {}
    scene.proxy.heal();
    let path = format!("/api/v1/datasources/{}/test", scene.source);
    let test = scene.gateway.send(Method::POST, &path, None).await?;
    assert_eq!(test.status, 200, "{}", test.text);
    assert_eq!(scene.health().await?["breaker"], "closed");
    assert_eq!(scene.ask().await?.status, 200);
    Ok(())
}

/// Queries for a source that says nothing end in bounded time, each with advice, and another source does not notice.
async fn frozen(server: Server) -> Outcome {
    let settings =
        format!("{NO_CHECKS}limits.per_source = 8\nlimits.queue = 8\nlimits.queue_timeout = \"500ms\"\n");
    let scene = scene(&server, &settings).await?;
    let path = format!("/api/v1/datasources/{}", scene.source);
    let patch = json!({"config": {"maxPoolSize": 4, "acquireTimeoutMs": 1000, "connectTimeoutMs": 1500}});
    let patched = scene.gateway.send(Method::PATCH, &path, Some(&patch)).await?;
    assert_eq!(patched.status, 200, "{}", patched.text);
    let other = scene.gateway.register(&Database::Server(server.clone())).await?;
    let database = Database::file()?;
    let file = scene.gateway.register(&database).await?;
    assert_eq!(scene.ask().await?.status, 200);
    scene.proxy.inflict(Fault::BlackHole);
    let crowd = join_all((0..60).map(|_| scene.ask()));
    let others = async {
        for _ in 0..20 {
            for source in [other, file] {
                let answer = scene.gateway.query(source, "SELECT 1", json!({})).await?;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
        }
        Ok::<_, Failed>(Instant::now())
    };
    let (crowd, others) = tokio::join!(async { (crowd.await, Instant::now()) }, others);
    let (answers, crowd_ended) = crowd;
    assert!(others? < crowd_ended, "the others waited for the frozen source");
    let mut timeouts = 0;
    for answer in answers {
        let answer = answer?;
        match (answer.status, answer.code()) {
            (503, "OVERLOADED" | "CONNECTION_ERROR") => {
                assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
            }
            (504, "TIMEOUT_ERROR") => timeouts += 1,
            _ => return Err(answer.text.into()),
        }
    }
    assert!(
        timeouts <= 1,
        "only one could have had the session that there was: {timeouts}"
    );
    while !was_suspended(&scene.ask().await?) {}
    scene.proxy.heal();
    let given_up = Instant::now() + PATIENCE;
    while scene.ask().await?.status != 200 {
        assert!(Instant::now() < given_up, "it never came back");
    }
    let rested = scene.health().await?;
    assert_eq!(
        (&rested["pool"]["open"], &rested["health"]),
        (&rested["pool"]["idle"], &json!("up"))
    );
    Ok(())
}

/// Files are sources like any other.
async fn health_of_a_file() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
    let up = health(&gateway, source).await?;
    assert_eq!(
        (&up["health"], &up["breaker"]),
        (&json!("up"), &json!("closed")),
        "{up}"
    );
    assert_eq!(
        (
            &up["pool"]["created"],
            &up["pool"]["open"],
            &up["pool"]["discarded"]
        ),
        (&json!(1), &json!(1), &json!(0)),
        "{up}"
    );
    Ok(())
}
