//! Every route of the interface with every kind of credentials, and the exact status of each.
//!
//! The routes come from the gateway's own description, so one that is added must be listed here: as public, or with what it
//! needs.

use std::collections::BTreeSet;
use std::time::Duration;

use gateway_core::{DataSourceId, Scope, Secret, SourceGrant};
use gateway_http::auth::{Algorithm, TokenRequest, mint};
use nexus_tests::{Database, Failed, Gateway, Outcome, SECRET, Trials};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("matrix::every_route", every_route);
    trials.simple("matrix::hidden_is_absent", hidden_is_absent);
}

/// What a route needs, and what a caller who may not see the source is told.
struct Guard {
    route: &'static str,
    scope: Option<Scope>,
    /// The status with all that is needed.
    right: u16,
    /// The status for a caller whose credentials are for another source.
    elsewhere: u16,
    body: fn(&str) -> Value,
}

const PUBLIC: [&str; 2] = ["GET /health/live", "GET /health/ready"];

const fn guard(route: &'static str, scope: Scope, right: u16, elsewhere: u16) -> Guard {
    Guard {
        route,
        scope: Some(scope),
        right,
        elsewhere,
        body: |_| Value::Null,
    }
}

const fn with_body(guard: Guard, body: fn(&str) -> Value) -> Guard {
    Guard { body, ..guard }
}

/// In an order in which each finds what it needs: what removes something comes last.
fn guards() -> Vec<Guard> {
    let query: fn(&str) -> Value = |id| json!({"dataSourceId": id, "sql": "SELECT 1 AS one"});
    let source: fn(&str) -> Value =
        |_| json!({"name": "made by the matrix", "type": "sqlite", "config": {"path": "{file}"}});
    let rename: fn(&str) -> Value = |_| json!({"description": "changed"});
    let replace: fn(&str) -> Value =
        |_| json!({"name": "the source", "type": "sqlite", "config": {"path": "{file}"}});
    let key: fn(&str) -> Value = |_| json!({"name": "k", "scopes": ["query"], "sources": ["*"]});
    let role: fn(&str) -> Value = |_| json!({"name": "matrix", "scopes": ["query"], "sources": ["*"]});
    let change: fn(&str) -> Value = |_| json!({"scopes": ["query"], "sources": ["*"]});
    vec![
        with_body(guard("POST /api/v1/query", Scope::Query, 200, 404), query),
        with_body(
            guard("POST /api/v1/query/validate", Scope::Query, 200, 404),
            query,
        ),
        with_body(guard("POST /api/v1/query/explain", Scope::Query, 200, 404), query),
        with_body(guard("POST /api/v1/fetch", Scope::Query, 200, 404), query),
        guard(
            "GET /api/v1/fetch/{queryId}/{slug}/{token}",
            Scope::Query,
            404,
            404,
        ),
        guard(
            "DELETE /api/v1/fetch/{queryId}/{slug}/{token}",
            Scope::Query,
            404,
            404,
        ),
        guard("GET /api/v1/queries", Scope::Query, 200, 200),
        guard("DELETE /api/v1/queries/{queryId}", Scope::Query, 404, 404),
        guard("GET /api/v1/datasources/{id}/schema", Scope::Query, 200, 404),
        guard("GET /api/v1/datasources", Scope::SourcesRead, 200, 200),
        guard("GET /api/v1/datasources/{id}", Scope::SourcesRead, 200, 404),
        guard("GET /api/v1/health", Scope::SourcesRead, 200, 200),
        with_body(
            guard("POST /api/v1/datasources/test", Scope::SourcesWrite, 200, 403),
            source,
        ),
        guard(
            "POST /api/v1/datasources/{id}/test",
            Scope::SourcesWrite,
            200,
            404,
        ),
        with_body(
            guard("POST /api/v1/datasources", Scope::SourcesWrite, 201, 403),
            source,
        ),
        with_body(
            guard("PATCH /api/v1/datasources/{id}", Scope::SourcesWrite, 200, 404),
            rename,
        ),
        with_body(
            guard("PUT /api/v1/datasources/{id}", Scope::SourcesWrite, 200, 404),
            replace,
        ),
        guard("GET /api/v1/audit", Scope::AuditRead, 200, 200),
        guard("GET /metrics", Scope::MetricsRead, 200, 200),
        guard("GET /api/v1/apikeys", Scope::Admin, 200, 403),
        with_body(guard("POST /api/v1/apikeys", Scope::Admin, 201, 403), key),
        guard("DELETE /api/v1/apikeys/{id}", Scope::Admin, 404, 403),
        with_body(guard("POST /api/v1/roles", Scope::Admin, 201, 403), role),
        guard("GET /api/v1/roles", Scope::Admin, 200, 403),
        guard("GET /api/v1/roles/{name}", Scope::Admin, 200, 403),
        with_body(guard("PUT /api/v1/roles/{name}", Scope::Admin, 200, 403), change),
        guard("DELETE /api/v1/roles/{name}", Scope::Admin, 204, 403),
        guard("DELETE /api/v1/datasources/{id}", Scope::SourcesWrite, 204, 404),
        Guard {
            route: "GET /api/v1/drivers",
            scope: None,
            right: 200,
            elsewhere: 200,
            body: |_| Value::Null,
        },
    ]
}

/// The trials' tokens, in all the ways in which they can be wrong.
fn token(subject: &str, scopes: impl IntoIterator<Item = Scope>, sources: SourceGrant) -> TokenRequest {
    TokenRequest {
        subject: subject.to_owned(),
        scopes: scopes.into_iter().collect(),
        sources,
        ttl: Duration::from_secs(600),
        issuer: None,
        audience: Some("nexus".to_owned()),
    }
}

fn signed(secret: &str, request: &TokenRequest) -> Result<String, Failed> {
    Ok(mint(&Secret::new(secret), Algorithm::Hs256, request)?)
}

async fn every_route() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start_with(
        "auth.jwt.audience = \"nexus\"\nlimits.login_failures = 0\nfetch.replica = \"x\"\n",
    )
    .await?;
    let everything = signed(SECRET, &token("root", [Scope::Admin], SourceGrant::All))?;
    let mut made = database.source("the source");
    made["name"] = json!("the source");
    let request = gateway
        .bare_request(Method::POST, "/api/v1/datasources")
        .bearer_auth(&everything)
        .body(made.to_string());
    let source = gateway.answer(request).await?;
    let id = source.data()["id"]
        .as_str()
        .ok_or(source.text.clone())?
        .to_owned();
    let file = made["config"]["path"].as_str().unwrap_or_default().to_owned();

    let described = gateway
        .answer(gateway.bare_request(Method::GET, "/openapi.json"))
        .await?;
    let guards = guards();
    let mut listed: BTreeSet<&str> = guards.iter().map(|guard| guard.route).collect();
    for (route, is_guarded) in routes(&described.body) {
        let known = listed.remove(route.as_str());
        let is_public = PUBLIC.contains(&route.as_str());
        assert!(
            known != is_public,
            "{route} is to be listed once, as public or with what it needs"
        );
        assert_eq!(
            is_guarded, known,
            "{route}: what the description says of its security"
        );
    }
    assert!(listed.is_empty(), "not in the description: {listed:?}");

    for guard in &guards {
        let needed = guard.scope;
        // Everything but what is needed; `admin` would include it.
        let others = Scope::ALL
            .into_iter()
            .filter(|scope| Some(*scope) != needed && *scope != Scope::Admin);
        let scopes: Vec<Scope> = needed.into_iter().collect();
        let right = token("ann", scopes.clone(), SourceGrant::All);
        let expired = expired_token();
        let other_audience = TokenRequest {
            audience: Some("another".to_owned()),
            ..right.clone()
        };
        let mut cases = vec![
            ("no token", None, 401),
            ("expired", Some(expired), 401),
            (
                "a wrong signature",
                Some(signed("another secret of sufficient length", &right)?),
                401,
            ),
            ("a wrong audience", Some(signed(SECRET, &other_audience)?), 401),
        ];
        if needed.is_some() {
            let request = token("bob", others, SourceGrant::All);
            cases.push(("a wrong scope", Some(signed(SECRET, &request)?), 403));
        }
        let elsewhere = token("carl", scopes, SourceGrant::Only([DataSourceId::new()].into()));
        cases.push((
            "a wrong source",
            Some(signed(SECRET, &elsewhere)?),
            guard.elsewhere,
        ));
        cases.push(("the right one", Some(signed(SECRET, &right)?), guard.right));
        for (what, token, expected) in cases {
            let answer = gateway.answer(ask(&gateway, guard, &id, &file, token)?).await?;
            assert_eq!(
                answer.status, expected,
                "{} with {what}: {}",
                guard.route, answer.text
            );
        }
    }
    for route in PUBLIC {
        let (_, path) = route.split_once(' ').ok_or("a route")?;
        let answer = gateway.answer(gateway.bare_request(Method::GET, path)).await?;
        assert_eq!(answer.status, 200, "{route}");
    }
    Ok(())
}

/// Unknown, hidden and inactive sources cannot be told apart, byte by byte, wherever a source is named.
async fn hidden_is_absent() -> Outcome {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let hidden = gateway.register(&database).await?;
    let inactive = gateway.register(&database).await?;
    let status = json!({"status": "inactive"});
    gateway
        .send(
            Method::PATCH,
            &format!("/api/v1/datasources/{inactive}"),
            Some(&status),
        )
        .await?;
    let unknown = DataSourceId::new();
    let bearer = gateway.token(
        "query sources:read sources:write",
        SourceGrant::Only([inactive, unknown].into()),
    )?;
    for (method, path, body) in [
        (Method::POST, "/api/v1/query", json!({"sql": "SELECT 1"})),
        (Method::POST, "/api/v1/query/validate", json!({"sql": "SELECT 1"})),
        (Method::POST, "/api/v1/query/explain", json!({"sql": "SELECT 1"})),
        (Method::POST, "/api/v1/fetch", json!({"sql": "SELECT 1"})),
        (Method::GET, "/api/v1/datasources/{id}/schema", Value::Null),
    ] {
        let mut seen = BTreeSet::new();
        for id in [hidden, inactive, unknown] {
            let mut request = gateway
                .bare_request(method.clone(), &path.replace("{id}", &id.to_string()))
                .header("x-correlation-id", "the-same")
                .bearer_auth(&bearer);
            if let Value::Object(mut members) = body.clone() {
                members.insert("dataSourceId".to_owned(), json!(id.to_string()));
                request = request.body(Value::Object(members).to_string());
            }
            let mut answer = gateway.answer(request).await?;
            answer.body["timestamp"] = Value::Null;
            seen.insert(format!("{} {}", answer.status, answer.body));
        }
        assert_eq!(seen.len(), 1, "{path}: {seen:?}");
    }
    Ok(())
}

/// The routes of a description, and whether each asks for credentials.
fn routes(description: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let is_guarded = operation["security"]
                .as_array()
                .is_some_and(|list| !list.is_empty());
            found.push((format!("{} {path}", method.to_uppercase()), is_guarded));
        }
    }
    found
}

fn ask(
    gateway: &Gateway,
    guard: &Guard,
    id: &str,
    file: &str,
    token: Option<String>,
) -> Result<reqwest::RequestBuilder, Failed> {
    let (method, path) = guard.route.split_once(' ').ok_or("a route")?;
    let path = path
        .replace(
            "{id}",
            if path.contains("apikeys") {
                "0123456789abcdef"
            } else {
                id
            },
        )
        .replace("{name}", "matrix")
        .replace("{queryId}", &DataSourceId::new().to_string())
        .replace("{slug}", "x-y")
        .replace("{token}", "1");
    let mut request = gateway.bare_request(method.parse()?, &path);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let body = (guard.body)(id);
    if !body.is_null() {
        request = request.body(body.to_string().replace("{file}", file));
    }
    Ok(request)
}

/// A token that was good an hour ago.
fn expired_token() -> String {
    let past = crate::tokens::issuer::now() - 3600;
    let claims = json!({"sub": "ann", "exp": past, "aud": "nexus", "scope": "admin", "sources": ["*"]});
    crate::tokens::issuer::signed(&json!({"alg": "HS256"}), &claims)
}
