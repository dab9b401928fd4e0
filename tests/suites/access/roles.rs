//! Roles: what they give, to whom, and within which bounds.

use gateway_core::{DataSourceId, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use super::query_with;

pub(super) fn register(trials: &mut Trials) {
    trials.simple("access::roles::give_what_they_say", give_what_they_say);
    trials.simple("access::roles::are_checked", are_checked);
    trials.simple("access::roles::have_bounds", have_bounds);
    trials.simple("access::roles::are_not_joined", are_not_joined);
}

/// A role gives what it says to the callers it names and to the members of its groups, at once and until it is removed.
async fn give_what_they_say() -> Outcome {
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

async fn are_checked() -> Outcome {
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
async fn have_bounds() -> Outcome {
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
async fn are_not_joined() -> Outcome {
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
