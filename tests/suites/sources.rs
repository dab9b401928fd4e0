//! Managing data sources over HTTP: versions, names, rules, and passwords that never come out.

use gateway_core::Engine;
use nexus_tests::{Database, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/api/v1/datasources";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("sources::life", life);
    trials.simple("sources::rules", rules);
    trials.simple("sources::pages", pages);
    trials.simple("sources::inactive", inactive);
    trials.simple("sources::dead_database", dead_database);
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("sources::password_stays_inside", engine, password_stays_inside);
    }
}

async fn life() -> Outcome {
    let gateway = Gateway::start().await?;
    let (one, other) = (Database::file()?, Database::file()?);
    let created = gateway
        .send(Method::POST, PATH, Some(&one.source("First")))
        .await?;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.headers["etag"], "\"1\"");
    let id = created.data()["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(created.headers["location"], format!("{PATH}/{id}").as_str());
    assert_eq!(created.data()["config"]["passwordSet"], false);
    let taken = gateway
        .send(Method::POST, PATH, Some(&other.source("FIRST")))
        .await?;
    assert_eq!(
        (taken.status, taken.code()),
        (409, "CONFLICT"),
        "names are compared without case"
    );

    let path = format!("{PATH}/{id}");
    let patch = |tag: &str, body: serde_json::Value| {
        let request = gateway
            .request(Method::PATCH, &path)
            .map(|request| request.body(body.to_string()));
        request.map(|request| {
            if tag.is_empty() {
                request
            } else {
                request.header("If-Match", tag)
            }
        })
    };
    let renamed = gateway.answer(patch("\"1\"", json!({"name": "Second"}))?).await?;
    assert_eq!(
        (renamed.status, &renamed.data()["name"]),
        (200, &json!("Second")),
        "{}",
        renamed.text
    );
    assert_eq!(renamed.headers["etag"], "\"2\"");
    assert_eq!(renamed.data()["createdAt"], created.data()["createdAt"]);
    let stale = gateway.answer(patch("\"1\"", json!({"name": "Third"}))?).await?;
    assert_eq!((stale.status, stale.code()), (412, "PRECONDITION_FAILED"));
    let foreign = gateway
        .answer(patch("W/\"2\"", json!({"name": "Third"}))?)
        .await?;
    assert_eq!(foreign.status, 412, "weak tags never match");
    let any = gateway
        .answer(patch("*", json!({"config": {"maxPoolSize": 3}}))?)
        .await?;
    assert_eq!(
        (any.status, &any.data()["config"]["maxPoolSize"]),
        (200, &json!(3))
    );
    assert_eq!(
        any.data()["config"]["path"],
        created.data()["config"]["path"],
        "the rest stays"
    );
    let other_type = json!({"name": "Second", "type": "mysql", "config": {"host": "h", "username": "u"}});
    let moved = gateway.send(Method::PUT, &path, Some(&other_type)).await?;
    assert_eq!((moved.status, moved.code()), (422, "VALIDATION_ERROR"));
    let replaced = gateway
        .send(Method::PUT, &path, Some(&other.source("Fourth")))
        .await?;
    assert_eq!(replaced.status, 200, "{}", replaced.text);
    assert_eq!(
        replaced.data()["config"]["maxPoolSize"],
        10,
        "what is left out of a replacement is the default"
    );

    let tested = gateway.send(Method::POST, &format!("{path}/test"), None).await?;
    assert_eq!(
        (tested.status, &tested.data()["accountCanWrite"]),
        (200, &json!(false)),
        "{}",
        tested.text
    );
    let unsaved = gateway
        .send(Method::POST, &format!("{PATH}/test"), Some(&one.source("any")))
        .await?;
    assert_eq!(unsaved.status, 200, "{}", unsaved.text);
    let deleted = gateway.send(Method::DELETE, &path, None).await?;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for method in [Method::GET, Method::DELETE] {
        let gone = gateway.send(method, &path, None).await?;
        assert_eq!((gone.status, gone.code()), (404, "INVALID_DATA_SOURCE"));
    }
    Ok(())
}

async fn rules() -> Outcome {
    let gateway = Gateway::start().await?;
    let mysql = |config: serde_json::Value| json!({"name": "n", "type": "mysql", "config": config});
    for (body, status, named) in [
        (json!({"type": "mysql", "config": {}}), 400, "name"),
        (json!({"name": "n", "type": "db2", "config": {}}), 422, "db2"),
        (
            json!({"name": " ", "type": "sqlite", "config": {"path": "p"}}),
            422,
            "name",
        ),
        (
            json!({"name": "n", "type": "sqlite", "config": {}}),
            422,
            "config.path",
        ),
        (
            json!({"name": "n", "type": "sqlite", "config": {"path": "p", "host": "h"}}),
            422,
            "config.host",
        ),
        (
            json!({"name": "n", "type": "sqlite", "status": "asleep", "config": {"path": "p"}}),
            422,
            "status",
        ),
        (mysql(json!({"host": "h"})), 422, "config.username"),
        (
            mysql(json!({"host": "h", "username": "u", "port": 70000})),
            422,
            "config.port",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "port": 0})),
            422,
            "config.port",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "tls": "maybe"})),
            422,
            "config.tls",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "maxPoolSize": 0})),
            422,
            "config.maxPoolSize",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "queryTimeoutMs": 0})),
            422,
            "config.queryTimeoutMs",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "timezone": "CET"})),
            422,
            "config.timezone",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "pasword": "x"})),
            400,
            "pasword",
        ),
        (
            mysql(json!({"host": "h", "username": "u", "path": "p"})),
            422,
            "config.path",
        ),
        (
            json!({"name": "n", "type": "postgresql", "config": {"host": "h", "username": "u"}}),
            422,
            "config.database",
        ),
        (
            json!({"name": "n", "type": "oracle", "config": {"host": "h", "username": "u"}}),
            422,
            "serviceName",
        ),
    ] {
        let answer = gateway.send(Method::POST, PATH, Some(&body)).await?;
        let code = if status == 400 {
            "INVALID_REQUEST"
        } else {
            "VALIDATION_ERROR"
        };
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{body}: {}",
            answer.text
        );
        assert!(answer.text.contains(named), "{body}: {}", answer.text);
    }
    assert_eq!(
        gateway.send(Method::GET, PATH, None).await?.data()["items"],
        json!([]),
        "nothing was stored"
    );
    Ok(())
}

async fn pages() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    for name in ["alpha", "Beta", "gamma", "beta two"] {
        let created = gateway
            .send(Method::POST, PATH, Some(&database.source(name)))
            .await?;
        assert_eq!(created.status, 201);
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{PATH}?limit=3{cursor}");
        let page = gateway.send(Method::GET, &path, None).await?;
        for item in page.data()["items"].as_array().ok_or("no items")? {
            seen.push(item["name"].as_str().unwrap_or_default().to_owned());
        }
        match page.data()["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["alpha", "Beta", "beta two", "gamma"]);
    let filtered = gateway
        .send(
            Method::GET,
            &format!("{PATH}?name=BETA&type=sqlite&status=active"),
            None,
        )
        .await?;
    assert_eq!(filtered.data()["items"].as_array().map(Vec::len), Some(2));
    Ok(())
}

async fn inactive() -> Outcome {
    let gateway = Gateway::start().await?;
    let id = gateway.register(&Database::file()?).await?;
    let path = format!("{PATH}/{id}");
    for (status, expected) in [("inactive", "INVALID_DATA_SOURCE"), ("active", "")] {
        gateway
            .send(Method::PATCH, &path, Some(&json!({"status": status})))
            .await?;
        let answer = gateway.query(id, "SELECT 1", json!({})).await?;
        // The file went with its folder, so an active source fails in another way than an inactive one.
        assert_eq!(
            answer.code() == "INVALID_DATA_SOURCE",
            expected == "INVALID_DATA_SOURCE",
            "{}",
            answer.text
        );
    }
    Ok(())
}

/// A database that does not answer delays neither the start nor another source.
async fn dead_database() -> Outcome {
    let gateway = Gateway::start().await?;
    // Bound and never accepting: a connection is made by the kernel, and nothing is ever said on it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0")?;
    let dead = json!({"name": "dead", "type": "postgresql", "config": {
        "host": "127.0.0.1", "port": silent.local_addr()?.port(), "database": "d", "username": "u", "password": "p",
        "connectTimeoutMs": 60000, "acquireTimeoutMs": 60000,
    }});
    let dead = gateway.send(Method::POST, PATH, Some(&dead)).await?;
    let dead: gateway_core::DataSourceId = dead.data()["id"].as_str().unwrap_or_default().parse()?;
    let database = Database::file()?;
    let alive = gateway.register(&database).await?;
    let waiting = gateway.query(dead, "SELECT 1", json!({"timeoutMs": 60000}));
    let quick = async {
        for _ in 0..20 {
            assert_eq!(gateway.query(alive, "SELECT 1", json!({})).await?.status, 200);
        }
        Outcome::Ok(())
    };
    tokio::select! {
        biased;
        outcome = quick => outcome?,
        _ = waiting => return Err("the dead source answered first".into()),
    }
    let refused = gateway.query(dead, "SELECT 1", json!({"timeoutMs": 200})).await?;
    assert_eq!(
        (refused.status, refused.code()),
        (504, "TIMEOUT_ERROR"),
        "{}",
        refused.text
    );
    Ok(())
}

async fn password_stays_inside(server: Server) -> Outcome {
    let database = Database::Server(server);
    let gateway = Gateway::start_with("[log]\nlevel = \"debug\"\n").await?;
    let body = database.source("sealed");
    let password = body["config"]["password"].as_str().unwrap_or_default().to_owned();
    assert!(password.len() > 8);
    let id = gateway.register(&database).await?;
    let path = format!("{PATH}/{id}");
    let mut said = String::new();
    for (method, path, body) in [
        (Method::GET, path.clone(), None),
        (Method::GET, PATH.to_owned(), None),
        (Method::POST, format!("{path}/test"), None),
        (
            Method::PATCH,
            path.clone(),
            Some(json!({"description": "changed"})),
        ),
        (Method::GET, "/api/v1/health".to_owned(), None),
        (Method::GET, "/metrics".to_owned(), None),
    ] {
        let answer = gateway.send(method, &path, body.as_ref()).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        said.push_str(&answer.text);
    }
    // The password survived the change of another field.
    let answer = gateway.query(id, "SELECT 1", json!({})).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // A stored password is not sent to another server, for another account, or to whoever another authority vouches for.
    let strict = json!({"config": {"tls": "verify-full"}});
    assert_eq!(
        gateway.send(Method::PATCH, &path, Some(&strict)).await?.status,
        200
    );
    let authority = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()])?;
    for elsewhere in [
        json!({"host": "127.0.0.2"}),
        json!({"port": 1}),
        json!({"username": "other"}),
        json!({"tls": "require"}),
        json!({"tlsCa": authority.cert.pem()}),
    ] {
        let moved = gateway
            .send(Method::PATCH, &path, Some(&json!({"config": elsewhere})))
            .await?;
        assert_eq!(
            (moved.status, moved.code()),
            (422, "VALIDATION_ERROR"),
            "{elsewhere}: {}",
            moved.text
        );
        assert!(moved.text.contains("config.password"), "{}", moved.text);
    }
    let wrong = json!({"config": {"password": "another-secret-password"}});
    gateway.send(Method::PATCH, &path, Some(&wrong)).await?;
    let refused = gateway.query(id, "SELECT 1", json!({})).await?;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        refused.text
    );
    assert_eq!(refused.headers["retry-after"], "1");
    said.push_str(&refused.text);
    for file in std::fs::read_dir(gateway.folder())? {
        said.push_str(&String::from_utf8_lossy(&std::fs::read(file?.path())?));
    }
    said.push_str(&gateway.stop().await?);
    for secret in [password.as_str(), "another-secret-password"] {
        assert!(!said.contains(secret), "a password came out");
    }
    Ok(())
}
