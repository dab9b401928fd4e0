//! Three gateways on one store behind a real load balancer, which loses one of them in every way.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine, Scope, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::replicas::shared_store;

pub(crate) fn register(trials: &mut Trials) {
    trials.engine("balancer::rolling_restart", Engine::MySql, rolling_restart);
    trials.engine("balancer::killed_replica", Engine::MySql, killed_replica);
}

/// Callers at work all the time.
const CALLERS: usize = 16;

/// Requests that must have been answered between two steps, so that each meets a load.
const BETWEEN_STEPS: usize = 200;

/// HAProxy before three replicas.
struct Balanced {
    replicas: BTreeMap<u16, Gateway>,
    settings: String,
    balancer: Child,
    port: u16,
    source: DataSourceId,
    token: String,
    _database: Database,
    _folders: [tempfile::TempDir; 2],
}

impl Balanced {
    async fn start(server: &Server, database: &str) -> Result<Self, Failed> {
        let (store, keys) = shared_store(server, database).await?;
        let settings = format!("server.drain_delay = \"3s\"\n{store}");
        let mut replicas = BTreeMap::new();
        for _ in 0..3 {
            let port = free_port()?;
            replicas.insert(port, replica(port, &settings).await?);
        }
        let first = replicas.values().next().ok_or("no replica")?;
        let database = Database::file()?;
        let source = first.register(&database).await?;
        let token = first.token(Scope::Query.as_str(), SourceGrant::All)?;
        let folder = tempfile::tempdir()?;
        let port = free_port()?;
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, configuration(port, replicas.keys()))?;
        let balancer = Command::new("haproxy")
            .args(["-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("haproxy cannot be run: {error}"))?;
        let balanced = Self {
            replicas,
            settings,
            balancer,
            port,
            source,
            token,
            _database: database,
            _folders: [folder, keys],
        };
        for (port, replica) in &balanced.replicas {
            serves(replica, source).await?;
            balanced.until(*port, "UP").await?;
        }
        Ok(balanced)
    }

    /// Waits until the balancer finds the replica at `port` to be `wanted`.
    async fn until(&self, port: u16, wanted: &str) -> Outcome {
        let url = format!("http://127.0.0.1:{}/balancer;csv", self.port);
        for _ in 0..200 {
            let page = match reqwest::get(&url).await {
                Ok(answer) => answer.text().await?,
                Err(_) => String::new(),
            };
            let name = format!("gateways,r{port},");
            let mut lines = page.lines().filter(|line| line.starts_with(&name));
            if lines
                .next()
                .is_some_and(|line| line.contains(&format!(",{wanted},")))
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("the balancer does not find the replica at {port} to be {wanted}").into())
    }

    fn load(&self) -> Load {
        Load::start(self.port, &self.token, self.source)
    }
}

/// Waits until a replica knows the source that another was told of.
async fn serves(replica: &Gateway, source: DataSourceId) -> Outcome {
    for _ in 0..200 {
        if replica.query(source, "SELECT 42", json!({})).await?.status == 200 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("a replica does not serve what another was told of".into())
}

async fn replica(port: u16, settings: &str) -> Result<Gateway, Failed> {
    let address = format!("127.0.0.1:{port}");
    Gateway::start_in(&[("NEXUS_SERVER__LISTEN", &address)], settings).await
}

fn free_port() -> Result<u16, Failed> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// As in the operator's documentation.
fn configuration<'a>(port: u16, replicas: impl Iterator<Item = &'a u16>) -> String {
    let servers: String = replicas
        .map(|port| format!("    server r{port} 127.0.0.1:{port}\n"))
        .collect();
    format!(
        "defaults\n    mode http\n    timeout connect 2s\n    timeout client 30s\n    timeout server 30s\n    timeout check 2s\n    \
         retries 3\n    option redispatch 1\n\
         frontend callers\n    bind 127.0.0.1:{port}\n    stats enable\n    stats uri /balancer\n    default_backend gateways\n\
         backend gateways\n    balance leastconn\n    option httpchk GET /health/ready\n    \
         default-server check inter 200ms fall 3 rise 1\n{servers}"
    )
}

/// Callers that ask one question after the other until they are told to stop.
struct Load {
    done: Arc<Done>,
    callers: JoinSet<()>,
}

#[derive(Default)]
struct Done {
    stop: AtomicBool,
    answered: std::sync::atomic::AtomicUsize,
    /// When they began, and how they ended.
    failed: Mutex<Vec<(Instant, String)>>,
}

impl Load {
    fn start(port: u16, token: &str, source: DataSourceId) -> Self {
        let done = Arc::new(Done::default());
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let (done, token) = (Arc::clone(&done), token.to_owned());
            let url = format!("http://127.0.0.1:{port}/api/v1/query");
            let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 42"}).to_string();
            callers.spawn(async move {
                let client = reqwest::Client::new();
                while !done.stop.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    let request = client.post(&url).bearer_auth(&token).body(body.clone());
                    let failure = match request.send().await {
                        Ok(answer) if answer.status() == 200 => {
                            answer.bytes().await.err().map(|error| error.to_string())
                        }
                        Ok(answer) => Some(format!(
                            "{}: {}",
                            answer.status(),
                            answer.text().await.unwrap_or_default()
                        )),
                        Err(error) => Some(format!("{error:?}")),
                    };
                    done.answered.fetch_add(1, Ordering::Relaxed);
                    if let Some(failure) = failure {
                        let mut failed = done.failed.lock().unwrap_or_else(PoisonError::into_inner);
                        failed.push((began, failure));
                    }
                }
            });
        }
        Self { done, callers }
    }

    /// Lets some more requests be answered.
    async fn go_on(&self) -> Outcome {
        let goal = self.done.answered.load(Ordering::Relaxed) + BETWEEN_STEPS;
        let reached = async {
            while self.done.answered.load(Ordering::Relaxed) < goal {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let outcome = tokio::time::timeout(Duration::from_secs(30), reached).await;
        Ok(outcome.map_err(|_| "the load does not get on")?)
    }

    /// Those that failed: when they began and how they ended.
    async fn stop(mut self) -> Vec<(Instant, String)> {
        self.done.stop.store(true, Ordering::Relaxed);
        while self.callers.join_next().await.is_some() {}
        std::mem::take(&mut *self.done.failed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Every replica is told to end and started again, one after the other, and no request fails.
async fn rolling_restart(server: Server) -> Outcome {
    let mut balanced = Balanced::start(&server, "nexus_rolling").await?;
    let load = balanced.load();
    load.go_on().await?;
    let ports: Vec<u16> = balanced.replicas.keys().copied().collect();
    for port in ports {
        let leaving = balanced.replicas.remove(&port).ok_or("no replica")?;
        leaving.stop().await?;
        balanced.until(port, "DOWN").await?;
        load.go_on().await?;
        balanced
            .replicas
            .insert(port, replica(port, &balanced.settings).await?);
        balanced.until(port, "UP").await?;
        load.go_on().await?;
    }
    let failed = load.stop().await;
    assert!(failed.is_empty(), "{} failed: {:?}", failed.len(), failed.first());
    balanced.balancer.kill().await?;
    Ok(())
}

/// A replica that is killed takes with it only what it was answering.
async fn killed_replica(server: Server) -> Outcome {
    let mut balanced = Balanced::start(&server, "nexus_killed").await?;
    let load = balanced.load();
    load.go_on().await?;
    let (_, killed) = balanced.replicas.pop_first().ok_or("no replica")?;
    killed.kill().await?;
    let gone = Instant::now();
    load.go_on().await?;
    load.go_on().await?;
    let failed = load.stop().await;
    let later: Vec<_> = failed.iter().filter(|(began, _)| *began > gone).collect();
    assert!(later.is_empty(), "{} failed: {:?}", later.len(), later.first());
    assert!(
        failed.len() <= CALLERS,
        "{} failed: {:?}",
        failed.len(),
        failed.first()
    );
    balanced.balancer.kill().await?;
    Ok(())
}
