//! Tests of connections and cancellations are on record too, changes are on record as what the store made of them, and who
//! sees the records that concern no single source.

use std::time::{Duration, Instant};

use gateway_core::SourceGrant;
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use crate::audit::records_of;
use crate::endless::Endless;

const SOURCES: &str = "/api/v1/datasources";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("audit_actions::connection_tests", connection_tests);
    trials.simple("audit_actions::cancellations", cancellations);
    trials.simple("audit_actions::unread_changes", unread_changes);
    trials.simple("audit_actions::limited_readers", limited_readers);
}

async fn record_of(gateway: &Gateway, answer: &Answer) -> Result<Value, Failed> {
    let mut records = records_of(gateway, answer.headers["x-correlation-id"].to_str()?).await?;
    assert_eq!(records.len(), 1, "{records:?}");
    Ok(records.remove(0))
}

/// Its action, decision, target and data source.
fn gist(record: &Value) -> Value {
    let parts = ["action", "decision", "target", "dataSourceId"];
    parts.map(|part| record[part].clone()).into_iter().collect()
}

async fn connection_tests() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let id = gateway.register(&database).await?.to_string();
    let test = format!("{SOURCES}/{id}/test");
    let stored = gateway.send(Method::POST, &test, None).await?;
    assert_eq!(
        gist(&record_of(&gateway, &stored).await?),
        json!(["source.test", "allowed", null, id])
    );
    let draft_path = format!("{SOURCES}/test");
    let draft = database.source("draft");
    let unsaved = gateway.send(Method::POST, &draft_path, Some(&draft)).await?;
    assert_eq!(
        gist(&record_of(&gateway, &unsaved).await?),
        json!(["source.test", "allowed", draft["config"]["path"], null])
    );
    // Nobody listens on port 1.
    let nowhere = json!({"name": "nowhere", "type": "postgresql",
        "config": {"host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "not-on-record"}});
    let failing = gateway.send(Method::POST, &draft_path, Some(&nowhere)).await?;
    let record = record_of(&gateway, &failing).await?;
    assert_eq!(gist(&record), json!(["source.test", "failed", "127.0.0.1", null]));
    assert!(!record.to_string().contains("not-on-record"), "{record}");
    Ok(())
}

async fn cancellations() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = Endless::waiting(database.engine()).sql;
    let running = gateway.query(source, &endless, json!({"timeoutMs": 300_000}));
    let cancelling = async {
        let asked = Instant::now();
        let id = loop {
            let running = gateway.send(Method::GET, "/api/v1/queries", None).await?;
            if let Some(id) = running.data()["items"][0]["queryId"].as_str() {
                break id.to_owned();
            }
            assert!(asked.elapsed() < Duration::from_secs(30), "it does not run");
        };
        let path = format!("/api/v1/queries/{id}");
        let cancelled = gateway.send(Method::DELETE, &path, None).await?;
        Ok::<_, Failed>((id, cancelled))
    };
    let (ended, cancelled) = tokio::join!(running, cancelling);
    assert_eq!(ended?.code(), "QUERY_CANCELLED");
    let (id, cancelled) = cancelled?;
    assert_eq!(
        gist(&record_of(&gateway, &cancelled).await?),
        json!(["query.cancel", "allowed", id, source.to_string()])
    );
    let over = gateway
        .send(Method::DELETE, &format!("/api/v1/queries/{id}"), None)
        .await?;
    assert_eq!((over.status, over.code()), (404, "NOT_FOUND"));
    assert_eq!(
        gist(&record_of(&gateway, &over).await?),
        json!(["query.cancel", "refused", id, null])
    );
    Ok(())
}

/// A change that the store has committed is made, though what is stored cannot be read back after it.
async fn unread_changes() -> Outcome {
    let gateway = Gateway::start().await?;
    let store = rusqlite::Connection::open(gateway.folder().join("nexus.db"))?;
    store.busy_timeout(Duration::from_secs(30))?;
    // No revision is negative, so reading fails from the first change on.
    store.execute_batch(
        "CREATE TRIGGER spoil AFTER UPDATE ON store_revision BEGIN UPDATE store_revision SET revision = -1; END",
    )?;
    let made = gateway
        .send(
            Method::POST,
            "/api/v1/apikeys",
            Some(&json!({"name": "ann", "scopes": ["sources:read"], "sources": ["*"]})),
        )
        .await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let key = made.data()["key"].as_str().ok_or("no key")?;
    assert_eq!(
        gist(&record_of(&gateway, &made).await?),
        json!(["apikey.create", "allowed", made.data()["id"], null])
    );
    let body = Database::file()?.source("shop");
    let created = gateway.send(Method::POST, SOURCES, Some(&body)).await?;
    assert_eq!(created.status, 201, "{}", created.text);
    let id = &created.data()["id"];
    let one = format!("{SOURCES}/{}", id.as_str().unwrap_or_default());
    let role = json!({"name": "readers", "scopes": ["query"], "sources": ["*"], "subjects": ["ann"]});
    let description = json!({"description": "new"});
    assert_eq!(
        gist(&record_of(&gateway, &created).await?),
        json!(["source.create", "allowed", null, id])
    );
    for (method, path, body, expected) in [
        (
            Method::PATCH,
            one.as_str(),
            Some(&description),
            json!(["source.change", "allowed", null, id]),
        ),
        (
            Method::DELETE,
            one.as_str(),
            None,
            json!(["source.delete", "allowed", null, id]),
        ),
        (
            Method::POST,
            "/api/v1/roles",
            Some(&role),
            json!(["role.create", "allowed", "readers", null]),
        ),
        (
            Method::DELETE,
            "/api/v1/roles/readers",
            None,
            json!(["role.delete", "allowed", "readers", null]),
        ),
    ] {
        let answer = gateway.send(method, path, body).await?;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        assert_eq!(gist(&record_of(&gateway, &answer).await?), expected);
    }
    // Once it can be read again, what was made is in use.
    store.execute_batch("DROP TRIGGER spoil; UPDATE store_revision SET revision = 1000")?;
    let asked = Instant::now();
    loop {
        let request = gateway.bare_request(Method::GET, SOURCES).bearer_auth(key);
        if gateway.answer(request).await?.status == 200 {
            return Ok(());
        }
        assert!(
            asked.elapsed() < Duration::from_secs(30),
            "the key is not accepted"
        );
    }
}

/// What concerns no single source is seen by those who may see everything, and by those who did it.
async fn limited_readers() -> Outcome {
    let gateway = Gateway::start().await?;
    let source = gateway.register(&Database::file()?).await?;
    let only = || SourceGrant::Only([source].into());
    let made = gateway
        .send(
            Method::POST,
            "/api/v1/apikeys",
            Some(&json!({"name": "unidentified", "scopes": ["audit:read"], "sources": [source.to_string()]})),
        )
        .await?;
    let key = made.data()["key"].as_str().ok_or("no key")?.to_owned();
    record_of(&gateway, &made).await?;
    let wrong = gateway
        .answer(
            gateway
                .bare_request(Method::GET, SOURCES)
                .bearer_auth("nxk_wrong"),
        )
        .await?;
    record_of(&gateway, &wrong).await?;
    // A scope is lacking, which concerns no source.
    let ann = gateway.token_of("ann", "audit:read", only())?;
    let kept_out = gateway
        .answer(gateway.bare_request(Method::GET, SOURCES).bearer_auth(&ann))
        .await?;
    assert_eq!(record_of(&gateway, &kept_out).await?["action"], "access");
    let ben = gateway.token_of("ben", "audit:read", only())?;
    for (reader, expected) in [
        (ann, vec!["access", "source.create"]),
        (ben, vec!["source.create"]),
        (key, vec!["source.create"]),
    ] {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/audit")
            .bearer_auth(reader);
        let page = gateway.answer(request).await?;
        let items = page.data()["items"].as_array().ok_or("no items")?;
        let actions: Vec<&str> = items.iter().filter_map(|item| item["action"].as_str()).collect();
        assert_eq!(actions, expected, "{}", page.text);
    }
    Ok(())
}
