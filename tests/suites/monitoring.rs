//! The alerts and dashboards that come with the gateway, in a real Prometheus that watches a gateway at work.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gateway_core::DataSourceId;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::metrics::{load, own_address};

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("monitoring::alerts_fire_when_they_should", alerts);
    trials.simple("monitoring::every_query_finds_something", every_query);
    trials.plain("monitoring::every_alert_has_a_runbook", runbook);
}

const DASHBOARDS: [&str; 2] = [
    include_str!("../../deploy/monitoring/dashboards/gateway.json"),
    include_str!("../../deploy/monitoring/dashboards/sources.json"),
];

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/monitoring")
}

/// Prometheus' own checker finds the rules well-formed, and they do what their tests say.
async fn alerts() -> Outcome {
    for arguments in [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts.test.yml"],
    ] {
        let mut promtool = Command::new("promtool");
        let ran = promtool.args(arguments).current_dir(files()).output().await?;
        assert!(
            ran.status.success(),
            "{}{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    Ok(())
}

/// A Prometheus of its own; it ends when this is dropped.
struct Prometheus {
    url: String,
    _child: Child,
    _folder: tempfile::TempDir,
}

impl Prometheus {
    fn start(target: &str) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let rules = files().join("alerts.yml").display().to_string();
        let file = folder.path().join("prometheus.yml");
        let settings = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [{rules:?}]\nscrape_configs:\n  \
             - job_name: nexus-gateway\n    static_configs: [{{targets: [{target:?}]}}]\n"
        );
        std::fs::write(&file, settings)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("prometheus cannot be run: {error}"))?;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            _child: child,
            _folder: folder,
        })
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failed> {
        let url = reqwest::Url::parse_with_params(&format!("{}{path}", self.url), query)?;
        Ok(reqwest::get(url).await?.json().await?)
    }

    /// Whether a query gives at least one number.
    async fn finds(&self, expression: &str) -> Result<bool, Failed> {
        let answer = self.get("/api/v1/query", &[("query", expression)]).await?;
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        let found = answer["data"]["result"].as_array().ok_or("no vector")?;
        Ok(found.iter().any(|one| one["value"][1] != "NaN"))
    }
}

/// The queries of all panels, as they are once Grafana has filled in its variables.
fn queries() -> Vec<String> {
    let mut found = Vec::new();
    for text in DASHBOARDS {
        let dashboard: Value = serde_json::from_str(text).expect("a dashboard");
        for panel in dashboard["panels"].as_array().expect("panels") {
            for target in panel["targets"].as_array().expect("targets") {
                let query = target["expr"].as_str().expect("a query");
                let filled = query.replace("$__rate_interval", "15s");
                found.push(filled.replace("$instance", ".*").replace("$source", ".*"));
            }
        }
    }
    found
}

/// No panel is empty while a gateway is at work, and every rule can be evaluated.
async fn every_query() -> Outcome {
    let gateway = Arc::new(Gateway::start_with("metrics.listen = \"127.0.0.1:0\"\n").await?);
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let prometheus = Prometheus::start(&own_address(&gateway)?)?;
    let stop = Arc::new(AtomicBool::new(false));
    let working = tokio::spawn(work(Arc::clone(&gateway), source, Arc::clone(&stop)));
    let mut empty = queries();
    for _ in 0..240 {
        let mut left = Vec::new();
        for query in empty {
            if !prometheus.finds(&query).await.unwrap_or(false) {
                left.push(query);
            }
        }
        empty = left;
        if empty.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    stop.store(true, Ordering::Relaxed);
    working.await??;
    assert!(empty.is_empty(), "nothing is found by {empty:#?}");
    let rules = prometheus.get("/api/v1/rules", &[]).await?;
    let rules = rules["data"]["groups"][0]["rules"]
        .as_array()
        .ok_or("no rules")?
        .clone();
    assert!(rules.len() > 10, "{rules:?}");
    let unfit: Vec<_> = rules.iter().filter(|rule| rule["health"] != "ok").collect();
    assert!(unfit.is_empty(), "{unfit:#?}");
    Ok(())
}

async fn work(gateway: Arc<Gateway>, source: DataSourceId, stop: Arc<AtomicBool>) -> Outcome {
    while !stop.load(Ordering::Relaxed) {
        load(&gateway, source).await?;
        let unknown = gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .bearer_auth("nobody's");
        gateway.answer(unknown).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Whoever is woken by an alert finds its name in the operator's documentation, and every metric that is asked for is one that
/// is documented.
fn runbook() -> Outcome {
    let page = include_str!("../../docs/operations.md");
    let rules = include_str!("../../deploy/monitoring/alerts.yml");
    let alerts: Vec<&str> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        assert!(
            page.contains(&format!("\n### {alert}\n")),
            "{alert} has no section"
        );
    }
    let asked = DASHBOARDS.iter().copied().chain([rules]).flat_map(metrics_in);
    let unknown: BTreeSet<String> = asked
        .filter(|name| {
            let plain = name.strip_suffix("_bucket").unwrap_or(name);
            !page.contains(&format!("| `{plain}` |"))
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    Ok(())
}

fn metrics_in(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split(|letter| !is_part(letter))
        .filter(|word| word.starts_with("nexus_") || word.starts_with("process_"))
        .map(str::to_owned)
        .collect()
}
