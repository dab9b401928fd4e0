//! The main job: one statement, any engine, the same answer.

use gateway_core::Engine;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use serde_json::{Value, json};

use crate::endless::Endless;

pub(crate) fn register(trials: &mut Trials) {
    for (name, body) in [
        ("query::same_answer", same_answer as fn(Database) -> BoxedOutcome),
        ("query::placeholders", placeholders),
        ("query::truncation", truncation),
        ("query::refusals", refusals),
        ("query::deadline", deadline),
    ] {
        on_every_engine(trials, name, body);
    }
}

pub(crate) type BoxedOutcome = std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Registers a trial four times: on the real servers, and on a SQLite file.
pub(crate) fn on_every_engine(trials: &mut Trials, name: &str, body: fn(Database) -> BoxedOutcome) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine(name, engine, move |server| body(Database::Server(server)));
    }
    trials.simple(&format!("{name}::sqlite"), move || async move {
        body(Database::file()?).await
    });
}

/// What is declared alike in every engine's own words.
fn create(table: &str, engine: Engine) -> String {
    let (timestamp, double, blob) = match engine {
        Engine::PostgreSql => ("timestamp(0)", "double precision", "bytea"),
        Engine::Sqlite => ("timestamp", "double", "blob"),
        Engine::MySql | Engine::MariaDb | Engine::Oracle => ("datetime", "double", "blob"),
    };
    format!(
        "CREATE TABLE {table} (id integer PRIMARY KEY, big bigint, name varchar(40), price decimal(12,2), \
         ratio {double}, day date, seen {timestamp}, data {blob})"
    )
}

fn rows(engine: Engine) -> [String; 2] {
    let bytes = if engine == Engine::PostgreSql {
        "'\\x00ff10'"
    } else {
        "x'00ff10'"
    };
    [
        format!(
            "(1, 9007199254740993, 'Zoë \"Q\" O''Neil', 1234567890.10, 0.1, '2026-01-31', '2026-01-31 12:34:56', {bytes})"
        ),
        "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)".to_owned(),
    ]
}

/// A table called `table` with one row of values and one of NULLs.
pub(crate) async fn prepare(database: &Database, table: &str) -> Result<(), Failed> {
    let engine = database.engine();
    let [one, two] = rows(engine);
    database
        .execute(&[
            &format!("DROP TABLE IF EXISTS {table}"),
            &create(table, engine),
            &format!("INSERT INTO {table} VALUES {one}, {two}"),
        ])
        .await
}

fn same_answer(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        prepare(&database, "same_answer").await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let sql = "SELECT id, big, name, price, ratio, day, seen, data, count(*) OVER () AS n, :note AS note \
                   FROM same_answer WHERE id IN (:ids) AND (name = :name OR name IS NULL) ORDER BY id";
        let parameters = json!({"ids": [1, 2, 3], "name": "Zoë \"Q\" O'Neil", "note": "ü"});
        let answer = gateway
            .query(source, sql, json!({"parameters": parameters}))
            .await?;
        let expected = json!([
            [
                1,
                "9007199254740993",
                "Zoë \"Q\" O'Neil",
                "1234567890.10",
                0.1,
                "2026-01-31",
                "2026-01-31T12:34:56",
                "AP8Q",
                "2",
                "ü"
            ],
            [2, null, null, null, null, null, null, null, "2", "ü"],
        ]);
        assert_eq!(answer.data()["rows"], expected, "{}", answer.text);
        let types: Vec<&str> = column_values(&answer.data()["columns"], "type");
        let standard = [
            "INTEGER",
            "BIGINT",
            "STRING",
            "DECIMAL",
            "DOUBLE",
            "DATE",
            "TIMESTAMP",
            "BINARY",
            "BIGINT",
            "STRING",
        ];
        assert_eq!(types, standard);
        let metadata = &answer.data()["metadata"];
        assert_eq!(
            (&metadata["rowCount"], &metadata["truncated"]),
            (&json!(2), &json!(false))
        );
        assert_eq!(metadata["databaseType"], database.engine().as_str());
        assert_eq!(
            answer.body["correlationId"],
            answer.headers["x-correlation-id"].to_str()?
        );
        let native = gateway
            .query(
                source,
                "SELECT big, price FROM same_answer WHERE id = ?",
                json!({"parameters": [1], "numbers": "native", "rowFormat": "object"}),
            )
            .await?;
        assert!(
            native
                .text
                .contains(r#"{"big":9007199254740993,"price":1234567890.10}"#),
            "{}",
            native.text
        );
        Ok(())
    })
}

fn column_values<'a>(columns: &'a Value, field: &str) -> Vec<&'a str> {
    columns
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column[field].as_str().unwrap())
        .collect()
}

fn placeholders(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        prepare(&database, "placeholders").await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let by = "SELECT id FROM placeholders WHERE";
        for (condition, parameters) in [
            ("id = ?", json!([1])),
            ("id = $1", json!([1])),
            ("id = :id", json!({"id": 1})),
            ("id IN (:ids)", json!({"ids": [1, 7]})),
            ("price = :p", json!({"p": 1_234_567_890.1_f64})),
            (
                "price = :p",
                json!({"p": {"type": "decimal", "value": "1234567890.10"}}),
            ),
            ("day = :d", json!({"d": {"type": "date", "value": "2026-01-31"}})),
            ("day = :d", json!({"d": "2026-01-31"})),
            (
                "seen = :t",
                json!({"t": {"type": "timestamp", "value": "2026-01-31T12:34:56"}}),
            ),
            (
                "name = :n AND ':n' = ':n' /* :n */",
                json!({"n": "Zoë \"Q\" O'Neil"}),
            ),
            (
                "big = :b",
                json!({"b": {"type": "int64", "value": "9007199254740993"}}),
            ),
            ("id = $1 AND 1 = $1", json!([1])),
        ] {
            let answer = gateway
                .query(
                    source,
                    &format!("{by} {condition}"),
                    json!({"parameters": parameters}),
                )
                .await?;
            assert_eq!(
                answer.data()["rows"],
                json!([[1]]),
                "{condition}: {}",
                answer.text
            );
        }
        for (condition, parameters, named) in [
            ("id = ?", json!([]), "positional"),
            ("id = ?", json!([1, 2]), "positional"),
            ("id = :id", json!({}), "id"),
            ("id = :id", json!({"id": 1, "extra": 2}), "extra"),
            ("id = :id", json!([1]), "object"),
            ("id IN (:ids)", json!({"ids": []}), "ids"),
            ("day = :d", json!({"d": {"type": "date", "value": "soon"}}), "d"),
        ] {
            let answer = gateway
                .query(
                    source,
                    &format!("{by} {condition}"),
                    json!({"parameters": parameters}),
                )
                .await?;
            assert_eq!(
                (answer.status, answer.code()),
                (422, "VALIDATION_ERROR"),
                "{condition}: {}",
                answer.text
            );
            assert!(answer.text.contains(named), "{condition}: {}", answer.text);
        }
        Ok(())
    })
}

fn truncation(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        prepare(&database, "truncation").await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        for (sql, extra, rows, truncated) in [
            (
                "SELECT id FROM truncation ORDER BY id",
                json!({"limit": 1}),
                json!([[1]]),
                true,
            ),
            (
                "SELECT id FROM truncation ORDER BY id -- all",
                json!({"limit": 2}),
                json!([[1], [2]]),
                false,
            ),
            (
                "SELECT id FROM truncation ORDER BY id;",
                json!({"limit": 3}),
                json!([[1], [2]]),
                false,
            ),
            (
                "SELECT id FROM truncation ORDER BY id",
                json!({"limit": 1, "offset": 1}),
                json!([[2]]),
                false,
            ),
            (
                "SELECT id FROM truncation ORDER BY id",
                json!({"offset": 5}),
                json!([]),
                false,
            ),
            // A limit of the statement's own, above and below the caller's.
            (
                "SELECT id FROM truncation ORDER BY id LIMIT 2",
                json!({"limit": 1}),
                json!([[1]]),
                true,
            ),
            (
                "SELECT id FROM truncation ORDER BY id LIMIT 1",
                json!({"limit": 2}),
                json!([[1]]),
                false,
            ),
        ] {
            let answer = gateway.query(source, sql, extra.clone()).await?;
            let data = answer.data();
            let seen = (&data["rows"], &data["metadata"]["truncated"]);
            assert_eq!(seen, (&rows, &json!(truncated)), "{sql} {extra}: {}", answer.text);
        }
        // The session behind each of them was returned or replaced: the pool still works.
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        Ok(())
    })
}

fn refusals(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        prepare(&database, "refusals").await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        for (sql, status, code) in [
            ("DELETE FROM refusals", 403, "INVALID_SQL"),
            ("UPDATE refusals SET id = 3", 403, "INVALID_SQL"),
            ("DROP TABLE refusals", 403, "INVALID_SQL"),
            ("SELECT 1; SELECT 2", 403, "INVALID_SQL"),
            ("SELEC 1", 400, "SQL_SYNTAX_ERROR"),
            ("SELECT FROM WHERE", 400, "SQL_SYNTAX_ERROR"),
            ("SELECT nowhere FROM refusals", 422, "QUERY_ERROR"),
            ("SELECT 1 FROM no_such_table", 422, "QUERY_ERROR"),
        ] {
            let answer = gateway.query(source, sql, json!({})).await?;
            assert_eq!(
                (answer.status, answer.code()),
                (status, code),
                "{sql}: {}",
                answer.text
            );
        }
        let answer = gateway
            .query(source, "SELECT id,\n nowhere FROM refusals", json!({}))
            .await?;
        if database.engine() == Engine::PostgreSql || database.engine() == Engine::Sqlite {
            assert_eq!(
                answer.body["error"]["position"],
                json!({"line": 2, "column": 2}),
                "{}",
                answer.text
            );
        }
        let kept = gateway
            .query(source, "SELECT count(*) FROM refusals", json!({}))
            .await?;
        assert_eq!(kept.data()["rows"], json!([["2"]]));
        Ok(())
    })
}

fn deadline(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::waiting(database.engine());
        let asked = std::time::Instant::now();
        let answer = gateway
            .query(source, &endless.sql, json!({"timeoutMs": 300}))
            .await?;
        assert_eq!(
            (answer.status, answer.code()),
            (504, "TIMEOUT_ERROR"),
            "{}",
            answer.text
        );
        // Not a timing that decides: a statement that was not stopped would run for minutes.
        assert!(asked.elapsed() < std::time::Duration::from_secs(20));
        endless.until_gone(&database).await?;
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
        Ok(())
    })
}
