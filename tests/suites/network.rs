//! Networks that break, between a client and the gateway and between the gateway and a database: the right answer, the right
//! record, and nothing left over.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine, Scope, SourceGrant};
use nexus_tests::{Database, Failed, Fault, Gateway, Outcome, Proxy, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::records_of;
use crate::endless::Endless;
use crate::faults::until_pool_rests;

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        for fault in Fault::ALL {
            let name = |what: &str| format!("network::{what}::{fault:?}").to_lowercase();
            trials.engine(&name("database_waiting"), engine, move |server| {
                database_waiting(fault, server)
            });
            trials.engine(&name("database_flowing"), engine, move |server| {
                database_flowing(fault, server)
            });
        }
    }
    for fault in Fault::ALL {
        let name = |what: &str| format!("network::{what}::{fault:?}").to_lowercase();
        trials.engine(&name("client_waiting"), Engine::PostgreSql, move |server| {
            client(fault, server, Endless::waiting(Engine::PostgreSql))
        });
        trials.engine(&name("client_flowing"), Engine::PostgreSql, move |server| {
            client(fault, server, Endless::flowing(Engine::PostgreSql))
        });
    }
}

/// Long enough for a statement to be seen at work; where the deadline is the only way to notice, short enough to wait for.
fn timeout_ms(fault: Fault) -> u64 {
    match fault {
        Fault::Cut | Fault::HalfClose | Fault::Refuse => 60_000,
        Fault::Stall | Fault::BlackHole => 5000,
    }
}

/// What the answer says once the database is out of reach; a network that tells nobody is noticed by the deadline.
fn expected(fault: Fault) -> (u16, &'static str) {
    match fault {
        Fault::Cut | Fault::HalfClose | Fault::Refuse => (503, "CONNECTION_ERROR"),
        Fault::Stall | Fault::BlackHole => (504, "TIMEOUT_ERROR"),
    }
}

/// A gateway whose source is reached through a proxy, with one session open.
struct Scene {
    gateway: Gateway,
    source: DataSourceId,
    proxy: Proxy,
    /// Without the proxy, to look at the server.
    database: Database,
}

async fn scene(server: &Server) -> Result<Scene, Failed> {
    let proxy = Proxy::start(server.address()).await?;
    let gateway = Gateway::start().await?;
    let source = gateway
        .register(&Database::Server(server.through(proxy.port())))
        .await?;
    let answer = gateway.query(source, "SELECT 1", json!({})).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ok(Scene {
        gateway,
        source,
        proxy,
        database: Database::Server(server.clone()),
    })
}

impl Scene {
    /// The answer in full, sent off at once.
    fn ask(&self, endless: &Endless, fault: Fault, accept: &str) -> Result<reqwest::RequestBuilder, Failed> {
        let body = json!({"dataSourceId": self.source.to_string(), "sql": endless.sql, "timeoutMs": timeout_ms(fault)});
        let request = self.gateway.request(Method::POST, "/api/v1/query")?;
        Ok(request.header("Accept", accept).body(body.to_string()))
    }

    /// Nothing is left: no task, no session in use, no connection that the pool does not know; and once the network is
    /// back, so is the source.
    async fn recovers(&self) -> Outcome {
        self.proxy.heal();
        until_no_task(&self.gateway).await?;
        until_pool_rests(&self.gateway, self.source).await?;
        let answer = self.gateway.query(self.source, "SELECT 1", json!({})).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let given_up = Instant::now() + Duration::from_secs(60);
        loop {
            let health = self.gateway.send(Method::GET, "/api/v1/health", None).await?;
            let open = health.data()["sources"][0]["pool"]["open"].as_u64();
            let connections = connections_to(self.proxy.port())?;
            if open == Some(connections) {
                break;
            }
            assert!(
                Instant::now() < given_up,
                "{open:?} sessions, {connections} connections"
            );
        }
        assert!(!self.gateway.log().contains("panicked"), "{}", self.gateway.log());
        Ok(())
    }
}

/// Established connections of this machine to `port` of the loopback address, seen from the side that opened them.
fn connections_to(port: u16) -> Result<u64, Failed> {
    const ESTABLISHED: &str = "01";
    let target = format!("0100007F:{port:04X}");
    let table = std::fs::read_to_string("/proc/net/tcp")?;
    let rows = table.lines().filter(|row| {
        let mut fields = row.split_whitespace().skip(2);
        fields.next() == Some(&target) && fields.next() == Some(ESTABLISHED)
    });
    Ok(rows.count() as u64)
}

async fn until_no_task(gateway: &Gateway) -> Result<(), Failed> {
    let given_up = Instant::now() + Duration::from_secs(60);
    loop {
        let metrics = gateway.send(Method::GET, "/metrics", None).await?;
        if metrics.text.lines().any(|line| line == "nexus_queries_running 0") {
            return Ok(());
        }
        assert!(Instant::now() < given_up, "{}", metrics.text);
    }
}

/// Waits until the statement has been seen at work for so long that it will not be begun a second time.
async fn until_well_under_way(endless: &Endless, database: &Database) -> Result<(), Failed> {
    endless.until_running(database, 1).await?;
    let seen = Instant::now();
    while seen.elapsed() < Duration::from_millis(300) {
        endless.until_running(database, 1).await?;
    }
    Ok(())
}

/// The network breaks while the database computes.
async fn database_waiting(fault: Fault, server: Server) -> Outcome {
    let scene = scene(&server).await?;
    let endless = Endless::waiting(server.engine);
    let breaking = async {
        until_well_under_way(&endless, &scene.database).await?;
        scene.proxy.inflict(fault);
        Ok::<_, Failed>(())
    };
    let request = scene.ask(&endless, fault, "application/json")?;
    let (answer, broken) = tokio::join!(scene.gateway.answer(request), breaking);
    broken?;
    let answer = answer?;
    assert_eq!((answer.status, answer.code()), expected(fault), "{}", answer.text);
    let id = answer.headers["x-correlation-id"].to_str()?;
    assert_eq!(
        records_of(&scene.gateway, id).await?[0]["code"],
        expected(fault).1
    );
    scene.recovers().await?;
    // The server was told as soon as it could be reached again.
    endless.until_gone(&scene.database).await
}

/// The network breaks in the middle of a result.
async fn database_flowing(fault: Fault, server: Server) -> Outcome {
    let scene = scene(&server).await?;
    let endless = Endless::flowing(server.engine);
    let mut response = scene.ask(&endless, fault, "application/x-ndjson")?.send().await?;
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-correlation-id"].to_str()?.to_owned();
    let mut text = response.chunk().await?.ok_or("no beginning")?.to_vec();
    scene.proxy.inflict(fault);
    while let Some(chunk) = response.chunk().await? {
        text.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(text)?;
    let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
    let end = json!([
        last["end"]["status"],
        last["end"]["code"],
        last["end"]["truncatedBy"]
    ]);
    let (record, expected) = match fault {
        Fault::Cut | Fault::HalfClose | Fault::Refuse => {
            ("failed", json!(["error", "CONNECTION_ERROR", null]))
        }
        Fault::Stall | Fault::BlackHole => ("allowed", json!(["truncated", null, "time"])),
    };
    assert_eq!(end, expected);
    assert_eq!(records_of(&scene.gateway, &id).await?[0]["decision"], record);
    scene.recovers().await
}

/// The network breaks between the client and the gateway.
async fn client(fault: Fault, server: Server, endless: Endless) -> Outcome {
    let gateway = Gateway::start_with("server.stall_timeout = \"1s\"\n").await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let address = gateway.url().strip_prefix("http://").ok_or("not in the clear")?;
    let proxy = Proxy::start(address).await?;
    let body =
        json!({"dataSourceId": source.to_string(), "sql": endless.sql, "timeoutMs": timeout_ms(fault)});
    let id = format!("client-{}", DataSourceId::new());
    let request = reqwest::Client::new()
        .post(format!("http://127.0.0.1:{}/api/v1/query", proxy.port()))
        .bearer_auth(gateway.token(Scope::Query.as_str(), SourceGrant::All)?)
        .header("Accept", "application/x-ndjson")
        .header("X-Correlation-ID", &id)
        .body(body.to_string());
    let sent = tokio::spawn(async move { request.send().await });
    endless.until_running(&database, 1).await?;
    proxy.inflict(fault);
    endless.until_gone(&database).await?;
    until_no_task(&gateway).await?;
    until_pool_rests(&gateway, source).await?;
    let records = records_of(&gateway, &id).await?;
    assert_eq!(records[0]["decision"], "cancelled", "{records:?}");
    sent.abort();
    drop(proxy);
    assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
    Ok(())
}
