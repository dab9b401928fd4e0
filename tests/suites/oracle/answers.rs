//! What callers get: values of every type as Oracle's own client reads them, parameters in every style, refusals that help.

use nexus_tests::oracle::{Answer as Scripted, Column, Kind, Mode, Value as Cell};
use nexus_tests::{Failed, Outcome, Trials, python};
use serde_json::{Value, json};

use super::desk::{Desk, register as register_source};

pub(super) fn register(trials: &mut Trials) {
    super::on_both(
        trials,
        "answers::as_its_own_client_reads",
        as_its_own_client_reads,
    );
    super::on_both(trials, "answers::parameters", parameters);
    super::on_both(trials, "answers::large_values_within_the_limit", large_values);
    super::on_both(trials, "answers::failures_tell_code_and_place", failures);
    super::on_both(trials, "answers::descriptors_and_sids", descriptors_and_sids);
    super::on_both(
        trials,
        "answers::what_administrators_see",
        what_administrators_see,
    );
    trials.simple("oracle::answers::what_is_new_in_23ai", || what_is_new(Mode::Fast));
}

/// The same row by the gateway and by python-oracledb.
async fn as_its_own_client_reads(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let named = json!({"n": 12, "t": "hé", "x": null});
    let statements = [
        ("SELECT * FROM every_type", json!({})),
        ("SELECT * FROM every_lob", json!({})),
        ("SELECT :n AS n, :t AS t, :x AS x, :n AS again FROM dual", named),
    ];
    let theirs = python_rows(&desk, &statements).await?;
    for ((sql, named), theirs) in statements.iter().zip(theirs) {
        let answer = desk.query(sql, json!({"parameters": named})).await?;
        assert_eq!(answer.status, 200, "{sql}: {}", answer.text);
        compare(sql, answer.data(), &theirs)?;
    }
    Ok(())
}

async fn python_rows(desk: &Desk, statements: &[(&str, Value)]) -> Result<Vec<Value>, Failed> {
    let asked = json!({"port": desk.double.port(), "statements": statements});
    let output = python(include_str!("reader.py"), asked.to_string().as_bytes()).await?;
    Ok(serde_json::from_slice(&output)?)
}

fn compare(sql: &str, ours: &Value, theirs: &Value) -> Outcome {
    let columns = ours["columns"].as_array().ok_or("no columns")?;
    let (our_rows, their_rows) = (&ours["rows"], theirs.as_array().ok_or("no rows")?);
    assert_eq!(our_rows.as_array().map(Vec::len), Some(their_rows.len()), "{sql}");
    for (row, their_row) in their_rows.iter().enumerate() {
        for (at, column) in columns.iter().enumerate() {
            let (our, their) = (&our_rows[row][at], &their_row[at]);
            if column["nativeType"] == "timestamp with time zone" && !our.is_null() {
                // Theirs is what the clock showed in the value's own zone, which they do not tell: 12:00 at +05:30.
                assert_eq!(
                    (our, their),
                    (
                        &json!("2020-06-01T06:30:00.000001Z"),
                        &json!("2020-06-01T12:00:00.000001Z")
                    )
                );
                continue;
            }
            let kind = column["type"].as_str().unwrap_or_default();
            assert_eq!(
                normal(kind, our),
                normal(kind, their),
                "{sql}: {column}, row {row}: {our} and {their}"
            );
        }
    }
    Ok(())
}

/// A value without what Python cannot keep: digits of a second beyond the sixth, zeros that the server does not send.
fn normal(kind: &str, value: &Value) -> Value {
    let Some(text) = value.as_str() else {
        return match (kind, value) {
            // Ours is a JSON number where theirs is its digits.
            ("INTEGER", Value::Number(number)) => json!(number.to_string()),
            _ => value.clone(),
        };
    };
    match kind {
        "DECIMAL" if text.contains('.') => json!(text.trim_end_matches('0').trim_end_matches('.')),
        "TIMESTAMP" | "TIMESTAMP_TZ" => {
            let (whole, zone) = match text.strip_suffix('Z') {
                Some(whole) => (whole, "Z"),
                None => (text, ""),
            };
            let (seconds, fraction) = whole.split_once('.').unwrap_or((whole, ""));
            let six: String = format!("{fraction:0<6}").chars().take(6).collect();
            json!(format!("{seconds}.{six}{zone}"))
        }
        // Python counts the parts of a negative interval in its own way.
        _ => json!(text),
    }
}

async fn what_is_new(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let statement = ("SELECT * FROM every_document", json!({}));
    let theirs = python_rows(&desk, std::slice::from_ref(&statement)).await?;
    let answer = desk.query(statement.0, json!({})).await?;
    let kinds: Vec<&Value> = answer.data()["columns"]
        .as_array()
        .ok_or("no columns")?
        .iter()
        .map(|column| &column["type"])
        .collect();
    assert_eq!(json!(kinds), json!(["JSON", "BOOLEAN", "ARRAY"]));
    compare(statement.0, answer.data(), &theirs[0])?;
    // In the order of the names, with every digit.
    assert!(
        answer
            .text
            .contains(r#"{"in":{"deep":-7},"name":"Zoë","tags":["a",null,true,12.5]}"#),
        "{}",
        answer.text
    );
    Ok(())
}

async fn parameters(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    desk.double
        .execute("CREATE TABLE sold (id number(9), day date, price number(12,2))")
        .and_then(|()| {
            desk.double
                .execute("INSERT INTO sold VALUES (1, DATE '2026-01-31', 12.5)")
        })
        .map_err(|failure| failure.to_string())?;
    let typed = json!({"type": "date", "value": "2026-01-31"});
    for (sql, parameters) in [
        ("SELECT id FROM sold WHERE id = ? AND price < ?", json!([1, 13.5])),
        ("SELECT id FROM sold WHERE id = $1 AND $1 < 2", json!([1])),
        (
            "SELECT id FROM sold WHERE id = :id AND day = :day",
            json!({"id": 1, "day": typed}),
        ),
        ("SELECT id FROM sold WHERE id IN (:ids)", json!({"ids": [7, 1]})),
    ] {
        let answer = desk.query(sql, json!({"parameters": parameters})).await?;
        assert_eq!(answer.data()["rows"], json!([[1]]), "{sql}: {}", answer.text);
    }
    // Compared as a DATE, so that an index on the column can be used.
    let statements = desk.double.statements();
    assert!(
        statements
            .iter()
            .any(|sql| sql.contains("day = CAST(:2 AS DATE)")),
        "{statements:?}"
    );
    let typed = json!({"at": {"type": "time", "value": "12:00:00"}});
    let answer = desk
        .query(
            "SELECT id FROM sold WHERE :at IS NULL",
            json!({"parameters": typed}),
        )
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "VALIDATION_ERROR"),
        "{}",
        answer.text
    );
    assert!(
        answer.text.contains("a type that Oracle does not have"),
        "{}",
        answer.text
    );
    Ok(())
}

async fn large_values(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let whole = desk.query("SELECT * FROM every_lob", json!({})).await?;
    assert_eq!(
        whole.data()["rows"][0][1].as_str().map(str::len),
        Some(40_000),
        "{}",
        whole.status
    );
    let limited = Desk::start_limited(mode, "query.max_cell_bytes = 39999\n").await?;
    limited.double.script("SELECT id, c FROM lobs", {
        let columns = vec![Column::new("ID", Kind::INTEGER), Column::new("C", Kind::Clob)];
        let long = "x".repeat(40_000);
        Scripted::rows(
            columns,
            vec![
                vec![Cell::Integer(1), "short".into()],
                vec![Cell::Integer(2), long.as_str().into()],
            ],
        )
    });
    let cut = limited.query("SELECT id, c FROM lobs", json!({})).await?;
    assert_eq!(cut.data()["rows"], json!([["1", "short"]]), "{}", cut.text);
    assert_eq!(cut.data()["metadata"]["truncatedBy"], "cell", "{}", cut.text);
    Ok(())
}

async fn failures(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    for (sql, code, position) in [
        (
            "SELECT id FROM nowhere",
            "ORA-00942",
            json!({"line": 1, "column": 16}),
        ),
        (
            "SELECT\n  nowhere FROM dual",
            "ORA-00904",
            json!({"line": 2, "column": 3}),
        ),
    ] {
        let answer = desk.query(sql, json!({})).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "QUERY_ERROR"),
            "{}",
            answer.text
        );
        assert_eq!(answer.body["error"]["nativeCode"], code);
        assert_eq!(answer.body["error"]["position"], position, "{}", answer.text);
    }
    // Clients cannot read what is in an XMLTYPE; the answer says what to write instead.
    let answer = desk.query("SELECT * FROM every_object", json!({})).await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "QUERY_ERROR"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("XMLSERIALIZE"), "{}", answer.text);
    let answer = desk.query("SELECT 1 AS one FROM dual", json!({})).await?;
    assert_eq!(answer.data()["rows"], json!([["1"]]), "{}", answer.text);
    Ok(())
}

async fn descriptors_and_sids(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let nothing = json!({"host": null, "port": null, "serviceName": null});
    let port = desk.double.port();
    let descriptor = format!(
        "(DESCRIPTION=(ADDRESS_LIST=(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT=1))\
         (ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT={port})))(CONNECT_DATA=(SERVICE_NAME=testpdb)))"
    );
    let mut by_descriptor = nothing;
    by_descriptor["connectDescriptor"] = json!(descriptor);
    for config in [by_descriptor, json!({"serviceName": null, "sid": "testpdb"})] {
        let source = register_source(&desk.gateway, &desk.double, config.clone()).await?;
        let answer = desk
            .gateway
            .query(source, "SELECT 1 AS one FROM dual", json!({}))
            .await?;
        assert_eq!(answer.status, 200, "{config}: {}", answer.text);
    }
    let both = json!({"connectDescriptor": descriptor});
    let refused = register_source(&desk.gateway, &desk.double, both).await;
    let message = format!("{:?}", refused.err().ok_or("accepted")?.message());
    assert!(message.contains("the connect descriptor says it"), "{message}");
    Ok(())
}

/// Who the gateway is, in the views of the server.
async fn what_administrators_see(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    assert_eq!(
        desk.query("SELECT 1 AS one FROM dual", json!({})).await?.status,
        200
    );
    let sessions = desk.double.sessions();
    let [session] = &sessions[..] else {
        return Err(format!("{} sessions", sessions.len()).into());
    };
    assert_eq!(
        (session.module.as_str(), session.action.as_str()),
        ("nexus-gateway", "query")
    );
    assert_eq!(session.client_identifier, "nexus-gateway");
    assert_eq!(
        session.about.get("AUTH_PROGRAM_NM").map(String::as_str),
        Some("nexus-gateway")
    );
    assert_eq!(
        session.settings.get("NLS_NUMERIC_CHARACTERS").map(String::as_str),
        Some(".,")
    );
    let statements = desk.double.statements();
    let at = statements
        .iter()
        .position(|sql| sql.starts_with("SELECT 1 AS one"))
        .ok_or("not run")?;
    assert_eq!(statements[at - 1], "SET TRANSACTION READ ONLY");
    let tested = desk
        .gateway
        .send(
            reqwest::Method::POST,
            &format!("/api/v1/datasources/{}/test", desk.source),
            None,
        )
        .await?;
    assert_eq!(tested.status, 200, "{}", tested.text);
    assert!(tested.text.contains("Oracle Database"), "{}", tested.text);
    Ok(())
}
