//! The audit log as the operator wants it: what is kept, when an answer may end, what happens when records find no room; and
//! who was kept out.

use std::time::{Duration, Instant};

use gateway_core::SourceGrant;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials, run_gateway};
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::records_of;
use crate::store_place::StorePlace;

const PATH: &str = "/api/v1/audit";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("audit_settings::what_is_kept", what_is_kept);
    trials.simple("audit_settings::written_before_the_end", written_before_the_end);
    trials.simple("audit_settings::losses_are_counted", losses_are_counted);
    trials.simple("audit_settings::failed_logins", failed_logins);
    trials.simple("audit_settings::out_of_scope", out_of_scope);
    trials.simple("audit_settings::keys_and_roles", keys_and_roles);
    trials.simple("audit_settings::old_records_go", old_records_go);
}

async fn what_is_kept() -> Outcome {
    let gateway = Gateway::start_with("[audit]\nstatements = \"digest\"\nparameters = true\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let values = json!({"parameters": {"x": "a \"value\"", "n": 1.50}});
    let answer = gateway.query(source, "SELECT :x, :n", values).await?;
    let id = answer.headers["x-correlation-id"].to_str()?;
    let record = &records_of(&gateway, id).await?[0];
    assert_eq!(record["statement"], Value::Null);
    // The digest that `printf 'SELECT :x, :n' | sha256sum` gives.
    assert_eq!(
        record["statementSha256"],
        "28d3506616dda5bd308dd7b488a656cf526b8e7c02d1a60316347de33ccf9ba1"
    );
    assert_eq!(record["parameters"], json!({"n": 1.5, "x": "a \"value\""}));
    assert_eq!(record["identifiedBy"], "token");
    let found = gateway
        .send(
            Method::GET,
            &format!("{PATH}?identifiedBy=token&action=query"),
            None,
        )
        .await?;
    assert_eq!(found.data()["items"].as_array().map(Vec::len), Some(1));
    let none = gateway
        .send(Method::GET, &format!("{PATH}?identifiedBy=api_key"), None)
        .await?;
    assert_eq!(none.data()["items"], json!([]));
    Ok(())
}

/// While the store takes nothing, no answer ends as if it were on record, whatever its form.
async fn written_before_the_end() -> Outcome {
    let gateway = Gateway::start_with("[audit]\ndurability = \"written\"\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
    let store = rusqlite::Connection::open(gateway.folder().join("nexus.db"))?;
    store.execute_batch("BEGIN IMMEDIATE")?;
    let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1"}).to_string();
    let stream = gateway
        .request(Method::POST, "/api/v1/query")?
        .header("Accept", "application/x-ndjson")
        .body(body);
    let (whole, refused, stream) = tokio::join!(
        gateway.query(source, "SELECT 1", json!({})),
        gateway.query(source, "DROP TABLE t", json!({})),
        gateway.answer(stream),
    );
    for answer in [&whole?, &refused?] {
        assert_eq!(
            (answer.status, answer.code()),
            (503, "OVERLOADED"),
            "{}",
            answer.text
        );
    }
    let stream = stream?.text;
    assert!(
        stream.contains("OVERLOADED") && !stream.contains("\"status\":\"ok\""),
        "{stream}"
    );
    store.execute_batch("ROLLBACK")?;
    let begun = Instant::now();
    while gateway.query(source, "SELECT 1", json!({})).await?.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", gateway.log());
    }
    Ok(())
}

/// Requests go on without room for their records, and the log itself says how many it lacks.
async fn losses_are_counted() -> Outcome {
    const QUERIES: u64 = 50;
    let gateway = Gateway::start_with("[audit]\nqueue = 3\non_failure = \"count\"\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let store = rusqlite::Connection::open(gateway.folder().join("nexus.db"))?;
    store.execute_batch("BEGIN IMMEDIATE")?;
    for _ in 0..QUERIES {
        let answer = gateway.query(source, "SELECT 1", json!({})).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    store.execute_batch("ROLLBACK")?;
    let begun = Instant::now();
    let lost = loop {
        let (lost, kept) = (
            sum(&gateway, "action=audit.lost").await?,
            sum(&gateway, "action=query").await?,
        );
        if lost > 0 && lost + kept == QUERIES {
            break lost;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{lost} lost, {kept} kept"
        );
    };
    let metrics = gateway.send(Method::GET, "/metrics", None).await?.text;
    assert!(
        metrics.contains(&format!("nexus_audit_records_lost_total {lost}")),
        "{metrics}"
    );
    assert!(gateway.log().contains("audit records were lost"));
    Ok(())
}

/// How many events the records stand for that a filter lets through.
async fn sum(gateway: &Gateway, filter: &str) -> Result<u64, Failed> {
    let page = gateway
        .send(Method::GET, &format!("{PATH}?limit=1000&{filter}"), None)
        .await?;
    let items = page.data()["items"].as_array().ok_or("no items")?;
    Ok(items.iter().filter_map(|item| item["count"].as_u64()).sum())
}

/// The first are on record one by one, the rest in a summary, however many there were; who shows nothing has not tried.
async fn failed_logins() -> Outcome {
    const ATTEMPTS: u64 = 300;
    let place = StorePlace::file()?;
    let settings = format!("{}[limits]\nlogin_failures = 0\n", place.settings());
    let gateway = Gateway::start_with(&settings).await?;
    for number in 0..ATTEMPTS {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/datasources")
            .header("X-Correlation-ID", format!("wrong-{number}"))
            .bearer_auth("not-a-token");
        assert_eq!(gateway.answer(request).await?.status, 401);
    }
    let bare = gateway.bare_request(Method::GET, "/api/v1/datasources");
    assert_eq!(gateway.answer(bare).await?.status, 401);
    let first = &records_of(&gateway, "wrong-0").await?[0];
    assert_eq!(
        (&first["action"], &first["decision"], &first["code"]),
        (&json!("login"), &json!("refused"), &json!("UNAUTHORIZED"))
    );
    assert_eq!(
        (&first["remote"], &first["identifiedBy"]),
        (&json!("127.0.0.1"), &json!("token"))
    );
    assert_eq!(first["rule"], "invalid");
    // The end of the gateway is the end of the interval.
    gateway.stop().await?;
    let gateway = Gateway::start_with(&place.settings()).await?;
    assert_eq!(sum(&gateway, "action=login").await?, ATTEMPTS);
    let page = gateway
        .send(Method::GET, &format!("{PATH}?action=login"), None)
        .await?;
    let records = page.data()["items"].as_array().map_or(0, Vec::len);
    assert!(records < 10, "{records} records of one address");
    Ok(())
}

async fn out_of_scope() -> Outcome {
    let gateway = Gateway::start().await?;
    let token = gateway.token("query", SourceGrant::All)?;
    let request = gateway
        .bare_request(
            Method::DELETE,
            "/api/v1/datasources/550e8400-e29b-41d4-a716-446655440000",
        )
        .header("X-Correlation-ID", "out-of-scope")
        .bearer_auth(token);
    assert_eq!(gateway.answer(request).await?.status, 403);
    let record = &records_of(&gateway, "out-of-scope").await?[0];
    assert_eq!(
        (&record["action"], &record["decision"], &record["code"]),
        (&json!("access"), &json!("refused"), &json!("FORBIDDEN"))
    );
    assert_eq!(record["target"], "DELETE /api/v1/datasources/{id}");
    Ok(())
}

/// Changes of keys and roles name what was changed; whoever comes with a key is known by it.
async fn keys_and_roles() -> Outcome {
    let gateway = Gateway::start().await?;
    let key = json!({"name": "nightly", "scopes": ["query"], "sources": ["*"]});
    let made = gateway.send(Method::POST, "/api/v1/apikeys", Some(&key)).await?;
    let id = made.data()["id"].as_str().ok_or("no id")?.to_owned();
    let secret = made.data()["key"].as_str().ok_or("no key")?.to_owned();
    let role = json!({"name": "readers", "scopes": ["query"], "sources": ["*"], "subjects": ["ann"]});
    let changed = json!({"scopes": ["query"], "sources": ["*"], "groups": ["readers"]});
    let roles = "/api/v1/roles/readers";
    let request = gateway
        .bare_request(Method::GET, PATH)
        .header("X-Correlation-ID", "by-key")
        .bearer_auth(&secret);
    assert_eq!(gateway.answer(request).await?.status, 403);
    let by_key = &records_of(&gateway, "by-key").await?[0];
    assert_eq!(
        (&by_key["identifiedBy"], &by_key["subject"]),
        (&json!("api_key"), &json!("nightly"))
    );
    let path = format!("/api/v1/apikeys/{id}");
    for (method, path, body, action, target) in [
        (
            Method::POST,
            "/api/v1/roles",
            Some(&role),
            "role.create",
            "readers",
        ),
        (Method::PUT, roles, Some(&changed), "role.change", "readers"),
        (Method::DELETE, roles, None, "role.delete", "readers"),
        (Method::DELETE, path.as_str(), None, "apikey.delete", id.as_str()),
    ] {
        let answer = gateway.send(method, path, body).await?;
        assert!(answer.status < 300, "{action}: {}", answer.text);
        let record = &records_of(&gateway, answer.headers["x-correlation-id"].to_str()?).await?[0];
        assert_eq!(
            (&record["action"], &record["target"], &record["decision"]),
            (&json!(action), &json!(target), &json!("allowed"))
        );
    }
    let made = &records_of(&gateway, made.headers["x-correlation-id"].to_str()?).await?[0];
    assert_eq!(
        (&made["action"], &made["target"]),
        (&json!("apikey.create"), &json!(id))
    );
    assert!(!made.to_string().contains(&secret));
    let filtered = gateway
        .send(
            Method::GET,
            &format!("{PATH}?target=readers&action=role.change"),
            None,
        )
        .await?;
    assert_eq!(filtered.data()["items"].as_array().map(Vec::len), Some(1));
    Ok(())
}

/// Retention takes the beginning of a chain away, and the rest holds.
async fn old_records_go() -> Outcome {
    let place = StorePlace::file()?;
    let config = place.folder().join("nexus.toml");
    std::fs::write(&config, place.settings())?;
    let gateway = Gateway::start_with(&place.settings()).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let answer = gateway.query(source, "SELECT 1", json!({})).await?;
    records_of(&gateway, answer.headers["x-correlation-id"].to_str()?).await?;
    gateway.stop().await?;
    // Old records are looked for at the start.
    let short = format!("{}[audit]\nretention = \"1ms\"\n", place.settings());
    let gateway = Gateway::start_with(&short).await?;
    let begun = Instant::now();
    while sum(&gateway, "").await? > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", gateway.log());
    }
    gateway.stop().await?;
    let ran = run_gateway(&config, &["audit", "verify"]).await?;
    assert!(
        ran.code == Some(0) && ran.said.contains("0 records in 1 chains"),
        "{ran:?}"
    );
    Ok(())
}
