//! The forms that a caller can choose, in every text format, and what columns tell about themselves.

use gateway_core::Engine;
use nexus_tests::{Database, Failed, Gateway, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::query::{BoxedOutcome, on_every_engine};

pub(super) fn register(trials: &mut Trials) {
    on_every_engine(trials, "types::forms", forms);
    on_every_engine(trials, "types::facts", facts);
    for (name, body) in [
        (
            "types::nested_forms",
            nested_forms as fn(Database) -> BoxedOutcome,
        ),
        ("types::odd_columns", odd_columns),
    ] {
        trials.engine(name, Engine::PostgreSql, move |server| {
            body(Database::Server(server))
        });
    }
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("types::catalogs", engine, |server| {
            catalogs(Database::Server(server))
        });
    }
}

/// The rows of an answer in the three formats, as they are written.
async fn ask(gateway: &Gateway, body: &Value) -> Result<[Vec<String>; 3], Failed> {
    let ask = async |accept: &str| -> Result<String, Failed> {
        let request = gateway
            .request(Method::POST, "/api/v1/query")?
            .header("Accept", accept);
        let answer = gateway.answer(request.body(body.to_string())).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Ok(answer.text)
    };
    let envelope = ask("application/json").await?;
    let (_, rows) = envelope.split_once("\"rows\":[").ok_or("no rows")?;
    let (rows, _) = rows.split_once("],\"metadata\"").ok_or("no metadata")?;
    let ndjson = ask("application/x-ndjson").await?;
    let lines: Vec<String> = ndjson.lines().map(str::to_owned).collect();
    let csv = ask("text/csv").await?;
    Ok([
        vec![rows.to_owned()],
        lines[1..lines.len() - 1].to_vec(),
        csv.split_terminator("\r\n").skip(1).map(str::to_owned).collect(),
    ])
}

fn forms(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let (blob, bytes) = match database.engine() {
            Engine::PostgreSql => ("bytea", "'\\x00ff10'"),
            _ => ("blob", "x'00ff10'"),
        };
        let values = |id: u32| format!("({id}, 9007199254740993, 1.1, {bytes}, NULL)");
        database
            .execute(&[
                "DROP TABLE IF EXISTS tt_forms",
                &format!("CREATE TABLE tt_forms (id integer, big bigint, price decimal(12,2), data {blob}, note varchar(9))"),
                &format!("INSERT INTO tt_forms VALUES {}, {}, {}", values(1), values(2), values(3)),
            ])
            .await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?.to_string();
        let sql = "SELECT id, big, price, data, note FROM tt_forms ORDER BY id";
        for row_format in ["array", "object"] {
            for numbers in ["exact", "native"] {
                for binary in ["base64", "hex"] {
                    for offset in [0_usize, 2, 3] {
                        let body = json!({"dataSourceId": source, "sql": sql, "rowFormat": row_format,
                            "numbers": numbers, "binary": binary, "offset": offset});
                        let bytes = if binary == "hex" { "00ff10" } else { "AP8Q" };
                        let quote = if numbers == "exact" { "\"" } else { "" };
                        let number = |digits: &str| format!("{quote}{digits}{quote}");
                        let (big, price) = (number("9007199254740993"), number("1.10"));
                        let wanted: Vec<u32> = (1..=3).skip(offset).collect();
                        let json: Vec<String> = wanted
                            .iter()
                            .map(|id| match row_format {
                                "array" => format!("[{id},{big},{price},\"{bytes}\",null]"),
                                _ => format!("{{\"id\":{id},\"big\":{big},\"price\":{price},\"data\":\"{bytes}\",\"note\":null}}"),
                            })
                            .collect();
                        let csv: Vec<String> = wanted
                            .iter()
                            .map(|id| format!("{id},9007199254740993,1.10,{bytes},"))
                            .collect();
                        let seen = ask(&gateway, &body).await?;
                        assert_eq!(seen, [vec![json.join(",")], json, csv], "{body}");
                    }
                }
            }
        }
        Ok(())
    })
}

/// Values inside arrays and composites take the chosen form too, whether they come in binary or in the server's words.
fn nested_forms(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        database
            .execute(&[
                "DROP SCHEMA IF EXISTS tn CASCADE",
                "CREATE SCHEMA tn",
                "CREATE TYPE tn.plain AS (big bigint, price numeric, data bytea)",
                "CREATE TYPE tn.worded AS (span int4range, big bigint, price numeric, data bytea)",
            ])
            .await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?.to_string();
        let sql = "SELECT ARRAY[9007199254740993] AS a, ARRAY[1.10, 'NaN', NULL] AS b, ARRAY['\\x00ff10'::bytea] AS c, \
             ROW(1, 1.10, '\\x00ff10')::tn.plain AS d, ARRAY[ROW('[1,2)', 1, 1.10, '\\x00ff10')::tn.worded] AS e";
        for (numbers, binary, expected) in [
            (
                "exact",
                "base64",
                r#"[["9007199254740993"],["1.10","NaN",null],["AP8Q"],{"big":"1","price":"1.10","data":"AP8Q"},[{"span":"[1,2)","big":"1","price":"1.10","data":"AP8Q"}]]"#,
            ),
            (
                "native",
                "hex",
                r#"[[9007199254740993],[1.10,"NaN",null],["00ff10"],{"big":1,"price":1.10,"data":"00ff10"},[{"span":"[1,2)","big":1,"price":1.10,"data":"00ff10"}]]"#,
            ),
        ] {
            let body = json!({"dataSourceId": source, "sql": sql, "numbers": numbers, "binary": binary});
            let [json, ndjson, csv] = ask(&gateway, &body).await?;
            assert_eq!((json[0].as_str(), ndjson[0].as_str()), (expected, expected));
            let cells: Vec<&serde_json::value::RawValue> = serde_json::from_str(expected)?;
            let quoted: Vec<String> = cells
                .iter()
                .map(|cell| match cell.get() {
                    text if text.contains(['"', ',']) => format!("\"{}\"", text.replace('"', "\"\"")),
                    text => text.to_owned(),
                })
                .collect();
            assert_eq!(csv, [quoted.join(",")]);
        }
        Ok(())
    })
}

/// Columns whose types have no values to store.
fn odd_columns(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        for (expression, standard, shown) in [
            ("ROW(1, 'a b', NULL)", "STRING", json!("(1,\"a b\",)")),
            ("ARRAY[ROW(1, 2), NULL]", "ARRAY", json!(["(1,2)", null])),
            ("NULL", "STRING", json!(null)),
            ("'text'", "STRING", json!("text")),
            (
                "'epoch'::timestamptz + interval '1 day'",
                "TIMESTAMP_TZ",
                json!("1970-01-02T00:00:00Z"),
            ),
            (
                "current_setting('server_version_num')::int > 0",
                "BOOLEAN",
                json!(true),
            ),
            (
                "array_agg(n) FROM generate_series(1, 0) AS s(n)",
                "ARRAY",
                json!(null),
            ),
            (
                "array_agg(ARRAY[n, n + 1]) FROM generate_series(1, 2) AS s(n)",
                "ARRAY",
                json!([[1, 2], [2, 3]]),
            ),
            ("count(*)", "BIGINT", json!("1")),
            (
                "sum(n) FROM generate_series(1::bigint, 2) AS s(n)",
                "DECIMAL",
                json!("3"),
            ),
        ] {
            let sql = format!("SELECT {expression}");
            let answer = gateway.query(source, &sql, json!({})).await?;
            let data = answer.data();
            let seen = (&data["columns"][0]["type"], &data["rows"][0][0]);
            assert_eq!(seen, (&json!(standard), &shown), "{sql}: {}", answer.text);
        }
        Ok(())
    })
}

/// What a column tells beside its name and types.
const FACTS: [&str; 6] = ["nullable", "precision", "scale", "length", "encoding", "table"];

fn facts(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let engine = database.engine();
        let (blob, moment) = match engine {
            Engine::PostgreSql => ("bytea", "timestamp(3)"),
            Engine::Sqlite => ("blob", "datetime"),
            _ => ("varbinary(10)", "datetime(3)"),
        };
        database
            .execute(&[
                "DROP TABLE IF EXISTS tt_facts",
                &format!(
                    "CREATE TABLE tt_facts (id integer NOT NULL PRIMARY KEY, price decimal(12,2), name varchar(20) NOT NULL, \
                     code char(3), seen {moment}, data {blob})"
                ),
                "INSERT INTO tt_facts (id, name) VALUES (1, 'a')",
            ])
            .await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let table = json!("tt_facts");
        let no = Value::Null;
        let (scale, bytes) = match engine {
            Engine::PostgreSql => (json!(3), no.clone()),
            Engine::Sqlite => (no.clone(), no.clone()),
            _ => (json!(3), json!(10)),
        };
        // Twice: the second time everything is known.
        for _ in 0..2 {
            let sql = "SELECT id, price, name, code, seen, data FROM tt_facts";
            let answer = gateway.query(source, sql, json!({})).await?;
            let seen: Vec<Vec<&Value>> = answer.data()["columns"]
                .as_array()
                .ok_or("no columns")?
                .iter()
                .map(|column| FACTS.iter().map(|fact| &column[*fact]).collect())
                .collect();
            let expected = json!([
                [false, no, no, no, no, table],
                [true, 12, 2, no, no, table],
                [false, no, no, 20, "utf8", table],
                [true, no, no, 3, "utf8", table],
                [true, no, scale, no, no, table],
                [true, no, no, bytes, "binary", table],
            ]);
            assert_eq!(json!(seen), expected, "{}", answer.text);
        }
        // What is declared NOT NULL can be NULL beside an outer join.
        let sql = "SELECT b.id, b.name FROM tt_facts a LEFT JOIN tt_facts b ON b.id = a.id + 1";
        let answer = gateway.query(source, sql, json!({})).await?;
        assert_eq!(answer.data()["rows"], json!([[null, null]]));
        assert_ne!(
            answer.data()["columns"][0]["nullable"],
            json!(false),
            "{}",
            answer.text
        );
        assert_eq!(answer.data()["columns"][0]["table"], table, "{}", answer.text);
        // What is computed has no table.
        let answer = gateway
            .query(source, "SELECT id + 1 AS more FROM tt_facts", json!({}))
            .await?;
        assert_eq!(answer.data()["columns"][0]["table"], no, "{}", answer.text);
        Ok(())
    })
}

/// The engines' own catalogs hold types that nobody thinks of.
async fn catalogs(database: Database) -> Result<(), Failed> {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&database).await?;
    let (list, whole_rows) = match database.engine() {
        Engine::PostgreSql => (
            "SELECT table_schema, table_name FROM information_schema.tables \
             WHERE table_schema IN ('pg_catalog', 'information_schema') ORDER BY 1, 2",
            true,
        ),
        _ => (
            "SELECT table_schema, table_name FROM information_schema.tables \
             WHERE lower(table_schema) = 'information_schema' ORDER BY 1, 2",
            false,
        ),
    };
    let tables = gateway.query(source, list, json!({})).await?;
    let (mut wrong, mut read) = (Vec::new(), 0);
    for table in tables.data()["rows"].as_array().ok_or("no tables")? {
        let name = format!(
            "{}.{}",
            table[0].as_str().unwrap_or_default(),
            table[1].as_str().unwrap_or_default()
        );
        let mut statements = vec![format!("SELECT * FROM {name} LIMIT 20")];
        if whole_rows {
            statements.push(format!("SELECT t FROM {name} AS t LIMIT 20"));
        }
        for sql in statements {
            let answer = gateway.query(source, &sql, json!({})).await?;
            match answer.status {
                200 => read += 1,
                // Not everything may be read, by the account or by anybody.
                _ if matches!(answer.code(), "QUERY_ERROR" | "INVALID_SQL") => {}
                _ => wrong.push(format!("{sql}: {}", answer.text)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 50, "only {read} could be read");
    Ok(())
}
