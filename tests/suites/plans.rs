//! The engine's plan, without executing anything.

use nexus_tests::{Database, Gateway, Trials};
use serde_json::{Value, json};

use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine, prepare};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "plans::explain", explain);
}

/// A plan comes back at once for a statement that would run for hours, and nothing else can be explained.
fn explain(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        prepare(&database, "explained").await?;
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let explain = |sql: &str, parameters: Value| {
            let body = json!({"dataSourceId": source.to_string(), "sql": sql, "parameters": parameters});
            let gateway = &gateway;
            async move {
                gateway
                    .send(reqwest::Method::POST, "/api/v1/query/explain", Some(&body))
                    .await
            }
        };
        for (sql, parameters) in [
            ("SELECT id FROM explained WHERE id = :id", json!({"id": 1})),
            (
                "SELECT id FROM explained WHERE name = 'x' ORDER BY day -- all",
                Value::Null,
            ),
            (&Endless::waiting(database.engine()).sql, Value::Null),
        ] {
            let answer = explain(sql, parameters).await?;
            assert_eq!(answer.status, 200, "{sql}: {}", answer.text);
            assert!(
                answer.data()["rows"]
                    .as_array()
                    .is_some_and(|rows| !rows.is_empty()),
                "{}",
                answer.text
            );
        }
        for (sql, code) in [
            ("DELETE FROM explained", "INVALID_SQL"),
            ("EXPLAIN SELECT 1", "VALIDATION_ERROR"),
            ("SELEC", "SQL_SYNTAX_ERROR"),
            ("SELECT nowhere FROM explained", "QUERY_ERROR"),
        ] {
            let answer = explain(sql, Value::Null).await?;
            assert_eq!(answer.code(), code, "{sql}: {}", answer.text);
        }
        Ok(())
    })
}
