//! Several gateways on one store.

use std::time::{Duration, Instant};

use gateway_core::Engine;
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::json;

/// Within which every replica must see a change.
const SEEN_WITHIN: Duration = Duration::from_secs(2);

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("replicas::see_each_other", engine, see_each_other);
        trials.engine("replicas::need_the_same_keys", engine, need_the_same_keys);
    }
}

/// The settings of a replica on a database of its own on `server`, with the key ring at `keys`.
fn settings(server: &Server, database: &str, keys: &str) -> String {
    let (server, _) = server.url.rsplit_once('/').unwrap_or_default();
    let url = format!("{server}/{database}");
    format!("[store]\nurl = \"{url}\"\nkeyring_file = \"{keys}\"\n")
}

async fn fresh(server: &Server, database: &str) -> Result<(), Failed> {
    let drop = format!("DROP DATABASE IF EXISTS {database}");
    let create = format!("CREATE DATABASE {database}");
    Database::Server(server.clone()).execute(&[&drop, &create]).await
}

async fn new_keys(folder: &std::path::Path, name: &str) -> Result<String, Failed> {
    let file = folder.join(name).display().to_string();
    let binary = nexus_tests::gateway_binary()?;
    let output = tokio::process::Command::new(binary)
        .args(["keys", "generate", &file])
        .output()
        .await?;
    if output.status.success() {
        return Ok(file);
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// The settings of replicas on a fresh store, and the folder of their keys.
pub(crate) async fn shared_store(
    server: &Server,
    database: &str,
) -> Result<(String, tempfile::TempDir), Failed> {
    fresh(server, database).await?;
    let folder = tempfile::tempdir()?;
    let keys = new_keys(folder.path(), "keys").await?;
    Ok((settings(server, database, &keys), folder))
}

/// Two replicas on a fresh store, and the folder of their keys.
pub(crate) async fn pair(
    server: &Server,
    database: &str,
) -> Result<(Gateway, Gateway, tempfile::TempDir), Failed> {
    let (store, folder) = shared_store(server, database).await?;
    // Whoever asks until something is seen may well fail more often than a caller should.
    let settings = "limits.login_failures = 0\n".to_owned() + &store;
    // Both migrate the empty store at once.
    let (one, other) = tokio::join!(Gateway::start_with(&settings), Gateway::start_with(&settings));
    Ok((one?, other?, folder))
}

/// Asks until `is_seen`. The bound is what is promised, not a guess at how long something takes.
pub(crate) async fn until_seen(is_seen: impl AsyncFn() -> Result<bool, Failed>) -> Outcome {
    let changed = Instant::now();
    while !is_seen().await? {
        if changed.elapsed() > SEEN_WITHIN {
            return Err(format!("not seen within {SEEN_WITHIN:?}").into());
        }
    }
    Ok(())
}

async fn see_each_other(server: Server) -> Outcome {
    let (one, other, _keys) = pair(&server, "nexus_replicas").await?;
    let data = Database::Server(server.clone());
    let source = one.register(&data).await?;
    let expect = async |status: u16| {
        until_seen(async || Ok(other.query(source, "SELECT 1", json!({})).await?.status == status)).await
    };
    expect(200).await?;
    let path = format!("/api/v1/datasources/{source}");
    one.send(Method::PATCH, &path, Some(&json!({"status": "inactive"})))
        .await?;
    expect(404).await?;
    one.send(
        Method::PATCH,
        &path,
        Some(&json!({"status": "active", "config": {"password": "wrong"}})),
    )
    .await?;
    expect(503).await?;
    let password = &data.source("n")["config"]["password"];
    one.send(
        Method::PATCH,
        &path,
        Some(&json!({"config": {"password": password}})),
    )
    .await?;
    expect(200).await?;
    one.send(Method::DELETE, &path, None).await?;
    expect(404).await
}

/// A replica with other keys is told so at start; it never serves a source with a broken password.
async fn need_the_same_keys(server: Server) -> Outcome {
    fresh(&server, "nexus_keys").await?;
    let folder = tempfile::tempdir()?;
    let right = settings(&server, "nexus_keys", &new_keys(folder.path(), "right").await?);
    let wrong = settings(&server, "nexus_keys", &new_keys(folder.path(), "wrong").await?);
    let gateway = Gateway::start_with(&right).await?;
    gateway.register(&Database::Server(server.clone())).await?;
    gateway.stop().await?;
    let refused = match Gateway::start_with(&wrong).await {
        Ok(_) => return Err("it started with the wrong keys".into()),
        Err(failed) => failed.message().unwrap_or_default().to_owned(),
    };
    assert!(refused.contains("key"), "{refused}");
    Gateway::start_with(&right).await?;
    Ok(())
}
