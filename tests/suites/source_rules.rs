//! What a data source's options permit, and what none of them can.

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    trials.engine("source_rules::functions", Engine::PostgreSql, functions);
    trials.engine("source_rules::functions", Engine::MySql, functions);
    trials.engine(
        "source_rules::explain_analyze",
        Engine::PostgreSql,
        explain_analyze,
    );
    trials.simple("source_rules::refused", refused);
}

async fn set(gateway: &Gateway, source: DataSourceId, options: Value) -> Result<Answer, Failed> {
    let path = format!("/api/v1/datasources/{source}");
    let change = json!({"config": {"options": options}});
    gateway.send(Method::PATCH, &path, Some(&change)).await
}

fn verdict(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code())
}

async fn functions(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let engine = server.engine;
    let database = Database::Server(server.as_admin());
    let source = gateway.register(&database).await?;
    let name = format!("own_{}", DataSourceId::new().0.simple());
    let create = match engine {
        Engine::PostgreSql => {
            format!("CREATE FUNCTION {name}(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n + 1'")
        }
        _ => format!("CREATE FUNCTION {name}(n int) RETURNS int DETERMINISTIC NO SQL RETURN n + 1"),
    };
    database.execute(&[&create]).await?;
    let sql = format!("SELECT {name}(41) AS n");
    let ask = || gateway.query(source, &sql, json!({}));
    assert_eq!(verdict(&ask().await?), (403, "INVALID_SQL"));
    assert_eq!(
        set(&gateway, source, json!({"functions": name.to_uppercase()}))
            .await?
            .status,
        200
    );
    let answer = ask().await?;
    assert!(
        answer.status == 200 && answer.text.contains("42"),
        "{}",
        answer.text
    );
    // An allowance concerns one function; one that acts is refused at every level and over any allowance.
    let acting = match engine {
        Engine::PostgreSql => "pg_sleep",
        _ => "sleep",
    };
    assert_eq!(
        set(
            &gateway,
            source,
            json!({"functions": acting, "functionLevel": "standard"})
        )
        .await?
        .status,
        200
    );
    let answer = ask().await?;
    assert_eq!(answer.status, 200, "the level permits it: {}", answer.text);
    let answer = gateway
        .query(source, &format!("SELECT {acting}(0)"), json!({}))
        .await?;
    assert_eq!(verdict(&answer), (403, "INVALID_SQL"), "{}", answer.text);
    assert_eq!(set(&gateway, source, json!({})).await?.status, 200);
    assert_eq!(
        verdict(&ask().await?),
        (403, "INVALID_SQL"),
        "an allowance that was taken back"
    );
    database.execute(&[&format!("DROP FUNCTION {name}")]).await
}

async fn explain_analyze(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&Database::Server(server)).await?;
    let ask = |sql: &'static str| gateway.query(source, sql, json!({}));
    let sql = "EXPLAIN (ANALYZE, TIMING OFF) SELECT 1";
    assert_eq!(verdict(&ask(sql).await?), (403, "INVALID_SQL"));
    assert_eq!(
        set(&gateway, source, json!({"explainAnalyze": "true"}))
            .await?
            .status,
        200
    );
    let answer = ask(sql).await?;
    assert!(answer.text.contains("actual"), "{}", answer.text);
    let answer = ask("EXPLAIN ANALYZE SELECT pg_sleep(0)").await?;
    assert_eq!(verdict(&answer), (403, "INVALID_SQL"), "{}", answer.text);
    let answer = ask("EXPLAIN ANALYZE DELETE FROM nowhere").await?;
    assert_eq!(verdict(&answer), (403, "INVALID_SQL"), "{}", answer.text);
    Ok(())
}

async fn refused() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    for options in [
        json!({"functions": "f(); DROP"}),
        json!({"functionLevel": "all"}),
        json!({"explainAnalyze": "maybe"}),
        json!({"anything": "else"}),
    ] {
        let answer = set(&gateway, source, options.clone()).await?;
        assert_eq!(
            verdict(&answer),
            (422, "VALIDATION_ERROR"),
            "{options}: {}",
            answer.text
        );
        assert!(answer.text.contains("config.options"), "{}", answer.text);
    }
    Ok(())
}
