//! NDJSON and CSV: the same rows as in the envelope, read by other people's programs, complete or recognisably not.

use bytes::Bytes;
use futures_util::SinkExt;
use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials, pipe, python};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "formats::ndjson", ndjson);
    on_every_engine(trials, "formats::csv", csv);
    on_every_engine(trials, "formats::no_cap", no_cap);
    trials.simple("formats::late_failure", late_failure);
    trials.simple("formats::deadline", deadline);
    trials.simple("formats::jq", jq);
    trials.engine("formats::copied", Engine::PostgreSql, copied);
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
        let read: Value = serde_json::from_slice(&python(script, text.as_bytes()).await?)?;
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

/// What happens after the beginning: NDJSON says it in its end line, the others break off.
async fn late_failure() -> Outcome {
    let gateway = Gateway::start_with("[query]\nmax_bytes = 200000\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(Engine::Sqlite);
    // The text becomes a number too large for an integer in a row that comes late.
    let failing = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 9000) \
                   SELECT n, abs(CASE n WHEN 9000 THEN -9223372036854775808 ELSE n END) AS a FROM d";
    for (sql, timeout, end) in [
        (failing, 30_000, json!(["error", "QUERY_ERROR", null])),
        (endless.sql.as_str(), 30_000, json!(["truncated", null, "bytes"])),
    ] {
        let extra = json!({"timeoutMs": timeout});
        let (status, _, text) = ask(&gateway, source, "application/x-ndjson", sql, extra.clone()).await?;
        let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
        let last = &last["end"];
        assert_eq!(status, 200);
        assert_eq!(json!([last["status"], last["code"], last["truncatedBy"]]), end);
        for accept in ["text/csv", "application/vnd.apache.arrow.stream"] {
            let body = json!({"dataSourceId": source.to_string(), "sql": sql, "timeoutMs": timeout});
            let request = gateway.request(Method::POST, "/api/v1/query")?;
            let response = request
                .header("Accept", accept)
                .body(body.to_string())
                .send()
                .await?;
            // Arrow gathers more before it sends, so the failure may still get its own status.
            let complete = response.status() == 200 && response.bytes().await.is_ok();
            assert!(!complete, "a part of {accept} passed for the whole: {sql}");
        }
    }
    Ok(())
}

/// At the deadline the rows that came in time are kept where the format can say so.
async fn deadline() -> Outcome {
    let gateway = Gateway::start_with("[query]\nmax_bytes = 4000000000\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(Engine::Sqlite);
    let extra = json!({"timeoutMs": 2500});
    let (status, _, text) = ask(
        &gateway,
        source,
        "application/x-ndjson",
        &endless.sql,
        extra.clone(),
    )
    .await?;
    let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
    assert_eq!(status, 200, "{last}");
    // A reader that lags behind at the deadline, as on a machine with much else to do, is told of the deadline instead.
    if last["end"]["code"] != "TIMEOUT_ERROR" {
        assert_eq!(
            (&last["end"]["status"], &last["end"]["truncatedBy"]),
            (&json!("truncated"), &json!("time"))
        );
        assert_eq!(json!(text.lines().count() - 2), last["end"]["rowCount"]);
    }
    let silent = Endless::waiting(Engine::Sqlite);
    for accept in ["application/x-ndjson", "text/csv", "application/json"] {
        let (status, _, text) = ask(&gateway, source, accept, &silent.sql, extra.clone()).await?;
        assert_eq!(status, 504, "{accept}: {text}");
    }
    Ok(())
}

/// NDJSON as jq reads it.
async fn jq() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let (_, _, text) = ask(&gateway, source, "application/x-ndjson", ROWS, json!({})).await?;
    let filter = "if type == \"array\" then .[1] elif .columns then (.columns | map(.name) | join(\",\")) else .end.rowCount end";
    let read = pipe("jq", &["-c", filter], text.as_bytes()).await?;
    let expected = "\"id,name,price,missing,blank\"\n\"Zoë, \\\"Q\\\"\"\n\"two lines\"\n2\n";
    assert_eq!(String::from_utf8_lossy(&read), expected);
    Ok(())
}

/// CSV as PostgreSQL's COPY reads it: NULL and the empty text stay apart.
async fn copied(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::Server(server.clone());
    let source = gateway.register(&database).await?;
    let (_, _, text) = ask(&gateway, source, "text/csv", ROWS, json!({})).await?;
    let (client, connection) = tokio_postgres::connect(&server.admin_url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    client
        .batch_execute(
            "CREATE TEMP TABLE copied (id int, name text, price numeric, missing text, blank text)",
        )
        .await?;
    let sink = client
        .copy_in("COPY copied FROM STDIN (FORMAT csv, HEADER)")
        .await?;
    let mut sink = std::pin::pin!(sink);
    sink.send(Bytes::from(text)).await?;
    sink.close().await?;
    let same = format!(
        "SELECT count(*) FROM copied c JOIN ({ROWS}) r ON (c.id, c.name, c.price, c.blank) = (r.id, r.name, r.price, r.blank) \
         AND c.missing IS NULL AND r.missing IS NULL"
    );
    assert_eq!(client.query_one(&same, &[]).await?.get::<_, i64>(0), 2);
    drop(client);
    connection.await??;
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
        let unpacked = python(script, &packed).await?;
        assert!(unpacked == plain.as_bytes(), "unpacked, it is something else");
    }
    Ok(())
}
