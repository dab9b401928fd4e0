//! What callers do is on record, with the decision and the rule, and without the values they send.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;

const PATH: &str = "/api/v1/audit";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("audit::queries", queries);
    trials.simple("audit::changes", changes);
    trials.simple("audit::filters", filters);
    trials.simple("audit::no_record_no_work", no_record_no_work);
}

/// The records of one request, waiting until there is one.
pub(crate) async fn records_of(gateway: &Gateway, correlation_id: &str) -> Result<Vec<Value>, Failed> {
    let asked = Instant::now();
    loop {
        let page = gateway
            .send(
                Method::GET,
                &format!("{PATH}?correlationId={correlation_id}"),
                None,
            )
            .await?;
        let items = page.data()["items"].as_array().cloned().unwrap_or_default();
        if !items.is_empty() {
            return Ok(items);
        }
        if asked.elapsed() > Duration::from_secs(20) {
            return Err(format!("nothing on record about {correlation_id}: {}", page.text).into());
        }
    }
}

async fn queries() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::waiting(database.engine()).sql;
    let fine = json!({"parameters": {"x": "a-secret-value"}});
    for (sql, extra, decision, code, rule) in [
        (
            "SELECT :x AS x, 5 AS n",
            fine,
            "allowed",
            Value::Null,
            Value::Null,
        ),
        (
            "DROP TABLE t",
            json!({}),
            "refused",
            json!("INVALID_SQL"),
            json!("statement_kind"),
        ),
        (
            "SELECT load_extension('x')",
            json!({}),
            "refused",
            json!("INVALID_SQL"),
            json!("function"),
        ),
        (
            "SELECT ?",
            json!({}),
            "refused",
            json!("VALIDATION_ERROR"),
            Value::Null,
        ),
        (
            "SELECT * FROM nowhere",
            json!({}),
            "failed",
            json!("QUERY_ERROR"),
            Value::Null,
        ),
        (
            endless.as_str(),
            json!({"timeoutMs": 200}),
            "cancelled",
            json!("TIMEOUT_ERROR"),
            Value::Null,
        ),
    ] {
        let answer = gateway.query(source, sql, extra).await?;
        let id = answer.headers["x-correlation-id"].to_str()?.to_owned();
        let records = records_of(&gateway, &id).await?;
        assert_eq!(records.len(), 1, "{records:?}");
        let record = &records[0];
        let seen = (record["decision"].as_str(), &record["code"], &record["rule"]);
        assert_eq!(seen, (Some(decision), &code, &rule), "{record}");
        assert_eq!(
            (&record["statement"], &record["action"]),
            (&json!(sql), &json!("query"))
        );
        assert_eq!(record["dataSourceId"], source.to_string());
        assert_eq!(
            (&record["subject"], &record["remote"]),
            (&json!("tester"), &json!("127.0.0.1"))
        );
        assert_eq!(record["rows"], i32::from(decision == "allowed"));
        assert!(!record.to_string().contains("a-secret-value"));
    }
    // A reader who leaves is on record as well.
    let body = json!({"dataSourceId": source.to_string(), "sql": endless, "timeoutMs": 300_000});
    let request = gateway
        .request(Method::POST, "/api/v1/query")?
        .header("X-Correlation-ID", "left");
    let leaving = tokio::time::timeout(Duration::from_millis(300), request.body(body.to_string()).send());
    assert!(leaving.await.is_err(), "it ran to an end");
    let records = records_of(&gateway, "left").await?;
    assert_eq!(
        (&records[0]["decision"], &records[0]["code"]),
        (&json!("cancelled"), &json!("QUERY_CANCELLED"))
    );
    Ok(())
}

async fn changes() -> Outcome {
    let gateway = Gateway::start().await?;
    let body = Database::file()?.source("shop");
    let path = "/api/v1/datasources";
    let created = gateway.send(Method::POST, path, Some(&body)).await?;
    let one = format!("{path}/{}", created.data()["id"].as_str().unwrap_or_default());
    for (method, path, body, action, decision) in [
        (Method::POST, path, Some(body), "source.create", "refused"),
        (
            Method::PATCH,
            one.as_str(),
            Some(json!({"description": "new"})),
            "source.change",
            "allowed",
        ),
        (Method::DELETE, one.as_str(), None, "source.delete", "allowed"),
        (Method::DELETE, one.as_str(), None, "source.delete", "refused"),
    ] {
        let answer = gateway.send(method, path, body.as_ref()).await?;
        let records = records_of(&gateway, answer.headers["x-correlation-id"].to_str()?).await?;
        let seen = (records[0]["action"].as_str(), records[0]["decision"].as_str());
        assert_eq!(seen, (Some(action), Some(decision)), "{}", records[0]);
    }
    Ok(())
}

async fn filters() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let (one, other) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    for (source, sql) in [(one, "SELECT 1"), (one, "DROP TABLE t"), (other, "SELECT 2")] {
        let answer = gateway.query(source, sql, json!({})).await?;
        records_of(&gateway, answer.headers["x-correlation-id"].to_str()?).await?;
    }
    for (query, count) in [
        (format!("dataSourceId={one}&action=query"), 2),
        (
            format!("dataSourceId={one}&decision=refused&rule=statement_kind"),
            1,
        ),
        ("action=source.create".to_owned(), 2),
        ("subject=nobody".to_owned(), 0),
        ("to=2020-01-01T00:00:00Z".to_owned(), 0),
        ("from=2020-01-01T00:00:00Z&limit=2".to_owned(), 2),
    ] {
        let page = gateway
            .send(Method::GET, &format!("{PATH}?{query}"), None)
            .await?;
        assert_eq!(
            page.data()["items"].as_array().map(Vec::len),
            Some(count),
            "{query}: {}",
            page.text
        );
    }
    for query in [
        "decision=maybe",
        "from=yesterday",
        "dataSourceId=x",
        "limit=0",
        "cursor=x",
    ] {
        let answer = gateway
            .send(Method::GET, &format!("{PATH}?{query}"), None)
            .await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{query}: {}",
            answer.text
        );
    }
    // Who may see one source sees that one's records only.
    let limited = gateway.token("audit:read", SourceGrant::Only([other].into()))?;
    let page = gateway
        .answer(gateway.bare_request(Method::GET, PATH).bearer_auth(limited))
        .await?;
    let sources: Vec<&str> = page.data()["items"]
        .as_array()
        .ok_or("no items")?
        .iter()
        .filter_map(|record| record["dataSourceId"].as_str())
        .collect();
    assert!(
        !sources.is_empty() && sources.iter().all(|id| *id == other.to_string()),
        "{}",
        page.text
    );
    Ok(())
}

/// While records cannot be written they wait; when no more can wait, nothing is done that would have to be on record.
async fn no_record_no_work() -> Outcome {
    let gateway = Gateway::start_with("[audit]\nqueue = 3\n").await?;
    let database = Database::file()?;
    let source: DataSourceId = gateway.register(&database).await?;
    let store = rusqlite::Connection::open(gateway.folder().join("nexus.db"))?;
    store.execute_batch("BEGIN IMMEDIATE")?;
    let mut refused = None;
    for _ in 0..1000 {
        let answer = gateway.query(source, "SELECT 1", json!({})).await?;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.ok_or("a thousand queries went unrecorded")?;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "OVERLOADED"),
        "{}",
        refused.text
    );
    assert_eq!(refused.headers["retry-after"], "1");
    store.execute_batch("ROLLBACK")?;
    let asked = Instant::now();
    while gateway.query(source, "SELECT 1", json!({})).await?.status != 200 {
        assert!(
            asked.elapsed() < Duration::from_secs(30),
            "records are not written again"
        );
    }
    Ok(())
}
