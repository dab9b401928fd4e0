//! Secrets that are planted everywhere, and every place where they could come out.

use gateway_core::{DataSourceId, Engine, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::json;

use crate::metrics::own_address;

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("never_told::log_metrics_audit", engine, server_engine);
    }
    trials.simple("never_told::log_metrics_audit::sqlite", sqlite);
}

/// In statements. The audit log keeps those, unless it is told not to.
const LITERAL: &str = "planted-literal-7f3a";
/// Bound to statements.
const VALUE: &str = "planted-value-9c1b";
/// A password that is not the account's.
const WRONG_PASSWORD: &str = "planted-password-1d2e";
/// Shown as a token, as an API key, in a header.
const CREDENTIAL: &str = "planted-credential-4b8d";

const SETTINGS: &str = "metrics.listen = \"127.0.0.1:0\"\naudit.to = [\"store\", \"file\"]\naudit.file = \"{folder}/audit.log\"\n\
                        audit.statements = \"digest\"\nlog.level = \"debug\"\nlog.slow_query = \"1ms\"\n";

async fn server_engine(server: Server) -> Outcome {
    let database = Database::Server(server);
    let password = database.source("n")["config"]["password"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for format in ["json", "terminal"] {
        planted(&database, &[&password], format).await?;
    }
    Ok(())
}

async fn sqlite() -> Outcome {
    planted(&Database::file()?, &[], "json").await
}

async fn planted(database: &Database, further: &[&str], format: &str) -> Outcome {
    let gateway = Gateway::start_with(SETTINGS).await?;
    if format == "terminal" {
        let file = gateway.folder().join("nexus.toml");
        let settings = std::fs::read_to_string(&file)? + "log.format = \"terminal\"\n";
        std::fs::write(file, settings)?;
        crate::replicas::until_seen(async || {
            gateway.send(Method::GET, "/api/v1/drivers", None).await?;
            Ok(gateway.log().contains("INFO request, "))
        })
        .await?;
    }
    let source = gateway.register(database).await?;
    let token = gateway.token("query", SourceGrant::All)?;
    let key = use_everything(&gateway, source, &token).await?;
    let mut secrets = vec![
        LITERAL,
        VALUE,
        WRONG_PASSWORD,
        CREDENTIAL,
        nexus_tests::SECRET,
        &token,
        &key,
    ];
    secrets.extend(further);
    let client = reqwest::Client::new();
    let own = format!("http://{}/metrics", own_address(&gateway)?);
    let mut places = vec![
        ("metrics", client.get(own).send().await?.text().await?),
        (
            "health",
            gateway.send(Method::GET, "/api/v1/health", None).await?.text,
        ),
        (
            "sources",
            gateway.send(Method::GET, "/api/v1/datasources", None).await?.text,
        ),
        (
            "keys",
            gateway.send(Method::GET, "/api/v1/apikeys", None).await?.text,
        ),
        (
            "audit",
            gateway
                .send(Method::GET, "/api/v1/audit?limit=1000", None)
                .await?
                .text,
        ),
    ];
    let folder = gateway.folder().to_path_buf();
    let kept = tempfile::tempdir()?;
    std::fs::copy(folder.join("audit.log"), kept.path().join("audit.log"))?;
    std::fs::copy(folder.join("nexus.db"), kept.path().join("nexus.db"))?;
    places.push(("log", gateway.stop().await?));
    for file in ["audit.log", "nexus.db"] {
        let content = std::fs::read(kept.path().join(file))?;
        places.push((file, String::from_utf8_lossy(&content).into_owned()));
    }
    for (place, content) in &places {
        assert!(!content.is_empty(), "{place} is empty");
        for secret in &secrets {
            assert!(!content.contains(secret), "{secret} is in {place} ({format})");
        }
    }
    Ok(())
}

/// Every way in which a secret goes into the gateway, and every failure that could quote one; an API key that was made.
async fn use_everything(gateway: &Gateway, source: DataSourceId, token: &str) -> Result<String, Failed> {
    let named = json!({"parameters": {"p": VALUE}});
    for (sql, extra) in [
        (format!("SELECT '{LITERAL}', :p"), named.clone()),
        (format!("SELECT '{LITERAL}' FROM nowhere"), json!({})),
        (format!("SELECT '{LITERAL}' FRM x"), json!({})),
        (format!("DELETE FROM t WHERE a = '{LITERAL}'"), json!({})),
        (format!("SELECT CAST('{LITERAL}' AS DECIMAL(5,2)) + 1"), json!({})),
        ("SELECT CAST(:p AS DECIMAL(5,2)) + 1".to_owned(), named.clone()),
        ("SELECT :p, :q".to_owned(), named.clone()),
        (
            "SELECT 1".to_owned(),
            json!({"parameters": {"p": {"type": "date", "value": VALUE}}}),
        ),
        ("SELECT 1".to_owned(), json!({"timeoutMs": VALUE})),
    ] {
        gateway.query(source, &sql, extra).await?;
    }
    for path in ["/api/v1/query/explain", "/api/v1/query/validate", "/api/v1/fetch"] {
        let body = json!({"dataSourceId": source.to_string(), "sql": format!("SELECT '{LITERAL}'")});
        gateway.send(Method::POST, path, Some(&body)).await?;
    }
    gateway
        .send(Method::GET, &format!("/api/v1/audit?limit={VALUE}"), None)
        .await?;
    for header in ["x-api-key", "authorization", "cookie"] {
        let request = gateway.bare_request(Method::GET, "/api/v1/drivers");
        gateway
            .answer(request.header(header, format!("Bearer {CREDENTIAL}")))
            .await?;
    }
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .bearer_auth(token);
    gateway.answer(request).await?;
    let wanted = json!({"name": "planted", "scopes": ["query"], "sources": ["*"]});
    let made = gateway
        .send(Method::POST, "/api/v1/apikeys", Some(&wanted))
        .await?;
    let key = made.data()["key"]
        .as_str()
        .ok_or_else(|| made.text.clone())?
        .to_owned();
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .header("x-api-key", &key);
    assert_eq!(gateway.answer(request).await?.status, 200);
    let path = format!("/api/v1/datasources/{source}");
    let wrong = json!({"config": {"password": WRONG_PASSWORD}});
    gateway.send(Method::PATCH, &path, Some(&wrong)).await?;
    for _ in 0..7 {
        gateway.query(source, "SELECT 1", json!({})).await?;
    }
    gateway.send(Method::POST, &format!("{path}/test"), None).await?;
    Ok(key)
}
