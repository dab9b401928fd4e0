//! Which spans a request has, and what is in them.

use std::collections::BTreeMap;

use gateway_core::Engine;
use nexus_tests::{Collector, Database, Outcome, ReceivedSpan, Server, Transport, Trials};
use reqwest::Method;
use serde_json::json;

use super::{REQUEST, expect, told, traced};

const INTERNAL: i32 = 1;
const SERVER: i32 = 2;
const CLIENT: i32 = 3;

pub(super) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("tracing::tree", engine, |server: Server| async move {
            tree(Database::Server(server), Collector::http().await?, "").await
        });
        trials.engine("tracing::failures", engine, |server: Server| {
            failures(Database::Server(server))
        });
    }
    trials.simple("tracing::tree_over_http", || async {
        tree(Database::file()?, Collector::http().await?, "protocol = \"http\"").await
    });
    trials.simple("tracing::tree_over_grpc", || async {
        tree(Database::file()?, Collector::grpc().await?, "protocol = \"grpc\"").await
    });
    trials.simple("tracing::failures_of_sqlite", || async {
        failures(Database::file()?).await
    });
    trials.simple("tracing::other_routes", other_routes);
    trials.simple("tracing::versions", versions);
    trials.simple("tracing::secrets", secrets);
}

fn system(engine: Engine) -> &'static str {
    match engine {
        Engine::MySql => "mysql",
        Engine::MariaDb => "mariadb",
        Engine::PostgreSql => "postgresql",
        Engine::Oracle => "oracle.db",
        Engine::Sqlite => "sqlite",
    }
}

/// Every stage of a query, in its place, with what is known of it.
async fn tree(database: Database, collector: Collector, settings: &str) -> Outcome {
    let gateway = traced(&collector, &format!("{settings}\nservice_name = \"trial\"")).await?;
    let source = gateway.register(&database).await?;
    let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1 AS n UNION ALL SELECT 2"});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let answer = gateway
        .answer(
            request
                .header("X-Correlation-ID", "trial-1")
                .body(body.to_string()),
        )
        .await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let told = told(&answer.headers)?;
    let spans = collector.trace(&told, 7).await?;
    let request = &spans[REQUEST];
    assert_eq!(told, format!("00-{}-{}-01", request.trace, request.id));
    for (name, kind) in [
        (REQUEST, SERVER),
        ("authenticate", INTERNAL),
        ("approve", INTERNAL),
        ("admit", INTERNAL),
        ("acquire", INTERNAL),
        ("execute", CLIENT),
        ("stream", INTERNAL),
    ] {
        let span = &spans[name];
        assert_eq!((span.kind, span.is_error), (kind, false), "{span:?}");
        assert!(span.is_within(request), "{name}: {spans:#?}");
        let parent = if name == REQUEST { "" } else { &request.id };
        assert_eq!(span.parent, parent, "{name}");
        assert_eq!(span.service, "trial");
        assert!(!span.attributes.contains_key("error.type"), "{span:?}");
    }
    one_after_the_other(
        &spans,
        &["authenticate", "approve", "admit", "acquire", "execute"],
    );
    assert!(spans["execute"].started <= spans["stream"].started, "{spans:#?}");

    let port = gateway.url().rsplit_once(':').ok_or("no port")?.1;
    let query = answer.data()["metadata"]["queryId"].as_str().ok_or("no id")?;
    expect(
        request,
        &[
            ("http.request.method", "POST"),
            ("http.route", "/api/v1/query"),
            ("http.response.status_code", "200"),
            ("url.path", "/api/v1/query"),
            ("url.scheme", "http"),
            ("server.address", "127.0.0.1"),
            ("server.port", port),
            ("network.protocol.version", "1.1"),
            ("nexus.correlation_id", "trial-1"),
            ("nexus.source.id", &source.to_string()),
            ("nexus.query.id", query),
        ],
    );
    expect(
        &spans["execute"],
        &[
            ("db.system.name", system(database.engine())),
            ("db.operation.name", "SELECT"),
            ("db.response.returned_rows", "2"),
            ("nexus.source.id", &source.to_string()),
            ("nexus.query.id", query),
        ],
    );
    expect(&spans["authenticate"], &[("nexus.identified_by", "token")]);
    expect(&spans["acquire"], &[("nexus.session.is_new", "true")]);
    expect(&spans["stream"], &[("nexus.rows", "2")]);
    // The same ids are in the log.
    let log = gateway.stop().await?;
    let line = log
        .lines()
        .find(|line| line.contains("trial-1"))
        .ok_or("no line")?;
    assert!(
        line.contains(&format!("\"traceId\":\"{}\"", request.trace)),
        "{line}"
    );
    Ok(())
}

fn one_after_the_other(spans: &BTreeMap<String, ReceivedSpan>, names: &[&str]) {
    for pair in names.windows(2) {
        let (before, after) = (&spans[pair[0]], &spans[pair[1]]);
        assert!(before.ended <= after.started, "{pair:?}: {spans:#?}");
    }
}

/// A statement that is refused gets no further than the verdict, one that fails no further than the database.
async fn failures(database: Database) -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let source = gateway.register(&database).await?;

    let refused = gateway.query(source, "DELETE FROM t", json!({})).await?;
    assert_eq!(refused.code(), "INVALID_SQL", "{}", refused.text);
    let spans = collector.trace(&told(&refused.headers)?, 3).await?;
    expect(&spans["approve"], &[("error.type", "INVALID_SQL")]);
    assert!(spans["approve"].is_error && spans.contains_key("authenticate"));
    // The caller's failure is not the server's.
    let request = &spans[REQUEST];
    assert!(
        !request.is_error && !request.attributes.contains_key("error.type"),
        "{request:#?}"
    );
    expect(
        request,
        &[
            ("http.response.status_code", "403"),
            ("nexus.error.code", "INVALID_SQL"),
            ("nexus.source.id", &source.to_string()),
        ],
    );

    let sql = "SELECT nothing_of_that_name FROM nowhere_at_all";
    let failed = gateway.query(source, sql, json!({})).await?;
    assert_eq!(failed.code(), "QUERY_ERROR", "{}", failed.text);
    let spans = collector.trace(&told(&failed.headers)?, 6).await?;
    let execute = &spans["execute"];
    let error = &failed.body["error"];
    let status = error["sqlState"]
        .as_str()
        .or(error["nativeCode"].as_str())
        .ok_or("no code")?;
    expect(
        execute,
        &[("error.type", "QUERY_ERROR"), ("db.response.status_code", status)],
    );
    assert!(execute.is_error && !spans.contains_key("stream"), "{spans:#?}");
    assert!(
        !collector.has_heard("nowhere_at_all"),
        "what the database says is sent"
    );
    Ok(())
}

/// Whatever is asked, and whoever asks.
async fn other_routes() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let request = gateway.bare_request(Method::GET, "/nowhere/hunter2?key=hunter2");
    let answer = gateway.answer(request).await?;
    let spans = collector.trace(&told(&answer.headers)?, 2).await?;
    expect(
        &spans["GET"],
        &[
            ("http.response.status_code", "404"),
            ("http.request.method", "GET"),
        ],
    );
    assert!(!spans["authenticate"].is_error, "nobody has tried");
    let request = gateway.bare_request(Method::from_bytes(b"HUNTER2")?, "/health/live");
    let answer = gateway.answer(request).await?;
    let told_by = told(&answer.headers)?;
    let method = collector
        .until(|spans| {
            let mut spans = spans.iter();
            let span = spans.find(|span| told_by.contains(&span.id))?;
            Some(span.attribute("http.request.method").to_owned())
        })
        .await?;
    assert_eq!(method, "_OTHER");
    let request = gateway
        .bare_request(Method::GET, "/api/v1/datasources")
        .bearer_auth("hunter2");
    let answer = gateway.answer(request).await?;
    assert_eq!(answer.status, 401);
    let spans = collector.trace(&told(&answer.headers)?, 2).await?;
    expect(&spans["authenticate"], &[("error.type", "UNAUTHORIZED")]);
    assert!(!spans["authenticate"].attribute("nexus.refusal").is_empty());

    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let path = format!("/api/v1/datasources/{source}/schema?depth=schemas");
    let answer = gateway.send(Method::GET, &path, None).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let spans = collector.trace(&told(&answer.headers)?, 4).await?;
    expect(&spans["execute"], &[("nexus.source.id", &source.to_string())]);
    assert!(!collector.has_heard("hunter2") && !collector.has_heard("HUNTER2"));
    Ok(())
}

/// Over every version of HTTP, in the clear and not.
async fn versions() -> Outcome {
    for transport in Transport::ALL {
        let collector = Collector::http().await?;
        let settings = format!("[tracing]\nendpoint = \"{}\"", collector.url());
        let gateway = nexus_tests::Gateway::start_over(transport, &settings).await?;
        let answer = gateway.send(Method::GET, "/api/v1/drivers", None).await?;
        let spans = collector.trace(&told(&answer.headers)?, 2).await?;
        let request = &spans["GET /api/v1/drivers"];
        let scheme = gateway.url().split(':').next().unwrap_or_default();
        let version = if format!("{transport}").contains('2') {
            "2"
        } else {
            "1.1"
        };
        expect(
            request,
            &[("url.scheme", scheme), ("network.protocol.version", version)],
        );
        let host = reqwest::Url::parse(gateway.url())?.host_str().map(str::to_owned);
        assert_eq!(Some(request.attribute("server.address")), host.as_deref());
    }
    Ok(())
}

/// Of what callers and operators keep to themselves nothing is sent.
async fn secrets() -> Outcome {
    let collector = Collector::grpc().await?;
    let settings = "protocol = \"grpc\"\nheaders = \"x-collector-key: the-collectors-own\"";
    let gateway = traced(&collector, settings).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let planted = json!({"parameters": {"p": "planted-parameter"}});
    let sql = "SELECT 'planted-literal' AS planted_column WHERE 'planted-parameter' = :p";
    let answer = gateway.query(source, sql, planted).await?;
    assert_eq!(
        answer.data()["rows"],
        json!([["planted-literal"]]),
        "{}",
        answer.text
    );
    // A password in the body of a source, a token that is not accepted, a key in a query string.
    let draft = json!({"name": "planted", "type": "postgresql", "config": {
        "host": "127.0.0.1", "port": 1, "database": "planted-database", "username": "planted-user",
        "password": "planted-password"}});
    let created = gateway
        .send(Method::POST, "/api/v1/datasources", Some(&draft))
        .await?;
    assert_eq!(created.status, 201, "{}", created.text);
    let id = created.data()["id"].as_str().ok_or("no id")?.parse()?;
    let unreachable = gateway.query(id, "SELECT 'planted-literal'", json!({})).await?;
    assert_eq!(unreachable.code(), "CONNECTION_ERROR", "{}", unreachable.text);
    let token = gateway.bare_request(Method::GET, "/api/v1/drivers?access_token=planted-query");
    let refused = gateway.answer(token.bearer_auth("planted-token")).await?;
    let spans = collector.trace(&told(&unreachable.headers)?, 5).await?;
    expect(&spans["acquire"], &[("error.type", "CONNECTION_ERROR")]);
    assert!(spans[REQUEST].is_error, "{spans:#?}");
    collector.trace(&told(&answer.headers)?, 7).await?;
    collector.trace(&told(&refused.headers)?, 2).await?;
    assert!(
        collector.has_heard("the-collectors-own"),
        "the collector's key was not sent"
    );
    assert!(!collector.has_heard("planted"), "something planted is sent");
    assert!(!gateway.stop().await?.contains("the-collectors-own"));
    Ok(())
}
