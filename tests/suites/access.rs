//! API keys and roles: what they permit, that they end, and that nothing is kept that could be used.

use std::time::{Duration, SystemTime};

use gateway_core::{DataSourceId, Engine, SourceGrant, UnixMicros};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("access::keys", keys);
    trials.simple("access::keys_are_checked", keys_are_checked);
    trials.simple("access::keys_at_rest", keys_at_rest);
    trials.simple("access::roles", roles);
    trials.simple("access::roles_are_checked", roles_are_checked);
    trials.simple("access::bounds_of_roles", bounds_of_roles);
    trials.simple("access::permissions_are_not_joined", permissions_are_not_joined);
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

/// A role gives what it says to the callers it names and to the members of its groups, at once and until it is removed.
async fn roles() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let source = gateway.register(&database).await?;
    let rename = json!({"name": "Sales 2026"});
    let path = format!("/api/v1/datasources/{source}");
    gateway.send(Method::PATCH, &path, Some(&rename)).await?;
    // Tokens that permit nothing themselves.
    let ann = gateway.token_of("ann", "", SourceGrant::Only([].into()))?;
    let bob = crate::tokens::issuer::signed(
        &json!({"alg": "HS256"}),
        &json!({"sub": "bob", "exp": crate::tokens::issuer::now() + 600, "groups": ["analysts", "others"]}),
    );
    let carl = gateway.token_of("carl", "", SourceGrant::Only([].into()))?;
    let expect = async |bearer: &str, status: u16| -> Outcome {
        let answer = query_with(&gateway, bearer, source, json!({})).await?;
        assert_eq!(answer.status, status, "{}", answer.text);
        Ok(())
    };
    for bearer in [&ann, &bob, &carl] {
        expect(bearer, 403).await?;
    }
    let role = json!({"name": "sales", "scopes": ["query"], "sources": ["sales *"], "subjects": ["ann"], "groups": ["analysts"]});
    let made = gateway.send(Method::POST, "/api/v1/roles", Some(&role)).await?;
    assert_eq!(
        (made.status, made.headers["etag"].to_str()?),
        (201, "\"1\""),
        "{}",
        made.text
    );
    assert_eq!(made.headers["location"], "/api/v1/roles/sales");
    expect(&ann, 200).await?;
    expect(&bob, 200).await?;
    expect(&carl, 403).await?;
    // A source that comes later is covered by its name, and no longer once it has another.
    let later = gateway.register(&database).await?;
    let later_path = format!("/api/v1/datasources/{later}");
    assert_eq!(query_with(&gateway, &ann, later, json!({})).await?.status, 404);
    for (name, status) in [("Sales 2027", 200), ("Archive", 404)] {
        gateway
            .send(Method::PATCH, &later_path, Some(&json!({"name": name})))
            .await?;
        assert_eq!(
            query_with(&gateway, &ann, later, json!({})).await?.status,
            status,
            "{name}"
        );
    }
    let change = json!({"scopes": ["sources:read"], "sources": ["*"], "subjects": ["ann", "carl"]});
    let stale = gateway
        .request(Method::PUT, "/api/v1/roles/sales")?
        .header("if-match", "\"7\"")
        .body(change.to_string());
    assert_eq!(gateway.answer(stale).await?.code(), "PRECONDITION_FAILED");
    let changed = gateway
        .send(Method::PUT, "/api/v1/roles/sales", Some(&change))
        .await?;
    assert_eq!(changed.data()["version"], 2, "{}", changed.text);
    expect(&ann, 403).await?;
    expect(&bob, 403).await?;
    let list = gateway
        .bare_request(Method::GET, "/api/v1/datasources")
        .bearer_auth(&carl);
    assert_eq!(
        gateway.answer(list).await?.data()["items"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_eq!(
        gateway
            .send(Method::DELETE, "/api/v1/roles/sales", None)
            .await?
            .status,
        204
    );
    let list = gateway
        .bare_request(Method::GET, "/api/v1/datasources")
        .bearer_auth(&carl);
    assert_eq!(gateway.answer(list).await?.status, 403);
    assert_eq!(
        gateway
            .send(Method::GET, "/api/v1/roles/sales", None)
            .await?
            .code(),
        "NOT_FOUND"
    );
    Ok(())
}

async fn roles_are_checked() -> Outcome {
    let gateway = Gateway::start().await?;
    let good = json!({"name": "r", "scopes": ["query"], "sources": ["*"]});
    assert_eq!(
        gateway
            .send(Method::POST, "/api/v1/roles", Some(&good))
            .await?
            .status,
        201
    );
    let again = gateway.send(Method::POST, "/api/v1/roles", Some(&good)).await?;
    assert_eq!((again.status, again.code()), (409, "CONFLICT"), "{}", again.text);
    for (field, value) in [
        ("name", json!("Upper Case")),
        ("name", json!("")),
        ("scopes", json!(["all"])),
        ("sources", json!([""])),
        ("maxRows", json!(0)),
        ("maxTimeoutMs", json!(0)),
        ("subjects", json!([""])),
        ("groups", json!(["x".repeat(300)])),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = gateway.send(Method::POST, "/api/v1/roles", Some(&body)).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{body}"
        );
        assert!(answer.text.contains(field), "{body}: {}", answer.text);
    }
    for (method, path) in [(Method::POST, "/api/v1/roles"), (Method::PUT, "/api/v1/roles/r")] {
        let mut body = good.clone();
        body["rights"] = json!([]);
        let answer = gateway.send(method, path, Some(&body)).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "INVALID_REQUEST"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("rights"), "{}", answer.text);
    }
    let mut renamed = good.clone();
    renamed["name"] = json!("s");
    let answer = gateway
        .send(Method::PUT, "/api/v1/roles/r", Some(&renamed))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "VALIDATION_ERROR"),
        "{}",
        answer.text
    );
    // Whoever administers a part of the sources cannot give away the rest.
    let part = gateway.token("admin", SourceGrant::Only([DataSourceId::new()].into()))?;
    let request = gateway
        .bare_request(Method::POST, "/api/v1/roles")
        .bearer_auth(part)
        .body(good.to_string());
    assert_eq!(gateway.answer(request).await?.code(), "FORBIDDEN");
    Ok(())
}

/// A role's bounds hold for what only it permits; whoever may query for another reason has the wider bounds.
async fn bounds_of_roles() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let source = gateway.register(&database).await?;
    let role = json!({"name": "few", "scopes": ["query"], "sources": ["*"], "subjects": ["ann"], "maxRows": 2, "maxTimeoutMs": 5000});
    gateway.send(Method::POST, "/api/v1/roles", Some(&role)).await?;
    let bounded = gateway.token_of("ann", "", SourceGrant::Only([].into()))?;
    let wide = gateway.token_of("ann", "query", SourceGrant::All)?;
    let numbers =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n";
    let rows = async |bearer: &str, extra: Value| -> Result<(u64, Value), Failed> {
        let mut extra = extra;
        extra["sql"] = json!(numbers);
        let answer = query_with(&gateway, bearer, source, extra).await?;
        let metadata = &answer.data()["metadata"];
        let count = metadata["rowCount"].as_u64().ok_or(answer.text.clone())?;
        Ok((count, metadata["truncated"].clone()))
    };
    assert_eq!(rows(&bounded, json!({})).await?, (2, json!(true)));
    assert_eq!(rows(&wide, json!({})).await?, (5, json!(false)));
    for (field, value, most) in [("limit", 3, "2"), ("timeoutMs", 6000, "5000")] {
        let mut extra = json!({"sql": numbers});
        extra[field] = json!(value);
        let answer = query_with(&gateway, &bounded, source, extra.clone()).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{}",
            answer.text
        );
        assert!(
            answer.text.contains(&format!("between 1 and {most}")),
            "{}",
            answer.text
        );
        assert_eq!(query_with(&gateway, &wide, source, extra).await?.status, 200);
    }
    // A stream has no bound of its own, but a role's holds there as well.
    let body = json!({"dataSourceId": source.to_string(), "sql": numbers}).to_string();
    let request = gateway
        .bare_request(Method::POST, "/api/v1/query")
        .header("accept", "application/x-ndjson")
        .bearer_auth(&bounded)
        .body(body);
    let text = gateway.answer(request).await?.text;
    assert!(
        text.contains("\"status\":\"truncated\"") && text.lines().count() == 4,
        "{text}"
    );
    Ok(())
}

/// The scopes of one permission are not joined with the sources of another.
async fn permissions_are_not_joined() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let (mine, other) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    for (name, scope, source) in [("reads", "query", other), ("keeps", "sources:write", mine)] {
        let role =
            json!({"name": name, "scopes": [scope], "sources": [source.to_string()], "subjects": ["ann"]});
        gateway.send(Method::POST, "/api/v1/roles", Some(&role)).await?;
    }
    let ann = gateway.token_of("ann", "", SourceGrant::All)?;
    assert_eq!(query_with(&gateway, &ann, other, json!({})).await?.status, 200);
    assert_eq!(query_with(&gateway, &ann, mine, json!({})).await?.status, 404);
    for (source, status) in [(mine, 200), (other, 404)] {
        let request = gateway
            .bare_request(Method::PATCH, &format!("/api/v1/datasources/{source}"))
            .bearer_auth(&ann)
            .body("{\"description\":\"x\"}");
        assert_eq!(gateway.answer(request).await?.status, status);
    }
    Ok(())
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
