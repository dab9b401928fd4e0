//! The audit log after a crash: with `audit.durability = "written"` every answer that reached its caller is on record, the
//! chain holds, and whoever changes a byte or takes a record away is found out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials, run_gateway};
use reqwest::Method;
use serde_json::{Value, json};

use crate::store_place::StorePlace;

/// Callers at the same time.
const CLIENTS: usize = 6;

/// Answers before the gateway is killed.
const ANSWERS: usize = 300;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("audit_chain::survives_a_crash::sqlite", || async {
        survives_a_crash(StorePlace::file()?).await
    });
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("audit_chain::survives_a_crash", engine, |server: Server| async {
            survives_a_crash(StorePlace::server(server, "nexus_audit_crash").await?).await
        });
    }
    trials.simple("audit_chain::a_file_survives_a_crash", a_file_survives_a_crash);
}

/// A gateway whose settings are in a file that other commands can be given, too.
struct Bench {
    folder: tempfile::TempDir,
    settings: String,
}

impl Bench {
    fn new(settings: String) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let settings = settings.replace("{bench}", &folder.path().display().to_string());
        std::fs::write(folder.path().join("nexus.toml"), &settings)?;
        Ok(Self { folder, settings })
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("nexus.toml")
    }

    async fn start(&self) -> Result<Gateway, Failed> {
        Gateway::start_with(&self.settings).await
    }
}

/// Runs queries from many callers until so many were answered, then kills the gateway in the midst of them. The
/// correlation identifiers of the answers that came whole.
async fn answered_before_the_crash(
    gateway: Gateway,
    source: DataSourceId,
) -> Result<BTreeSet<String>, Failed> {
    let answered = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let answered = Arc::clone(&answered);
        let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1 AS n"}).to_string();
        // Half of them read a stream, whose end is what counts.
        let accept = if client % 2 == 0 {
            "application/json"
        } else {
            "application/x-ndjson"
        };
        let request = gateway
            .request(Method::POST, "/api/v1/query")?
            .header("Accept", accept)
            .body(body);
        clients.push(tokio::spawn(async move {
            let mut ids = Vec::new();
            for number in 0.. {
                let id = format!("client-{client}-{number}");
                let Some(request) = request.try_clone() else { break };
                let Ok(response) = request.header("X-Correlation-ID", &id).send().await else {
                    break;
                };
                let Ok(text) = response.text().await else { break };
                let is_whole =
                    text.contains("\"success\":true") || text.contains("{\"end\":{\"status\":\"ok\"");
                assert!(is_whole, "{text}");
                ids.push(id);
                answered.fetch_add(1, Ordering::Relaxed);
            }
            ids
        }));
    }
    while answered.load(Ordering::Relaxed) < ANSWERS {
        tokio::task::yield_now().await;
    }
    gateway.kill().await?;
    let mut ids = BTreeSet::new();
    for client in clients {
        ids.extend(client.await?);
    }
    assert!(ids.len() >= ANSWERS);
    Ok(ids)
}

/// Every correlation identifier on record.
async fn on_record(gateway: &Gateway) -> Result<BTreeSet<String>, Failed> {
    let mut ids = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/audit?action=query&limit=1000{cursor}");
        let page = gateway.send(Method::GET, &path, None).await?;
        let items = page.data()["items"].as_array().ok_or("no items")?;
        ids.extend(
            items
                .iter()
                .filter_map(|item| item["correlationId"].as_str().map(str::to_owned)),
        );
        match page.data()["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(ids),
        }
    }
}

async fn verified(config: &Path) -> Result<(Option<i32>, String), Failed> {
    let ran = run_gateway(config, &["audit", "verify"]).await?;
    Ok((ran.code, ran.said))
}

async fn survives_a_crash(place: StorePlace) -> Outcome {
    let bench = Bench::new(format!("{}[audit]\ndurability = \"written\"\n", place.settings()))?;
    let gateway = bench.start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let answered = answered_before_the_crash(gateway, source).await?;
    let gateway = bench.start().await?;
    let recorded = on_record(&gateway).await?;
    let missing: Vec<_> = answered.difference(&recorded).collect();
    assert!(missing.is_empty(), "answered and not on record: {missing:?}");
    // While the gateway runs, and after its end.
    let (code, said) = verified(&bench.config()).await?;
    assert_eq!(code, Some(0), "{said}");
    gateway.stop().await?;
    let (code, said) = verified(&bench.config()).await?;
    assert!(code == Some(0) && said.contains("holds"), "{said}");

    place
        .execute("UPDATE audit_records SET subject = 'tesser' WHERE chain = 1 AND chain_seq = 7")
        .await?;
    let (code, said) = verified(&bench.config()).await?;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("chain 1, number 7") && said.contains("altered"),
        "{said}"
    );
    place
        .execute("UPDATE audit_records SET subject = 'tester' WHERE chain = 1 AND chain_seq = 7")
        .await?;
    assert_eq!(verified(&bench.config()).await?.0, Some(0));

    place
        .execute("DELETE FROM audit_records WHERE chain = 1 AND chain_seq = 9")
        .await?;
    let (code, said) = verified(&bench.config()).await?;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("chain 1, number 9") && said.contains("missing"),
        "{said}"
    );
    Ok(())
}

async fn a_file_survives_a_crash() -> Outcome {
    let place = StorePlace::file()?;
    let bench = Bench::new(format!(
        "{}[audit]\ndurability = \"written\"\nto = [\"file\"]\nfile = \"{{bench}}/audit.jsonl\"\nfile_max_bytes = 50000\n",
        place.settings()
    ))?;
    let gateway = bench.start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let answered = answered_before_the_crash(gateway, source).await?;
    let gateway = bench.start().await?;
    gateway.query(source, "SELECT 2", json!({})).await?;
    let (code, said) = verified(&bench.config()).await?;
    assert_eq!(code, Some(0), "{said}");
    gateway.stop().await?;

    let mut recorded = BTreeSet::new();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(bench.folder.path())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let number = name.strip_prefix("audit.jsonl.").map(str::parse::<u32>);
        if name == "audit.jsonl" || matches!(number, Some(Ok(_))) {
            files.push(path);
        }
    }
    assert!(files.len() > 1, "nothing was put aside: {files:?}");
    for file in &files {
        for line in std::fs::read_to_string(file)?.lines() {
            let line: Value = serde_json::from_str(line)?;
            let id = line["record"]["correlationId"].as_str().unwrap_or_default();
            recorded.insert(id.to_owned());
        }
    }
    let missing: Vec<_> = answered.difference(&recorded).collect();
    assert!(missing.is_empty(), "answered and not on record: {missing:?}");

    let victim = files.iter().max().ok_or("no file")?;
    let text = std::fs::read_to_string(victim)?;
    std::fs::write(victim, text.replacen("\"tester\"", "\"tesser\"", 1))?;
    let (code, said) = verified(&bench.config()).await?;
    assert!(code == Some(1) && said.contains("was altered"), "{said}");
    let rest: Vec<&str> = text.lines().skip(1).collect();
    std::fs::write(victim, format!("{}\n", rest.join("\n")))?;
    let (code, said) = verified(&bench.config()).await?;
    assert!(code == Some(1) && said.contains("missing"), "{said}");
    std::fs::write(victim, text)?;
    assert_eq!(verified(&bench.config()).await?.0, Some(0));
    Ok(())
}
