//! When a request's span ends, and as what.

use std::time::{Duration, Instant};

use gateway_core::Engine;
use nexus_tests::{Collector, Database, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

use super::{REQUEST, expect, told, traced};
use crate::endless::Endless;

pub(super) fn register(trials: &mut Trials) {
    trials.simple("tracing::cancelled", cancelled);
    trials.simple("tracing::stream", stream);
    trials.simple("tracing::broken_stream", broken_stream);
    trials.simple("tracing::pages", pages);
}

/// A query that somebody cancels ends as cancelled, in time.
async fn cancelled() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = Endless::waiting(Engine::Sqlite).sql;
    let query = gateway.query(source, &sql, json!({"timeoutMs": 300_000}));
    let cancel = async {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not run");
            let running = gateway.send(Method::GET, "/api/v1/queries", None).await?;
            if let Some(id) = running.data()["items"][0]["queryId"].as_str() {
                let path = format!("/api/v1/queries/{id}");
                return gateway.send(Method::DELETE, &path, None).await;
            }
        }
    };
    let (answer, cancel) = tokio::try_join!(query, cancel)?;
    assert_eq!(
        (answer.code(), cancel.status),
        ("QUERY_CANCELLED", 202),
        "{}",
        cancel.text
    );
    let spans = collector.trace(&told(&answer.headers)?, 6).await?;
    expect(&spans["execute"], &[("error.type", "QUERY_CANCELLED")]);
    expect(&spans[REQUEST], &[("http.response.status_code", "499")]);
    Ok(())
}

const TALL: &str =
    "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 1000000) SELECT n FROM d";

/// The request lasts until its body ends.
async fn stream() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let body = json!({"dataSourceId": source.to_string(), "sql": TALL});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let request = request
        .header("Accept", "application/x-ndjson")
        .body(body.to_string());
    let mut response = request.send().await?;
    let told = told(response.headers())?;
    response.chunk().await?.ok_or("no beginning")?;
    // What came before is over, and its spans have come; the request is not.
    let approve = collector
        .until(|spans| {
            spans
                .iter()
                .find(|span| told.contains(&span.trace) && span.name == "approve")
                .cloned()
        })
        .await?;
    let is_over = collector
        .spans()
        .iter()
        .any(|span| told.contains(&span.trace) && [REQUEST, "stream"].contains(&&*span.name));
    assert!(!is_over, "the span ends before the body");
    while response.chunk().await?.is_some() {}
    let spans = collector.trace(&told, 7).await?;
    let (request, stream) = (&spans[REQUEST], &spans["stream"]);
    assert!(
        approve.is_within(request) && stream.is_within(request),
        "{spans:#?}"
    );
    assert!(!request.is_error && !stream.is_error);
    expect(stream, &[("nexus.rows", "1000000")]);
    Ok(())
}

/// A body that breaks off after it had begun well is an error of the request, and so is a client that leaves.
async fn broken_stream() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = Endless::flowing(Engine::Sqlite).sql;
    let body = json!({"dataSourceId": source.to_string(), "sql": sql, "timeoutMs": 500});
    let ask = |body: &serde_json::Value| {
        let request = gateway.request(Method::POST, "/api/v1/query")?;
        Ok::<_, nexus_tests::Failed>(request.header("Accept", "text/csv").body(body.to_string()))
    };
    let response = ask(&body)?.send().await?;
    let broken = told(response.headers())?;
    assert!(response.bytes().await.is_err(), "a part passed for the whole");
    let spans = collector.trace(&broken, 7).await?;
    for name in [REQUEST, "stream"] {
        assert!(spans[name].is_error, "{name}: {spans:#?}");
        expect(&spans[name], &[("error.type", "TIMEOUT_ERROR")]);
    }
    expect(&spans[REQUEST], &[("http.response.status_code", "200")]);

    let body = json!({"dataSourceId": source.to_string(), "sql": sql, "timeoutMs": 300_000});
    let mut response = ask(&body)?.send().await?;
    let left = told(response.headers())?;
    response.chunk().await?.ok_or("no beginning")?;
    drop(response);
    let spans = collector.trace(&left, 7).await?;
    for name in [REQUEST, "stream", "execute"] {
        expect(&spans[name], &[("error.type", "QUERY_CANCELLED")]);
    }
    Ok(())
}

/// The address of a page is a secret; a held query is a part of the request that began it.
async fn pages() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let body =
        json!({"dataSourceId": source.to_string(), "sql": "SELECT 1 AS n UNION ALL SELECT 2", "limit": 1});
    let first = gateway.send(Method::POST, "/api/v1/fetch", Some(&body)).await?;
    let next = first.data()["nextUri"].as_str().ok_or("no next page")?.to_owned();
    let slug = next.rsplit('/').nth(1).ok_or("no slug")?.to_owned();
    let path = &next[next.find("/api").ok_or("no path")?..];
    let second = gateway.send(Method::GET, path, None).await?;
    assert_eq!(second.data()["rows"], json!([["2"]]), "{}", second.text);
    let spans = collector.trace(&told(&first.headers)?, 7).await?;
    expect(&spans["stream"], &[("nexus.rows", "2")]);
    let name = "GET /api/v1/fetch/{queryId}/{slug}/{token}";
    let spans = collector.trace(&told(&second.headers)?, 2).await?;
    assert!(!spans[name].attributes.contains_key("url.path"), "{spans:#?}");
    assert!(!collector.has_heard(&slug), "the read's secret is sent");
    Ok(())
}
