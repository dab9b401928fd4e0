//! The line that each request leaves in the log.

use gateway_core::DataSourceId;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::metrics::{ENDLESS, flowing};
use crate::replicas::until_seen;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("log_lines::answers_in_one_piece", in_one_piece);
    trials.simple("log_lines::answers_that_flow", flows);
}

/// The lines of requests so far.
fn lines(gateway: &Gateway) -> Vec<Value> {
    let log = gateway.log();
    let all = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    all.filter(|line| line["route"] == "/api/v1/query").collect()
}

/// The line that follows on `before` others.
async fn next_line(gateway: &Gateway, before: usize) -> Result<Value, Failed> {
    until_seen(async || {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        Ok(lines(gateway).len() > before)
    })
    .await?;
    let found = lines(gateway);
    assert_eq!(found.len(), before + 1, "{found:?}");
    Ok(found[before].clone())
}

fn check(line: &Value, source: DataSourceId, code: &str, rows: &Value) {
    assert_eq!(
        (
            &line["code"],
            &line["rows"],
            &line["dataSourceId"],
            &line["principal"]
        ),
        (&json!(code), rows, &json!(source.to_string()), &json!("tester")),
        "{line}"
    );
    assert!(
        line["ms"].is_number() && line["correlationId"].is_string(),
        "{line}"
    );
}

async fn in_one_piece() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let many = json!({"limit": 10, "offset": 100_000_000_000_u64, "timeoutMs": 100});
    for (number, (sql, extra, code, rows, message)) in [
        (
            "SELECT 1 UNION ALL SELECT 2",
            json!({}),
            "OK",
            json!(2),
            "request",
        ),
        (
            "DELETE FROM t",
            json!({}),
            "INVALID_SQL",
            Value::Null,
            "request refused",
        ),
        (
            "SELECT * FROM nowhere",
            json!({}),
            "QUERY_ERROR",
            Value::Null,
            "request refused",
        ),
        (ENDLESS, many, "TIMEOUT_ERROR", Value::Null, "request refused"),
    ]
    .into_iter()
    .enumerate()
    {
        gateway.query(source, sql, extra).await?;
        let line = next_line(&gateway, number).await?;
        check(&line, source, code, &rows);
        assert_eq!(line["msg"], message, "{line}");
    }
    let body = json!({"dataSourceId": source.to_string()});
    gateway.send(Method::POST, "/api/v1/query", Some(&body)).await?;
    let line = next_line(&gateway, 4).await?;
    assert_eq!(
        (&line["code"], &line["status"]),
        (&json!("INVALID_REQUEST"), &json!(400)),
        "{line}"
    );
    Ok(())
}

/// The line comes when the answer is over, not when it begins.
async fn flows() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let counted =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT i FROM n";
    let body = json!({"dataSourceId": source.to_string(), "sql": counted}).to_string();
    let request = gateway
        .request(Method::POST, "/api/v1/query")?
        .header("accept", "text/csv")
        .body(body);
    assert_eq!(gateway.answer(request).await?.status, 200);
    check(&next_line(&gateway, 0).await?, source, "OK", &json!(50_000));

    let mut left = flowing(&gateway, source, "application/x-ndjson", None).await?;
    assert!(left.chunk().await?.is_some());
    assert_eq!(lines(&gateway).len(), 1);
    drop(left);
    check(
        &next_line(&gateway, 1).await?,
        source,
        "QUERY_CANCELLED",
        &Value::Null,
    );

    let broken = flowing(&gateway, source, "text/csv", Some(300)).await?;
    assert!(broken.bytes().await.is_err());
    let line = next_line(&gateway, 2).await?;
    check(&line, source, "TIMEOUT_ERROR", &line["rows"]);
    assert_eq!(line["msg"], "request refused", "{line}");
    Ok(())
}
