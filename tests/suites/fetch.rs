//! Paged reading: one snapshot, nothing twice, nothing missing, and a session that is given back whatever happens.

use gateway_core::{DataSourceId, Engine, Scope, SourceGrant};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;
use crate::query::{BoxedOutcome, on_every_engine};

pub(crate) fn register(trials: &mut Trials) {
    on_every_engine(trials, "fetch::snapshot", snapshot);
    on_every_engine(trials, "fetch::freed", freed);
    trials.engine("fetch::idle", Engine::PostgreSql, idle);
    trials.engine("fetch::shutdown", Engine::MySql, shutdown);
    trials.engine("fetch::waits_for_its_reader", Engine::MySql, waits_for_its_reader);
    trials.simple("fetch::addresses", addresses);
    trials.simple("fetch::bounds", bounds);
    trials.simple("fetch::formats", formats);
    trials.simple("fetch::large_rows", large_rows);
}

async fn begin(gateway: &Gateway, source: DataSourceId, sql: &str, extra: Value) -> Result<Answer, Failed> {
    let mut body = json!({"dataSourceId": source.to_string(), "sql": sql});
    if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
        body.extend(extra);
    }
    gateway.send(Method::POST, "/api/v1/fetch", Some(&body)).await
}

fn next(answer: &Answer) -> Option<&str> {
    answer.data()["nextUri"].as_str()
}

/// The first column of every page from `page` on.
async fn follow(gateway: &Gateway, mut page: Answer) -> Result<Vec<Value>, Failed> {
    let mut values = Vec::new();
    loop {
        assert_eq!(page.status, 200, "{}", page.text);
        let rows = page.data()["rows"].as_array().ok_or("no rows")?;
        assert_eq!(page.data()["metadata"]["rowCount"], json!(rows.len()));
        values.extend(rows.iter().map(|row| row[0].clone()));
        let Some(uri) = next(&page) else {
            return Ok(values);
        };
        page = gateway.send(Method::GET, uri, None).await?;
    }
}

/// The pages show the table as it was at the beginning.
fn snapshot(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let table = format!("fetch_{}", DataSourceId::new().0.simple());
        // In SQLite's default journal a reader keeps writers waiting.
        if database.engine() == Engine::Sqlite {
            database.execute(&["PRAGMA journal_mode = WAL"]).await?;
        }
        let filling = "x".repeat(200);
        let values: Vec<String> = (1..=2500).map(|n| format!("({n}, '{filling}')")).collect();
        database
            .execute(&[
                &format!("CREATE TABLE {table} (id integer PRIMARY KEY, t varchar(200))"),
                &format!("INSERT INTO {table} VALUES {}", values.join(",")),
            ])
            .await?;
        let sql = format!("SELECT id, t FROM {table} ORDER BY id");
        let first = begin(&gateway, source, &sql, json!({"limit": 1000})).await?;
        assert_eq!(first.status, 200, "{}", first.text);
        assert_eq!(first.data()["rows"].as_array().map(Vec::len), Some(1000));
        database
            .execute(&[
                &format!("DELETE FROM {table} WHERE id > 1500"),
                &format!("INSERT INTO {table} VALUES (1501, 'new'), (9999, 'new')"),
                &format!("UPDATE {table} SET id = -id WHERE id = 1200"),
            ])
            .await?;
        let seen = follow(&gateway, first).await?;
        assert_eq!(json!(seen), json!((1..=2500).collect::<Vec<i64>>()));
        let exact = begin(
            &gateway,
            source,
            "SELECT 1 AS a UNION ALL SELECT 2",
            json!({"limit": 2}),
        )
        .await?;
        assert_eq!(
            next(&exact),
            None,
            "nothing follows a full last page: {}",
            exact.text
        );
        database.execute(&[&format!("DROP TABLE {table}")]).await
    })
}

/// DELETE ends the statement on the server, and the session is free for others.
fn freed(database: Database) -> BoxedOutcome {
    Box::pin(async move {
        let gateway = Gateway::start().await?;
        let source = gateway.register(&database).await?;
        let endless = Endless::flowing(database.engine());
        let first = begin(&gateway, source, &endless.sql, json!({"limit": 10})).await?;
        let uri = next(&first).ok_or("no second page")?;
        let second = gateway.send(Method::GET, uri, None).await?;
        assert_eq!(second.status, 200, "{}", second.text);
        if database.engine() != Engine::Sqlite {
            endless.until_running(&database, 1).await?;
        }
        let answer = gateway.send(Method::DELETE, uri, None).await?;
        assert_eq!(answer.status, 204, "{}", answer.text);
        endless.until_gone(&database).await?;
        let answer = gateway
            .send(Method::GET, next(&second).unwrap_or(uri), None)
            .await?;
        assert_eq!(
            (answer.status, answer.code()),
            (404, "NOT_FOUND"),
            "{}",
            answer.text
        );
        let answer = gateway.query(source, "SELECT 1", json!({})).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Ok(())
    })
}

async fn idle(server: Server) -> Outcome {
    let gateway = Gateway::start_with("[fetch]\nidle_timeout = \"1s\"\n").await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(database.engine());
    let first = begin(&gateway, source, &endless.sql, json!({"limit": 10})).await?;
    endless.until_gone(&database).await?;
    let uri = next(&first).ok_or("no second page")?;
    assert_eq!(gateway.send(Method::GET, uri, None).await?.status, 404);
    Ok(())
}

/// An open read does not hold up the end of the gateway.
async fn shutdown(server: Server) -> Outcome {
    let gateway = Gateway::start_with("[server]\nshutdown_timeout = \"10m\"\n").await?;
    let database = Database::Server(server);
    let source = gateway.register(&database).await?;
    let endless = Endless::flowing(database.engine());
    let first = begin(&gateway, source, &endless.sql, json!({"limit": 10})).await?;
    assert_eq!(first.status, 200, "{}", first.text);
    gateway.stop().await?;
    endless.until_gone(&database).await
}

/// MySQL by itself gives a reader one minute (`net_write_timeout`) before it drops the connection.
async fn waits_for_its_reader(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&Database::Server(server)).await?;
    let answer = gateway
        .query(source, "SHOW VARIABLES LIKE 'net_write_timeout'", json!({}))
        .await?;
    assert_eq!(
        answer.data()["rows"],
        json!([["net_write_timeout", "86400"]]),
        "{}",
        answer.text
    );
    Ok(())
}

const NUMBERS: &str =
    "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 25) SELECT n FROM d";

/// Who may have which page.
async fn addresses() -> Outcome {
    let gateway = Gateway::start_with("[fetch]\nreplica = \"west2\"\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let first = begin(&gateway, source, NUMBERS, json!({"limit": 10})).await?;
    let uri = next(&first).ok_or("no second page")?.to_owned();
    assert!(uri.contains("/west2-") && uri.ends_with("/2"), "{uri}");
    let get = |uri: String| {
        let gateway = &gateway;
        async move { gateway.send(Method::GET, &uri, None).await }
    };
    let at = |page: &str| format!("{}{page}", &uri[..uri.len() - 1]);
    let again = get(at("1")).await?;
    assert_eq!(again.data()["rows"], first.data()["rows"]);
    assert_eq!(next(&again), Some(uri.as_str()));
    for wrong in [at("0"), at("3"), at("-1"), at("x"), at("18446744073709551616")] {
        assert_eq!(get(wrong.clone()).await?.status, 404, "{wrong}");
    }
    let digit = uri.len() - 3;
    let other = if &uri[digit..=digit] == "0" { "1" } else { "0" };
    let other_secret = format!("{}{other}{}", &uri[..digit], &uri[digit + 1..]);
    assert_eq!(get(other_secret).await?.status, 404);
    let elsewhere = get(uri.replace("/west2-", "/east-")).await?;
    assert_eq!((elsewhere.status, elsewhere.code()), (421, "WRONG_REPLICA"));
    assert_eq!(elsewhere.body["error"]["retryable"], json!(true));
    let stranger = gateway.token_of("stranger", Scope::Admin.as_str(), SourceGrant::All)?;
    let request = gateway.bare_request(Method::GET, &uri).bearer_auth(&stranger);
    assert_eq!(gateway.answer(request).await?.status, 404);
    let request = gateway.bare_request(Method::DELETE, &uri).bearer_auth(stranger);
    assert_eq!(gateway.answer(request).await?.status, 404);
    let second = get(uri.clone()).await?;
    let third = get(next(&second).ok_or("no third page")?.to_owned()).await?;
    assert_eq!(
        (third.data()["rows"].as_array().map(Vec::len), next(&third)),
        (Some(5), None)
    );
    // The last page may be asked for again although the statement has ended; what lies before it is gone.
    assert_eq!(get(at("3")).await?.data()["rows"], third.data()["rows"]);
    assert_eq!(get(at("2")).await?.status, 404);
    assert_eq!(get(at("4")).await?.status, 404);
    Ok(())
}

/// How many there may be.
async fn bounds() -> Outcome {
    let gateway = Gateway::start_with("[fetch]\nper_caller = 3\nper_source = 2\n").await?;
    let (database, spare) = (Database::file()?, Database::file()?);
    let source = gateway.register(&database).await?;
    let other = gateway.register(&spare).await?;
    let ask = |source| begin(&gateway, source, NUMBERS, json!({"limit": 10}));
    let first = ask(source).await?;
    assert_eq!(ask(source).await?.status, 200);
    let third = ask(source).await?;
    assert_eq!(
        (third.status, third.code()),
        (503, "OVERLOADED"),
        "{}",
        third.text
    );
    assert!(third.headers.contains_key("retry-after"));
    assert_eq!(ask(other).await?.status, 200);
    let fourth = ask(other).await?;
    assert_eq!(
        (fourth.status, fourth.code()),
        (503, "OVERLOADED"),
        "{}",
        fourth.text
    );
    // Reads that have ended do not count.
    follow(&gateway, first).await?;
    assert_eq!(ask(source).await?.status, 200);
    // A refusal leaves nothing behind.
    let wrong = begin(&gateway, source, "SELECT * FROM nowhere", json!({})).await?;
    assert_ne!(wrong.status, 200);
    let zero = begin(&gateway, source, NUMBERS, json!({"limit": 0})).await?;
    assert_eq!((zero.status, zero.code()), (422, "VALIDATION_ERROR"));
    Ok(())
}

/// The form is as it was at the beginning, the format as each request wants it.
async fn formats() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let style =
        json!({"limit": 10, "rowFormat": "object", "numbers": "native", "binary": "hex", "offset": 3});
    let sql = format!("SELECT n, x'00ff' AS b FROM ({NUMBERS}) t");
    let first = begin(&gateway, source, &sql, style).await?;
    assert_eq!(
        first.data()["rows"][0],
        json!({"n": 4, "b": "00ff"}),
        "{}",
        first.text
    );
    let uri = next(&first).ok_or("no second page")?;
    let second = gateway.send(Method::GET, uri, None).await?;
    assert_eq!(second.data()["rows"][0], json!({"n": 14, "b": "00ff"}));
    let request = gateway.request(Method::GET, uri)?.header("Accept", "text/csv");
    let csv = gateway.answer(request).await?;
    assert!(csv.text.starts_with("n,b\r\n14,00ff\r\n"), "{}", csv.text);
    let link = csv.headers["link"].to_str()?;
    let third = next(&second).ok_or("no third page")?;
    assert_eq!(link, format!("<{third}>; rel=\"next\""));
    let request = gateway
        .request(Method::GET, third)?
        .header("Accept", "application/x-ndjson");
    let ndjson = gateway.answer(request).await?;
    assert_eq!(ndjson.text.lines().count(), 4, "{}", ndjson.text);
    assert!(!ndjson.headers.contains_key("link"));
    Ok(())
}

/// A page of large rows ends early.
async fn large_rows() -> Outcome {
    let gateway = Gateway::start_with("[fetch]\npage_bytes = 50000\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let filling = "x".repeat(5000);
    let sql = format!("SELECT n, '{filling}' AS t FROM ({NUMBERS}) d");
    let first = begin(&gateway, source, &sql, json!({"limit": 1000})).await?;
    let rows = first.data()["rows"].as_array().map_or(0, Vec::len);
    assert!(
        rows > 0 && rows < 25,
        "{rows} rows of 5000 bytes in a page of 50000"
    );
    let seen = follow(&gateway, first).await?;
    assert_eq!(seen.len(), 25);
    Ok(())
}
