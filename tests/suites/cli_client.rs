//! The commands that ask a running gateway.

use std::path::Path;
use std::process::{Output, Stdio};

use gateway_core::SourceGrant;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials, gateway_binary};
use serde_json::{Value, json};

use crate::cli::{err, out};

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("cli_client::sources", sources);
    trials.simple("cli_client::query", query);
    trials.simple("cli_client::no_gateway", no_gateway);
}

/// Runs the binary with everything it needs to ask `url`.
async fn ask_at(url: &str, token: &str, folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    let child = tokio::process::Command::new(gateway_binary()?)
        .args(arguments)
        .current_dir(folder)
        .env("NEXUS_URL", url)
        .env("NEXUS_TOKEN", token)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    Ok(child.await?)
}

async fn ask(gateway: &Gateway, arguments: &[&str]) -> Result<Output, Failed> {
    let token = gateway.token("admin", SourceGrant::All)?;
    ask_at(gateway.url(), &token, gateway.folder(), arguments).await
}

/// What was printed by a command that must succeed.
async fn printed(gateway: &Gateway, arguments: &[&str]) -> Result<String, Failed> {
    let output = ask(gateway, arguments).await?;
    assert!(output.status.success(), "{arguments:?}: {}", err(&output));
    Ok(out(&output))
}

async fn refused(gateway: &Gateway, arguments: &[&str], code: i32, reason: &str) -> Outcome {
    let output = ask(gateway, arguments).await?;
    let said = err(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(
        said.contains(reason) && out(&output).is_empty(),
        "{arguments:?}: {said}"
    );
    Ok(())
}

fn path_of(database: &Database) -> String {
    let path = &database.source("unused")["config"]["path"];
    path.as_str().unwrap_or_default().to_owned()
}

async fn sources() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let path = path_of(&database);
    let add = ["source", "add", "Shop", "--type", "sqlite", "--path", &path];
    let id = printed(&gateway, &add).await?.trim().to_owned();
    let listed = printed(&gateway, &["source", "list"]).await?;
    let line = format!("{id}  Shop  sqlite  active");
    assert!(listed.lines().any(|listed| listed == line), "{listed}");
    // By name, in any case, or by identifier.
    for named in ["shop", &id] {
        let shown: Value = serde_json::from_str(&printed(&gateway, &["source", "show", named]).await?)?;
        assert_eq!(shown["name"], "Shop", "{shown}");
    }
    let found: Value = serde_json::from_str(&printed(&gateway, &["source", "test", "shop"]).await?)?;
    assert!(found["serverVersion"].is_string(), "{found}");
    printed(
        &gateway,
        &[
            "source",
            "update",
            "shop",
            "--name",
            "Store",
            "--max-pool-size",
            "3",
            "--option",
            "functionLevel=standard",
        ],
    )
    .await?;
    let changed: Value = serde_json::from_str(&printed(&gateway, &["source", "show", "store"]).await?)?;
    assert_eq!(changed["config"]["maxPoolSize"], 3, "{changed}");
    assert_eq!(
        changed["config"]["options"]["functionLevel"], "standard",
        "{changed}"
    );
    // A password goes in by a file, and stays a text if it looks like a number.
    std::fs::write(gateway.folder().join("password"), "123456\n")?;
    let remote = [
        "source",
        "add",
        "Far",
        "--type",
        "mysql",
        "--host",
        "127.0.0.1",
        "--port",
        "1",
    ];
    let account = [
        "--database",
        "d",
        "--username",
        "u",
        "--password-file",
        "password",
    ];
    printed(&gateway, &[&remote[..], &account].concat()).await?;
    let listed: Value = serde_json::from_str(&printed(&gateway, &["source", "list", "-o", "json"]).await?)?;
    let names: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| &item["name"])
        .collect();
    assert_eq!(names, [&json!("Far"), &json!("Store")], "{listed}");
    assert!(listed.to_string().contains("\"passwordSet\":true"), "{listed}");
    refused(&gateway, &["source", "test", "far"], 1, "CONNECTION_ERROR").await?;
    refused(
        &gateway,
        &["source", "add", "Far", "--type", "sqlite", "--path", &path],
        1,
        "CONFLICT",
    )
    .await?;
    refused(
        &gateway,
        &["source", "update", "far"],
        1,
        "nothing is to be changed",
    )
    .await?;
    refused(&gateway, &["source", "add", "x", "--type", "db2"], 2, "db2").await?;
    assert_eq!(printed(&gateway, &["source", "remove", "far"]).await?, "");
    refused(&gateway, &["source", "show", "far"], 1, "no data source \"far\"").await
}

async fn query() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    database
        .execute(&[
            "CREATE TABLE t (id INTEGER, name TEXT)",
            "INSERT INTO t VALUES (1, 'ann'), (20, NULL)",
        ])
        .await?;
    let id = gateway.register(&database).await?.to_string();
    let all = "SELECT id, name FROM t ORDER BY id";
    let table = printed(&gateway, &["query", &id, all]).await?;
    assert_eq!(table, "id  name\n--  ----\n 1  ann\n20  NULL\n");
    let csv = printed(&gateway, &["query", &id, all, "-o", "csv"]).await?;
    assert_eq!(csv, "id,name\r\n1,ann\r\n20,\r\n");
    let json: Value = serde_json::from_str(&printed(&gateway, &["query", &id, all, "-o", "json"]).await?)?;
    assert_eq!(json["rows"], json!([[1, "ann"], [20, null]]));
    let lines = printed(&gateway, &["query", &id, all, "-o", "ndjson"]).await?;
    assert!(lines.lines().count() == 4 && lines.contains("\"end\""), "{lines}");
    let file = gateway.folder().join("rows.arrow");
    let path = file.display().to_string();
    let written = printed(&gateway, &["query", &id, all, "-o", "arrow", "--out", &path]).await?;
    assert!(written.is_empty() && std::fs::read(&file)?.len() > 100);
    // Numbers are numbers, and what is no JSON is a text.
    let chosen = "SELECT name FROM t WHERE id = :id AND name = :name";
    let with = ["query", &id, chosen, "-p", "id=1", "-p", "name=ann", "-o", "csv"];
    assert_eq!(printed(&gateway, &with).await?, "name\r\nann\r\n");
    let cut = ask(&gateway, &["query", &id, all, "--limit", "1"]).await?;
    assert!(
        cut.status.success() && err(&cut).contains("cut by rows"),
        "{}",
        err(&cut)
    );
    for (sql, code, reason) in [
        ("DELETE FROM t", 2, "INVALID_SQL"),
        ("SELEC", 2, "SQL_SYNTAX_ERROR"),
        ("SELECT * FROM nowhere", 1, "QUERY_ERROR"),
    ] {
        refused(&gateway, &["query", &id, sql], code, reason).await?;
        let to_file = ["query", &id, sql, "-o", "csv", "--out", "never.csv"];
        refused(&gateway, &to_file, code, reason).await?;
    }
    let left: Vec<_> = std::fs::read_dir(gateway.folder())?
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("never.csv")),
        "{left:?}"
    );
    refused(&gateway, &["query", "nowhere", all], 1, "no data source").await?;
    // A failure after rows have begun to flow.
    let endless = "WITH RECURSIVE d AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM d) SELECT n FROM d";
    let to_file = [
        "query",
        &id,
        endless,
        "--timeout",
        "500ms",
        "-o",
        "csv",
        "--out",
        "never.csv",
    ];
    refused(&gateway, &to_file, 1, "broke off").await?;
    assert!(!gateway.folder().join("never.csv").exists());
    Ok(())
}

/// Whoever is not there, or not a gateway, or not to be told, is named.
async fn no_gateway() -> Outcome {
    let gateway = Gateway::start().await?;
    for (url, token, reason) in [
        ("http://127.0.0.1:9", "t", "asking http://127.0.0.1:9"),
        ("ftp://127.0.0.1", "t", "http://"),
        (gateway.url(), "nonsense", "UNAUTHORIZED"),
    ] {
        let output = ask_at(url, token, gateway.folder(), &["source", "list"]).await?;
        let said = err(&output);
        assert_eq!(output.status.code(), Some(1), "{url}: {said}");
        assert!(said.contains(reason), "{url}: {said}");
    }
    Ok(())
}
