//! Connection tests: what they tell of an account and its connection, and what they warn of.

use gateway_core::Engine;
use nexus_tests::{Answer, Database, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/api/v1/datasources";

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("probes::who_can_write", engine, who_can_write);
        trials.engine("probes::what_is_encrypted", engine, what_is_encrypted);
    }
    trials.simple("probes::a_file_has_no_network", a_file_has_no_network);
}

fn warns(answer: &Answer, of: &str) -> bool {
    let warnings = answer.data()["warnings"].as_array();
    warnings.is_some_and(|all| {
        all.iter()
            .any(|text| text.as_str().is_some_and(|text| text.contains(of)))
    })
}

async fn who_can_write(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    for (server, can_write) in [(server.as_reader(), false), (server, true)] {
        let database = Database::Server(server);
        let unsaved = gateway
            .send(Method::POST, &format!("{PATH}/test"), Some(&database.source("n")))
            .await?;
        let id = gateway.register(&database).await?;
        let stored = gateway
            .send(Method::POST, &format!("{PATH}/{id}/test"), None)
            .await?;
        for answer in [unsaved, stored] {
            assert_eq!(answer.data()["accountCanWrite"], can_write, "{}", answer.text);
            assert_eq!(warns(&answer, "may write"), can_write, "{}", answer.text);
            assert!(answer.data()["latencyMs"].is_number() && answer.data()["serverVersion"].is_string());
        }
    }
    Ok(())
}

async fn what_is_encrypted(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    server.tls_folder()?;
    for (tls, encrypted) in [("disable", false), ("prefer", true), ("require", true)] {
        let mut body = Database::Server(server.clone()).source("n");
        body["config"]["tls"] = json!(tls);
        let answer = gateway
            .send(Method::POST, &format!("{PATH}/test"), Some(&body))
            .await?;
        assert_eq!(answer.data()["encrypted"], encrypted, "{tls}: {}", answer.text);
        assert_eq!(
            warns(&answer, "not encrypted"),
            !encrypted,
            "{tls}: {}",
            answer.text
        );
    }
    Ok(())
}

async fn a_file_has_no_network() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let answer = gateway
        .send(Method::POST, &format!("{PATH}/test"), Some(&database.source("n")))
        .await?;
    assert_eq!(answer.data()["encrypted"], json!(null), "{}", answer.text);
    assert_eq!(answer.data()["warnings"], json!([]), "{}", answer.text);
    Ok(())
}
