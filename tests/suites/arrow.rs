//! Arrow streams, as pyarrow and polars read them.

use bytes::Bytes;
use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials, python};
use reqwest::Method;
use serde_json::{Value, json};

use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "arrow::pyarrow", pyarrow);
    trials.simple("arrow::polars", polars);
    trials.simple("arrow::many_batches", many_batches);
    trials.simple("arrow::no_rows", no_rows);
    trials.simple("arrow::options", options);
    trials.engine("arrow::unrepresentable", Engine::PostgreSql, unrepresentable);
    trials.engine("arrow::zero_date", Engine::MySql, zero_date);
}

const MEDIA: &str = "application/vnd.apache.arrow.stream";

/// Prints the types of the fields and the rows; text for what JSON has no form for.
const PYARROW: &str = "
import datetime, decimal, json, pyarrow as pa, sys
table = pa.ipc.open_stream(sys.stdin.buffer).read_all()
table.validate(full=True)
def plain(value):
    if isinstance(value, bytes): return value.hex()
    if isinstance(value, (decimal.Decimal, datetime.date, datetime.time)): return str(value)
    return value
print(json.dumps({
    'types': {field.name: str(field.type) for field in table.schema},
    'native': {field.name: field.metadata[b'nexus.type'].decode() for field in table.schema},
    'rows': [[plain(value) for value in row.values()] for row in table.to_pylist()]}))
";

async fn ask(gateway: &Gateway, source: DataSourceId, sql: &str) -> Result<(u16, Bytes), Failed> {
    let body = json!({"dataSourceId": source.to_string(), "sql": sql}).to_string();
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let response = request.header("Accept", MEDIA).body(body).send().await?;
    let status = response.status().as_u16();
    if status == 200 {
        assert_eq!(response.headers()["content-type"], MEDIA);
    }
    Ok((status, response.bytes().await?))
}

async fn read(gateway: &Gateway, source: DataSourceId, sql: &str) -> Result<Value, Failed> {
    let (status, bytes) = ask(gateway, source, sql).await?;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    Ok(serde_json::from_slice(&python(PYARROW, &bytes).await?)?)
}

/// A column of a test table: its declaration, a value, the Arrow type, and the value as Python shows it.
type Case = (&'static str, &'static str, &'static str, Value);

fn cases(engine: Engine) -> Vec<Case> {
    let wide = "12345678901234567890123456789012345.123456789012345678901234567890";
    let mut cases: Vec<Case> = vec![
        ("integer", "-7", "int64", json!(-7)),
        (
            "bigint",
            "-9223372036854775807",
            "int64",
            json!(-9_223_372_036_854_775_807_i64),
        ),
        ("varchar(20)", "'Zoë'", "string", json!("Zoë")),
        ("double precision", "0.1", "double", json!(0.1)),
    ];
    match engine {
        Engine::Sqlite => cases.extend([
            // Any value may stand in these columns.
            ("decimal(12,2)", "1.5", "string", json!("1.50")),
            ("date", "'2026-01-31'", "string", json!("2026-01-31")),
            ("blob", "x'00ff'", "binary", json!("00ff")),
        ]),
        Engine::PostgreSql => cases.extend([
            ("numeric(12,2)", "-1.5", "decimal128(12, 2)", json!("-1.50")),
            ("numeric(65,30)", wide, "decimal256(65, 30)", json!(wide)),
            ("numeric", "1.50", "string", json!("1.50")),
            ("boolean", "true", "bool", json!(true)),
            ("real", "0.5", "float", json!(0.5)),
            ("date", "'2026-01-31'", "date32[day]", json!("2026-01-31")),
            ("time", "'23:59:59.5'", "time64[us]", json!("23:59:59.500000")),
            ("timetz", "'23:59:59+02'", "string", json!("23:59:59+02:00")),
            (
                "timestamp",
                "'1900-01-01 00:00:00.000001'",
                "timestamp[us]",
                json!("1900-01-01 00:00:00.000001"),
            ),
            (
                "timestamptz",
                "'2026-01-31 12:00:00+02'",
                "timestamp[us, tz=UTC]",
                json!("2026-01-31 10:00:00+00:00"),
            ),
            ("bytea", "'\\x00ff'", "binary", json!("00ff")),
            (
                "jsonb",
                "'{\"a\": 1.10}'",
                "extension<arrow.json>",
                json!("{\"a\": 1.10}"),
            ),
            ("int[]", "'{1,NULL}'", "extension<arrow.json>", json!("[1,null]")),
        ]),
        Engine::MySql | Engine::MariaDb | Engine::Oracle => cases.extend([
            ("decimal(12,2)", "-1.5", "decimal128(12, 2)", json!("-1.50")),
            ("decimal(65,30)", wide, "decimal256(65, 30)", json!(wide)),
            (
                "bigint unsigned",
                "18446744073709551615",
                "uint64",
                json!(18_446_744_073_709_551_615_u64),
            ),
            ("float", "0.5", "float", json!(0.5)),
            ("date", "'2026-01-31'", "date32[day]", json!("2026-01-31")),
            ("time(1)", "'-838:59:58.5'", "string", json!("-838:59:58.5")),
            (
                "datetime(6)",
                "'1900-01-01 00:00:00.000001'",
                "timestamp[us]",
                json!("1900-01-01 00:00:00.000001"),
            ),
            (
                "timestamp NULL",
                "'2026-01-31 10:00:00'",
                "timestamp[us, tz=UTC]",
                json!("2026-01-31 10:00:00+00:00"),
            ),
            ("blob", "x'00ff'", "binary", json!("00ff")),
        ]),
    }
    cases
}

fn pyarrow(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let cases = cases(database.engine());
        let table = format!("arrow_{}", DataSourceId::new().0.simple());
        let columns: Vec<String> = cases
            .iter()
            .enumerate()
            .map(|(index, case)| format!("c{index} {}", case.0))
            .collect();
        let values: Vec<&str> = cases.iter().map(|case| case.1).collect();
        let nulls = vec!["NULL"; cases.len()].join(",");
        database
            .execute(&[
                &format!("CREATE TABLE {table} ({})", columns.join(", ")),
                &format!("INSERT INTO {table} VALUES ({})", values.join(", ")),
                &format!("INSERT INTO {table} VALUES ({nulls})"),
            ])
            .await?;
        let answer = read(
            &gateway,
            source,
            &format!("SELECT * FROM {table} ORDER BY c0 IS NULL"),
        )
        .await?;
        for (index, (declared, _, expected, value)) in cases.iter().enumerate() {
            assert_eq!(answer["types"][format!("c{index}")], *expected, "{declared}");
            assert_eq!(answer["rows"][0][index], *value, "{declared}");
            assert_eq!(answer["rows"][1][index], Value::Null, "{declared}");
        }
        database.execute(&[&format!("DROP TABLE {table}")]).await
    })
}

/// polars wants names that differ.
async fn polars() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = "SELECT 1 AS n, 'a' AS n, NULL AS n_2 UNION ALL SELECT 2, 'b', NULL";
    let (status, bytes) = ask(&gateway, source, sql).await?;
    assert_eq!(status, 200);
    let script = "
import json, polars, sys
frame = polars.read_ipc_stream(sys.stdin.buffer)
print(json.dumps([frame.columns, frame.rows(), int(frame['n'].sum())]))";
    let read: Value = serde_json::from_slice(&python(script, &bytes).await?)?;
    assert_eq!(
        read,
        json!([["n", "n_3", "n_2"], [[1, "a", null], [2, "b", null]], 3])
    );
    Ok(())
}

async fn many_batches() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 200000) SELECT n, 'x' || n AS t FROM d";
    let (_, bytes) = ask(&gateway, source, sql).await?;
    let script = "
import pyarrow as pa, pyarrow.compute as pc, sys
reader = pa.ipc.open_stream(sys.stdin.buffer)
batches = list(reader)
table = pa.Table.from_batches(batches)
print(table.num_rows, pc.sum(table['n']), pc.min(table['n']), table['t'][199999], len(batches) > 1)";
    let read = python(script, &bytes).await?;
    assert_eq!(
        String::from_utf8_lossy(&read).trim(),
        "200000 20000100000 1 x200000 True"
    );
    let cut = python(
        "import pyarrow as pa, sys; pa.ipc.open_stream(sys.stdin.buffer).read_all()",
        &bytes[..bytes.len() / 2],
    )
    .await;
    assert!(cut.is_err(), "half a stream passed for the whole");
    Ok(())
}

async fn no_rows() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let answer = read(&gateway, source, "SELECT 1 AS n WHERE 1 = 0").await?;
    assert_eq!(answer["rows"], json!([]));
    assert_eq!(answer["native"].as_object().map(serde_json::Map::len), Some(1));
    Ok(())
}

/// What a caller may ask of rows holds here, too; what concerns text does not.
async fn options() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let sql = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 9) SELECT n, x'ff' AS b FROM d";
    let body = json!({"dataSourceId": source.to_string(), "sql": sql, "offset": 2, "limit": 3, "numbers": "native",
        "binary": "hex", "rowFormat": "object"});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let response = request
        .header("Accept", MEDIA)
        .body(body.to_string())
        .send()
        .await?;
    let answer: Value = serde_json::from_slice(&python(PYARROW, &response.bytes().await?).await?)?;
    assert_eq!(answer["rows"], json!([[3, "ff"], [4, "ff"], [5, "ff"]]));
    Ok(())
}

async fn refused(gateway: &Gateway, source: DataSourceId, sql: &str, value: &str) -> Outcome {
    let (status, bytes) = ask(gateway, source, sql).await?;
    let answer: Value = serde_json::from_slice(&bytes)?;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (422, &json!("QUERY_ERROR")),
        "{answer}"
    );
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(
        message.contains(value) && message.contains("column c"),
        "{message}"
    );
    Ok(())
}

/// What Arrow cannot hold is an error that says what to do, not another value.
async fn unrepresentable(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&Database::Server(server)).await?;
    for (sql, value) in [
        ("SELECT 'infinity'::timestamp AS c", "infinity"),
        ("SELECT '-infinity'::date AS c", "-infinity"),
        ("SELECT 'NaN'::numeric(10,2) AS c", "NaN"),
        ("SELECT '24:00:00'::time AS c", "24:00:00"),
    ] {
        refused(&gateway, source, sql, value).await?;
    }
    Ok(())
}

async fn zero_date(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let table = format!("arrow_{}", DataSourceId::new().0.simple());
    database
        .execute(&[
            &format!("CREATE TABLE {table} (c date)"),
            &format!("INSERT IGNORE INTO {table} VALUES ('0000-00-00')"),
        ])
        .await?;
    refused(&gateway, source, &format!("SELECT c FROM {table}"), "0000-00-00").await?;
    database.execute(&[&format!("DROP TABLE {table}")]).await
}
