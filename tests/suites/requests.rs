//! Bad input of every kind gets the contract's code and status, and every answer has the contract's form.

use gateway_core::{DataSourceId, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("requests::bodies", bodies);
    trials.simple("requests::credentials", credentials);
    trials.simple("requests::paths", paths);
    trials.simple("requests::correlation_ids", correlation_ids);
    trials.simple("requests::validate", validate);
    trials.simple("requests::rate_limit", rate_limit);
}

async fn gateway_with_source() -> Result<(Gateway, Database, DataSourceId), Failed> {
    let database = Database::file()?;
    let gateway = Gateway::start().await?;
    let id = gateway.register(&database).await?;
    Ok((gateway, database, id))
}

async fn bodies() -> Outcome {
    let (gateway, _database, id) = gateway_with_source().await?;
    let good = format!(r#"{{"dataSourceId":"{id}","sql":"SELECT 1"}}"#);
    let with = |extra: &str| good.replacen('{', &format!("{{{extra},"), 1).into_bytes();
    let unknown = DataSourceId::new();
    let of = |source: &str, sql: &str| {
        json!({"dataSourceId": source, "sql": sql})
            .to_string()
            .into_bytes()
    };
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("as it should be", good.clone().into_bytes(), 200, ""),
        ("nothing", Vec::new(), 400, "INVALID_REQUEST"),
        ("malformed", b"{\"sql\":".to_vec(), 400, "INVALID_REQUEST"),
        ("not an object", b"[1]".to_vec(), 400, "INVALID_REQUEST"),
        (
            "invalid UTF-8",
            b"{\"sql\":\"\xff\"}".to_vec(),
            400,
            "INVALID_REQUEST",
        ),
        ("unknown field", with(r#""sqll":"x""#), 400, "INVALID_REQUEST"),
        (
            "a field missing",
            b"{\"sql\":\"SELECT 1\"}".to_vec(),
            400,
            "INVALID_REQUEST",
        ),
        (
            "a field of the wrong type",
            with(r#""limit":"ten""#),
            400,
            "INVALID_REQUEST",
        ),
        ("a negative limit", with(r#""limit":-1"#), 400, "INVALID_REQUEST"),
        (
            "a limit of nothing",
            with(r#""limit":0"#),
            422,
            "VALIDATION_ERROR",
        ),
        (
            "a limit above the cap",
            with(r#""limit":10001"#),
            422,
            "VALIDATION_ERROR",
        ),
        (
            "no time at all",
            with(r#""timeoutMs":0"#),
            422,
            "VALIDATION_ERROR",
        ),
        (
            "an unknown row format",
            with(r#""rowFormat":"table""#),
            400,
            "INVALID_REQUEST",
        ),
        (
            "parameters of the wrong form",
            with(r#""parameters":"x""#),
            400,
            "INVALID_REQUEST",
        ),
        (
            "wrong UUID",
            of("not-a-uuid", "SELECT 1"),
            422,
            "VALIDATION_ERROR",
        ),
        (
            "unknown source",
            of(&unknown.to_string(), "SELECT 1"),
            404,
            "INVALID_DATA_SOURCE",
        ),
        ("empty SQL", of(&id.to_string(), ""), 422, "VALIDATION_ERROR"),
        ("blank SQL", of(&id.to_string(), " \n\t"), 422, "VALIDATION_ERROR"),
        (
            "a comment only",
            of(&id.to_string(), "-- nothing"),
            400,
            "SQL_SYNTAX_ERROR",
        ),
        ("10 MB", vec![b' '; 10 << 20], 413, "PAYLOAD_TOO_LARGE"),
    ];
    for (what, body, status, code) in cases {
        let request = gateway.request(Method::POST, "/api/v1/query")?.body(body);
        let answer = gateway.answer(request).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{what}: {}",
            answer.text
        );
        assert_eq!(answer.body["success"], status == 200, "{what}");
        assert_eq!(answer.headers["x-api-version"], "1", "{what}");
        if status != 200 {
            assert!(
                answer.body["error"]["message"].is_string(),
                "{what}: {}",
                answer.text
            );
            assert_eq!(answer.body["error"]["retryable"], false, "{what}");
        }
        if what == "unknown field" {
            assert!(answer.text.contains("sqll"), "{}", answer.text);
        }
    }
    Ok(())
}

async fn credentials() -> Outcome {
    let (gateway, _database, id) = gateway_with_source().await?;
    let body = json!({"dataSourceId": id.to_string(), "sql": "SELECT 1"}).to_string();
    let query = || {
        gateway
            .bare_request(Method::POST, "/api/v1/query")
            .body(body.clone())
    };
    let mine = gateway.token("query", SourceGrant::Only([id].into()))?;
    let other = gateway.token("query", SourceGrant::Only([DataSourceId::new()].into()))?;
    let reader = gateway.token("sources:read", SourceGrant::All)?;
    let forged = format!("{}x", &mine[..mine.len() - 1]);
    for (what, request, status, code) in [
        ("none", query(), 401, "UNAUTHORIZED"),
        (
            "another scheme",
            query().basic_auth("a", Some("b")),
            401,
            "UNAUTHORIZED",
        ),
        ("nonsense", query().bearer_auth("nonsense"), 401, "UNAUTHORIZED"),
        (
            "a changed signature",
            query().bearer_auth(forged),
            401,
            "UNAUTHORIZED",
        ),
        ("another scope", query().bearer_auth(reader), 403, "FORBIDDEN"),
        (
            "another source",
            query().bearer_auth(other),
            404,
            "INVALID_DATA_SOURCE",
        ),
        ("the right ones", query().bearer_auth(&mine), 200, ""),
    ] {
        let answer = gateway.answer(request).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{what}: {}",
            answer.text
        );
        assert_eq!(
            answer.headers.contains_key("www-authenticate"),
            matches!(status, 401 | 403),
            "{what}"
        );
    }
    // With credentials for one source, others can be neither seen nor made.
    let limited = gateway.token(
        "sources:read sources:write",
        SourceGrant::Only([DataSourceId::new()].into()),
    )?;
    let list = gateway
        .bare_request(Method::GET, "/api/v1/datasources")
        .bearer_auth(&limited);
    assert_eq!(gateway.answer(list).await?.data()["items"], json!([]));
    let create = gateway
        .bare_request(Method::POST, "/api/v1/datasources")
        .bearer_auth(&limited);
    let create = create.body(Database::file()?.source("theirs").to_string());
    assert_eq!(gateway.answer(create).await?.code(), "FORBIDDEN");
    for path in ["/health/live", "/health/ready", "/openapi.json", "/docs/"] {
        let answer = gateway.answer(gateway.bare_request(Method::GET, path)).await?;
        assert_eq!(answer.status, 200, "{path} is public");
    }
    for path in [
        "/api/v1/datasources",
        "/api/v1/drivers",
        "/api/v1/health",
        "/metrics",
    ] {
        let answer = gateway.answer(gateway.bare_request(Method::GET, path)).await?;
        assert_eq!(answer.code(), "UNAUTHORIZED", "{path} is not public");
    }
    Ok(())
}

async fn paths() -> Outcome {
    let gateway = Gateway::start().await?;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "NOT_FOUND"),
        (Method::GET, "/api/v1/query", 405, "METHOD_NOT_ALLOWED"),
        (Method::DELETE, "/api/v1/datasources", 405, "METHOD_NOT_ALLOWED"),
        (
            Method::GET,
            "/api/v1/datasources/nonsense",
            422,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/api/v1/datasources?colour=red",
            400,
            "INVALID_REQUEST",
        ),
        (
            Method::GET,
            "/api/v1/datasources?type=db2",
            422,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/api/v1/datasources?limit=0",
            422,
            "VALIDATION_ERROR",
        ),
    ] {
        let answer = gateway.send(method, path, None).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{path}: {}",
            answer.text
        );
    }
    Ok(())
}

async fn correlation_ids() -> Outcome {
    let gateway = Gateway::start().await?;
    for (given, kept) in [
        ("abc-DEF_1.2", true),
        ("", false),
        ("with space", false),
        (&"x".repeat(129), false),
    ] {
        let request = gateway
            .request(Method::GET, "/nowhere")?
            .header("X-Correlation-ID", given);
        let answer = gateway.answer(request).await?;
        let id = answer.headers["x-correlation-id"].to_str()?;
        assert_eq!(id == given, kept, "{given:?} gave {id:?}");
        assert_eq!(answer.body["correlationId"], id);
    }
    Ok(())
}

async fn validate() -> Outcome {
    let (gateway, _database, id) = gateway_with_source().await?;
    for (target, sql, allowed) in [
        (json!({"dataSourceId": id.to_string()}), "SELECT 1", true),
        (json!({"dialect": "postgresql"}), "SELECT 1::int", true),
        (json!({"dialect": "oracle"}), "SELECT 1 FROM dual", true),
        (json!({"dialect": "mysql"}), "DROP TABLE t", false),
    ] {
        let mut body = target.clone();
        body["sql"] = json!(sql);
        let answer = gateway
            .send(Method::POST, "/api/v1/query/validate", Some(&body))
            .await?;
        assert_eq!(answer.data()["allowed"], allowed, "{body}: {}", answer.text);
        if !allowed {
            assert_eq!(
                (&answer.data()["code"], &answer.data()["line"]),
                (&json!("INVALID_SQL"), &json!(1))
            );
            assert!(answer.data()["reason"].is_string() && answer.data()["rule"].is_string());
        }
    }
    let neither = gateway
        .send(
            Method::POST,
            "/api/v1/query/validate",
            Some(&json!({"sql": "SELECT 1"})),
        )
        .await?;
    assert_eq!(neither.code(), "VALIDATION_ERROR");
    Ok(())
}

async fn rate_limit() -> Outcome {
    let gateway = Gateway::start_with("[limits]\nrate = 1\nburst = 2\n").await?;
    for _ in 0..2 {
        assert_eq!(
            gateway.send(Method::GET, "/api/v1/drivers", None).await?.status,
            200
        );
    }
    let answer = gateway.send(Method::GET, "/api/v1/drivers", None).await?;
    assert_eq!(
        (answer.status, answer.code()),
        (429, "RATE_LIMIT_EXCEEDED"),
        "{}",
        answer.text
    );
    assert!(answer.headers["retry-after"].to_str()?.parse::<u32>()? >= 1);
    assert_eq!(answer.body["error"]["retryable"], true);
    // Another caller is not concerned.
    let anonymous = gateway
        .answer(gateway.bare_request(Method::GET, "/health/live"))
        .await?;
    assert_eq!(anonymous.status, 200);
    Ok(())
}
