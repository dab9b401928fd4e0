//! NDJSON and CSV: the same rows as in the envelope, read by other people's programs, complete or recognisably not.

use std::process::Stdio;

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "formats::ndjson", ndjson);
    on_every_engine(trials, "formats::csv", csv);
    on_every_engine(trials, "formats::no_cap", no_cap);
    trials.simple("formats::late_failure", late_failure);
    trials.simple("formats::negotiation", negotiation);
    trials.simple("formats::compression", compression);
}

const ROWS: &str = "SELECT 1 AS id, 'Zoë, \"Q\"' AS name, CAST(1.50 AS DECIMAL(10,2)) AS price, NULL AS missing, '' AS blank \
     UNION ALL SELECT 2, 'two lines', CAST(2 AS DECIMAL(10,2)), NULL, ' x '";

/// A query's answer in the format `accept`.
async fn ask(
    gateway: &Gateway,
    source: DataSourceId,
    accept: &str,
    sql: &str,
    extra: Value,
) -> Result<(u16, String, String), Failed> {
    let mut body = json!({"dataSourceId": source.to_string(), "sql": sql});
    if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
        body.extend(extra);
    }
    let request = gateway
        .request(Method::POST, "/api/v1/query")?
        .header("Accept", accept);
    let answer = gateway.answer(request.body(body.to_string())).await?;
    let media = answer.headers["content-type"].to_str()?.to_owned();
    Ok((answer.status, media, answer.text))
}

fn lines(text: &str) -> Result<Vec<Value>, Failed> {
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn ndjson(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let envelope = gateway.query(source, ROWS, json!({})).await?;
        let (status, media, text) = ask(&gateway, source, "application/x-ndjson", ROWS, json!({})).await?;
        assert_eq!((status, media.as_str()), (200, "application/x-ndjson"), "{text}");
        let lines = lines(&text)?;
        assert_eq!(lines[0]["columns"], envelope.data()["columns"]);
        assert_eq!(json!(lines[1..lines.len() - 1]), envelope.data()["rows"]);
        let end = &lines[lines.len() - 1]["end"];
        assert_eq!(
            (&end["status"], &end["rowCount"]),
            (&json!("ok"), &json!(2)),
            "{text}"
        );
        let objects = json!({"rowFormat": "object", "limit": 1});
        let (_, _, text) = ask(&gateway, source, "application/x-ndjson", ROWS, objects).await?;
        let lines = self::lines(&text)?;
        assert_eq!(lines[1]["name"], "Zoë, \"Q\"");
        assert_eq!(
            (&lines[2]["end"]["status"], &lines[2]["end"]["truncatedBy"]),
            (&json!("truncated"), &json!("rows"))
        );
        let (status, media, text) = ask(
            &gateway,
            source,
            "application/x-ndjson",
            "SELECT * FROM nowhere",
            json!({}),
        )
        .await?;
        assert_eq!((status, media.as_str()), (422, "application/json"), "{text}");
        Ok(())
    })
}

fn csv(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let (status, media, text) = ask(&gateway, source, "text/csv", ROWS, json!({})).await?;
        assert_eq!(
            (status, media.split(';').next()),
            (200, Some("text/csv")),
            "{text}"
        );
        let script = "import csv, io, json, sys\n\
             print(json.dumps(list(csv.reader(io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')))))";
        let mut python = Command::new("python3")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        python
            .stdin
            .take()
            .ok_or("no standard input")?
            .write_all(text.as_bytes())
            .await?;
        let output = python.wait_with_output().await?;
        let read: Value = serde_json::from_slice(&output.stdout)?;
        // SQLite has no decimals in expressions: what it computes is binary, and shown as such.
        let prices = if database.engine() == Engine::Sqlite {
            ["1.5", "2.0"]
        } else {
            ["1.50", "2.00"]
        };
        let expected = json!([
            ["id", "name", "price", "missing", "blank"],
            ["1", "Zoë, \"Q\"", prices[0], "", ""],
            ["2", "two lines", prices[1], "", " x "],
        ]);
        assert_eq!(read, expected);
        assert!(text.contains(",\"\"\r\n"), "an empty text is not NULL: {text}");
        Ok(())
    })
}

/// Formats that flow have no row cap of their own.
fn no_cap(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let sql = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 150) \
                   SELECT a.n AS a, b.n AS b FROM d a, d b";
        for accept in ["application/x-ndjson", "text/csv"] {
            let (status, _, text) = ask(&gateway, source, accept, sql, json!({})).await?;
            let extra = if accept == "text/csv" { 1 } else { 2 };
            assert_eq!((status, text.lines().count()), (200, 22_500 + extra), "{accept}");
        }
        let (_, _, text) = ask(&gateway, source, "application/json", sql, json!({})).await?;
        let envelope: Value = serde_json::from_str(&text)?;
        assert_eq!(envelope["data"]["metadata"]["rowCount"], 1000);
        Ok(())
    })
}

/// A failure after the beginning: NDJSON says so in its end line, CSV breaks off.
async fn late_failure() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(Engine::Sqlite);
    let body = json!({"dataSourceId": source.to_string(), "sql": endless.sql, "timeoutMs": 300});
    let request = |accept: &str| {
        gateway
            .request(Method::POST, "/api/v1/query")
            .map(|request| request.header("Accept", accept).body(body.to_string()))
    };
    let answer = gateway.answer(request("application/x-ndjson")?).await?;
    assert_eq!(answer.status, 200);
    let last: Value = serde_json::from_str(answer.text.lines().last().unwrap_or_default())?;
    // The deadline or the byte limit, whichever comes first on this machine.
    let end = (
        last["end"]["status"].as_str(),
        last["end"]["code"].as_str(),
        last["end"]["truncatedBy"].as_str(),
    );
    let fine = end == (Some("error"), Some("TIMEOUT_ERROR"), None)
        || end == (Some("truncated"), None, Some("bytes"));
    assert!(fine, "{last}");
    let response = request("text/csv")?.send().await?;
    assert_eq!(response.status(), 200);
    let read = response.bytes().await;
    assert!(
        read.is_err() || end.2 == Some("bytes"),
        "a part of a CSV passed for the whole"
    );
    Ok(())
}

async fn negotiation() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    for (accept, media) in [
        ("", "application/json"),
        ("*/*", "application/json"),
        (
            "text/html, text/csv;q=0.5",
            "text/csv; charset=utf-8; header=present",
        ),
        ("application/x-ndjson, application/json", "application/x-ndjson"),
        ("image/png", "application/json"),
    ] {
        let (status, given, _) = ask(&gateway, source, accept, "SELECT 1", json!({})).await?;
        assert_eq!((status, given.as_str()), (200, media), "{accept}");
    }
    Ok(())
}

/// The same bytes, smaller on the way; unpacked by Python's own library.
async fn compression() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 20000) SELECT n, 'text' AS t FROM d";
    let (_, _, plain) = ask(&gateway, source, "text/csv", sql, json!({})).await?;
    let body = json!({"dataSourceId": source.to_string(), "sql": sql}).to_string();
    for encoding in ["gzip", "br", "zstd"] {
        let request = gateway
            .request(Method::POST, "/api/v1/query")?
            .header("Accept", "text/csv");
        let response = request
            .header("Accept-Encoding", encoding)
            .body(body.clone())
            .send()
            .await?;
        assert_eq!(response.headers()["content-encoding"], encoding);
        let packed = response.bytes().await?;
        assert!(
            packed.len() * 2 < plain.len(),
            "{encoding}: {} of {}",
            packed.len(),
            plain.len()
        );
        if encoding != "gzip" {
            continue;
        }
        let script = "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
        let mut python = Command::new("python3")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = python.stdin.take().ok_or("no standard input")?;
        let feeding = tokio::spawn(async move { stdin.write_all(&packed).await });
        let output = python.wait_with_output().await?;
        feeding.await??;
        assert!(
            output.stdout == plain.as_bytes(),
            "unpacked, it is something else"
        );
    }
    Ok(())
}
