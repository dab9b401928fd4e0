//! API keys and roles: what they permit, that they end, and that nothing is kept that could be used.

mod roles;

use std::time::{Duration, SystemTime};

use gateway_core::{DataSourceId, Engine, SourceGrant, UnixMicros};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    roles::register(trials);
    trials.simple("access::keys", keys);
    trials.simple("access::keys_are_checked", keys_are_checked);
    trials.simple("access::keys_at_rest", keys_at_rest);
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("access::replicas", engine, replicas);
    }
}

async fn make_key(gateway: &Gateway, body: &Value) -> Result<(String, String), Failed> {
    let made = gateway.send(Method::POST, "/api/v1/apikeys", Some(body)).await?;
    let text = |name: &str| {
        made.data()[name]
            .as_str()
            .map(str::to_owned)
            .ok_or(made.text.clone())
    };
    Ok((text("id")?, text("key")?))
}

async fn query_with(
    gateway: &Gateway,
    bearer: &str,
    source: DataSourceId,
    extra: Value,
) -> Result<Answer, Failed> {
    let mut body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1 AS one"});
    for (name, value) in extra.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let request = gateway
        .bare_request(Method::POST, "/api/v1/query")
        .bearer_auth(bearer)
        .body(body.to_string());
    gateway.answer(request).await
}

/// A key is good for its scopes and sources, in either header, until it expires or is removed; its use is seen and on record.
async fn keys() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let (mine, other) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    let body = json!({"name": "nightly report", "scopes": ["query"], "sources": [mine.to_string()]});
    let (id, key) = make_key(&gateway, &body).await?;
    assert!(key.starts_with(&format!("nxk_{id}_")), "{key}");
    let listed = gateway.send(Method::GET, "/api/v1/apikeys", None).await?;
    assert_eq!(listed.data()["items"][0]["lastUsedAt"], Value::Null);
    assert_eq!(query_with(&gateway, &key, mine, json!({})).await?.status, 200);
    assert_eq!(
        query_with(&gateway, &key, other, json!({})).await?.code(),
        "INVALID_DATA_SOURCE"
    );
    let by_header = |path: &str| gateway.bare_request(Method::GET, path).header("x-api-key", &key);
    assert_eq!(gateway.answer(by_header("/api/v1/drivers")).await?.status, 200);
    assert_eq!(
        gateway.answer(by_header("/api/v1/datasources")).await?.code(),
        "FORBIDDEN"
    );
    // What is wrong is refused even beside what is right.
    let both = by_header("/api/v1/drivers").bearer_auth("nonsense");
    assert_eq!(gateway.answer(both).await?.status, 401);
    let listed = gateway.send(Method::GET, "/api/v1/apikeys", None).await?;
    let item = &listed.data()["items"][0];
    assert_eq!((&item["id"], &item["createdBy"]), (&json!(id), &json!("tester")));
    assert!(item["lastUsedAt"].is_string(), "{item}");
    assert!(!listed.text.contains(&key) && item.get("key").is_none());
    let removed = gateway
        .send(Method::DELETE, &format!("/api/v1/apikeys/{id}"), None)
        .await?;
    assert_eq!(removed.status, 204);
    let refused = query_with(&gateway, &key, mine, json!({})).await?;
    assert_eq!(refused.status, 401);
    assert!(
        refused.text.contains("The API key is not valid"),
        "{}",
        refused.text
    );
    let again = gateway
        .send(Method::DELETE, &format!("/api/v1/apikeys/{id}"), None)
        .await?;
    assert_eq!((again.status, again.code()), (404, "NOT_FOUND"));
    Ok(())
}

/// Drafts that say nothing good are refused by field; an expired key by its reason.
async fn keys_are_checked() -> Outcome {
    let gateway = Gateway::start().await?;
    let good = json!({"name": "n", "scopes": ["query"], "sources": ["*"]});
    for (field, value) in [
        ("name", json!("")),
        ("name", json!(" n")),
        ("name", json!("x".repeat(257))),
        ("scopes", json!([])),
        ("scopes", json!(["query", "everything"])),
        ("sources", json!(["sales-*"])),
        ("expiresAt", json!("2020-01-01T00:00:00Z")),
        ("expiresAt", json!("tomorrow")),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = gateway.send(Method::POST, "/api/v1/apikeys", Some(&body)).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{body}"
        );
        assert!(answer.text.contains(field), "{body}: {}", answer.text);
    }
    let mut unknown = good.clone();
    unknown["scope"] = json!("query");
    let answer = gateway
        .send(Method::POST, "/api/v1/apikeys", Some(&unknown))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (400, "INVALID_REQUEST"),
        "{}",
        answer.text
    );

    let soon = SystemTime::now() + Duration::from_millis(1500);
    let micros = soon.duration_since(SystemTime::UNIX_EPOCH)?.as_micros();
    let mut short = good;
    short["expiresAt"] = json!(UnixMicros(i64::try_from(micros)?).to_string());
    let (_, key) = make_key(&gateway, &short).await?;
    let ask = || {
        gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .bearer_auth(&key)
    };
    let end = loop {
        let answer = gateway.answer(ask()).await?;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!(end.status, 401);
    assert!(end.text.contains("The API key has expired"), "{}", end.text);
    Ok(())
}

/// Neither the store nor the log has what a caller sends.
async fn keys_at_rest() -> Outcome {
    let gateway = Gateway::start().await?;
    let body = json!({"name": "n", "scopes": ["query"], "sources": ["*"]});
    let (_, key) = make_key(&gateway, &body).await?;
    let ask = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .bearer_auth(&key);
    assert_eq!(gateway.answer(ask).await?.status, 200);
    let secret = key.rsplit('_').next().unwrap_or_default().as_bytes();
    assert!(!contains(gateway.log().as_bytes(), secret));
    for entry in std::fs::read_dir(gateway.folder())? {
        let path = entry?.path();
        assert!(!contains(&std::fs::read(&path)?, secret), "{}", path.display());
    }
    Ok(())
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// What one replica gives or takes away, another knows within two seconds.
async fn replicas(server: Server) -> Outcome {
    let (one, other, _keys) = crate::replicas::pair(&server, "nexus_access").await?;
    let source = one.register(&Database::Server(server)).await?;
    let body = json!({"name": "n", "scopes": ["query"], "sources": ["*"]});
    let (id, key) = make_key(&one, &body).await?;
    crate::replicas::until_seen(
        async || Ok(query_with(&other, &key, source, json!({})).await?.status == 200),
    )
    .await?;
    let ann = one.token_of("ann", "", SourceGrant::Only([].into()))?;
    let role = json!({"name": "r", "scopes": ["query"], "sources": ["*"], "subjects": ["ann"]});
    other.send(Method::POST, "/api/v1/roles", Some(&role)).await?;
    crate::replicas::until_seen(async || Ok(query_with(&one, &ann, source, json!({})).await?.status == 200))
        .await?;
    one.send(Method::DELETE, &format!("/api/v1/apikeys/{id}"), None)
        .await?;
    crate::replicas::until_seen(
        async || Ok(query_with(&other, &key, source, json!({})).await?.status == 401),
    )
    .await?;
    other.send(Method::DELETE, "/api/v1/roles/r", None).await?;
    crate::replicas::until_seen(async || Ok(query_with(&one, &ann, source, json!({})).await?.status == 403))
        .await
}
