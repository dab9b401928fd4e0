//! Passwords that are kept elsewhere: in files and variables that the operator permits, and nowhere else.

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/datasources";
const TEST: &str = "/api/v1/datasources/test";
const SETTINGS: &str =
    "[secrets]\nenv = [\"NEXUS_SECRET_*\"]\nfolders = [\"{folder}/secrets\"]\n[log]\nlevel = \"debug\"\n";

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("references::a_file_that_changes", engine, a_file_that_changes);
    }
    trials.engine(
        "references::variables_and_escapes",
        Engine::PostgreSql,
        variables_and_escapes,
    );
    trials.simple("references::only_what_is_permitted", only_what_is_permitted);
}

fn with_password(server: &Server, password: &str) -> (Value, String) {
    let mut body = Database::Server(server.as_reader()).source(&format!("source {}", DataSourceId::new()));
    let own = body["config"]["password"].as_str().unwrap_or_default().to_owned();
    body["config"]["password"] = json!(password);
    (body, own)
}

async fn a_file_that_changes(server: Server) -> Outcome {
    let gateway = Gateway::start_with(SETTINGS).await?;
    let secrets = gateway.folder().join("secrets");
    std::fs::create_dir(&secrets)?;
    let file = secrets.join("reader");
    let reference = format!("file:{}", file.display());
    let (body, password) = with_password(&server, &reference);

    let created = gateway.send(Method::POST, PATH, Some(&body)).await?;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.data()["config"]["passwordSet"], true);
    let id: DataSourceId = created.data()["id"].as_str().unwrap_or_default().parse()?;
    let test = format!("{PATH}/{id}/test");
    let missing = gateway.send(Method::POST, &test, None).await?;
    assert_eq!(
        (missing.status, missing.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        missing.text
    );
    assert!(
        missing.text.contains(&reference),
        "the reference is named: {}",
        missing.text
    );

    for (content, works) in [
        (format!("{password}\n"), true),
        ("wrong-password-in-a-file".to_owned(), false),
        (password.clone(), true),
    ] {
        std::fs::write(&file, content)?;
        let tested = gateway.send(Method::POST, &test, None).await?;
        assert_eq!(tested.status == 200, works, "{}", tested.text);
        assert!(
            !tested.text.contains("wrong-password-in-a-file"),
            "{}",
            tested.text
        );
    }
    // Changed under another name and put in place at once, as orchestrators do it.
    std::fs::write(secrets.join("new"), "wrong-password-in-a-file")?;
    std::fs::rename(secrets.join("new"), &file)?;
    assert_eq!(gateway.send(Method::POST, &test, None).await?.status, 503);
    std::fs::write(&file, &password)?;
    let answer = gateway.query(id, "SELECT 1", json!({})).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let log = gateway.stop().await?;
    for secret in [password.as_str(), "wrong-password-in-a-file"] {
        assert!(!log.contains(secret), "the log holds a password");
    }
    Ok(())
}

async fn variables_and_escapes(server: Server) -> Outcome {
    let (body, password) = with_password(&server, "env:NEXUS_SECRET_READER");
    let environment = [
        ("NEXUS_SECRET_READER", password.as_str()),
        ("OTHER_SECRET", &password),
    ];
    let gateway = Gateway::start_in(&environment, SETTINGS).await?;
    assert_eq!(gateway.send(Method::POST, TEST, Some(&body)).await?.status, 200);
    for text in [password.clone(), format!("plain:{password}")] {
        let tested = gateway
            .send(Method::POST, TEST, Some(&with_password(&server, &text).0))
            .await?;
        assert_eq!(tested.status, 200, "{}", tested.text);
    }
    // What looks like a reference can be a password all the same: the server says that it is wrong, nobody looks it up.
    let literal = with_password(&server, "plain:env:NEXUS_SECRET_READER").0;
    let tested = gateway.send(Method::POST, TEST, Some(&literal)).await?;
    assert_eq!(
        (tested.status, tested.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        tested.text
    );
    assert!(
        tested.text.contains("refused the configured account"),
        "{}",
        tested.text
    );
    refused(&gateway, "env:OTHER_SECRET", "secrets.env").await
}

/// Whoever registers a source chooses where its password goes, so a reference must not reach what they could not read.
async fn only_what_is_permitted() -> Outcome {
    let environment = [("NEXUS_SECRET_A", "of the trial"), ("HOME_OF_SECRETS", "another")];
    let gateway = Gateway::start_in(&environment, SETTINGS).await?;
    let secrets = gateway.folder().join("secrets");
    std::fs::create_dir(&secrets)?;
    let above = format!("file:{}/../nexus.toml", secrets.display());
    for (reference, setting) in [
        ("env:HOME_OF_SECRETS", "secrets.env"),
        ("env:NEXUS_SECRET_MISSING", "secrets.env"),
        ("env:NEXUS_AUTH__JWT__SECRET", "secrets.env"),
        ("env:", "secrets.env"),
        ("file:/etc/passwd", "secrets.folders"),
        ("file:secrets/a", "secrets.folders"),
        (&above, "secrets.folders"),
    ] {
        refused(&gateway, reference, setting).await?;
    }
    let closed = Gateway::start_in(&environment, "").await?;
    refused(&closed, "env:NEXUS_SECRET_A", "secrets.env").await?;
    // The key ring beside the store, the store and the settings are where a gateway of the trials has all its files.
    for settings in [
        "[secrets]\nfolders = [\"{folder}\"]\n",
        "[store]\nkeyring_file = \"{folder}/secrets/keys\"\n[secrets]\nfolders = [\"{folder}/secrets\"]\n",
        "[audit]\nto = [\"file\"]\nfile = \"{folder}/secrets/audit\"\n[secrets]\nfolders = [\"{folder}/secrets\"]\n",
        "[store]\nurl = \"sqlite://{folder}/secrets/a.db\"\n[secrets]\nfolders = [\"{folder}/secrets\"]\n",
    ] {
        let failed = Gateway::start_with(settings).await.err().ok_or("it started")?;
        assert!(
            failed.message().is_some_and(|text| text.contains("own files")),
            "{settings}: {failed:?}"
        );
    }
    Ok(())
}

async fn refused(gateway: &Gateway, password: &str, setting: &str) -> Outcome {
    let body = json!({"name": "n", "type": "mysql", "config": {
        "host": "127.0.0.1", "username": "u", "password": password,
    }});
    for path in [PATH, TEST] {
        let answer = gateway.send(Method::POST, path, Some(&body)).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{password}: {}",
            answer.text
        );
        let named = answer.text.contains("config.password") && answer.text.contains(setting);
        assert!(named, "{password}: {}", answer.text);
    }
    Ok::<(), Failed>(())
}
