//! The command line, as it is typed.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use gateway_core::Engine;
use nexus_tests::{Failed, Gateway, Outcome, SECRET, Server, Trials, gateway_binary};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) fn register(trials: &mut Trials) {
    trials.plain("cli::help", help);
    trials.plain("cli::validate", validate);
    trials.plain("cli::validate_lines", validate_lines);
    trials.plain("cli::keys_and_migrate", keys_and_migrate);
    trials.simple("cli::token", token);
    trials.simple("cli::health", health);
    trials.simple("cli::demo", demo);
    trials.simple("cli::demo_curl_lines", demo_curl_lines);
    trials.simple("cli::lost_keys", lost_keys);
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("cli::newer_store_is_refused", engine, newer_store);
    }
}

/// Runs the binary in `folder` with `arguments`, `input` and the tests' token secret.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> Result<Output, Failed> {
    let mut child = std::process::Command::new(gateway_binary()?)
        .args(arguments)
        .current_dir(folder)
        .env("NEXUS_AUTH__JWT__SECRET", SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .ok_or("no standard input")?
        .write_all(input.as_bytes())?;
    Ok(child.wait_with_output()?)
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn help() -> Outcome {
    let folder = tempfile::tempdir()?;
    for command in [
        &[][..],
        &["demo"],
        &["serve"],
        &["config"],
        &["config", "check"],
        &["config", "show"],
        &["config", "schema"],
        &["migrate"],
        &["token", "mint"],
        &["keys", "generate"],
        &["source"],
        &["source", "add"],
        &["source", "list"],
        &["source", "update"],
        &["query"],
        &["validate"],
        &["openapi"],
        &["health"],
    ] {
        let output = run(folder.path(), &[command, &["--help"]].concat(), "")?;
        assert!(
            output.status.success() && out(&output).contains("Usage:"),
            "{command:?}"
        );
    }
    let wrong = run(folder.path(), &["sevre"], "")?;
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("serve"), "{}", err(&wrong));
    Ok(())
}

fn validate() -> Outcome {
    let folder = tempfile::tempdir()?;
    for (dialect, sql, code) in [
        ("postgresql", "SELECT a::int FROM t", 0),
        ("mysql", "SELECT `a` FROM t LIMIT 5, 10", 0),
        ("mysql", "DELETE FROM t", 2),
        ("sqlite", "SELEC", 2),
        ("sqlite", "", 2),
        ("db2", "SELECT 1", 2),
    ] {
        let output = run(folder.path(), &["validate", "--dialect", dialect], sql)?;
        assert_eq!(
            output.status.code(),
            Some(code),
            "{dialect} {sql}: {}",
            err(&output)
        );
        assert_eq!(
            out(&output).is_empty(),
            code != 0,
            "data is on stdout, errors are not"
        );
    }
    let output = run(
        folder.path(),
        &["validate", "--dialect", "mysql"],
        "SELECT 1;\n DROP TABLE t",
    )?;
    assert!(err(&output).contains("line 2"), "{}", err(&output));
    Ok(())
}

fn validate_lines() -> Outcome {
    let folder = tempfile::tempdir()?;
    let input = [
        json!({"id": 1, "dialect": "postgresql", "sql": "SELECT 1"}),
        json!({"id": "two", "dialect": "mysql", "sql": "SELECT 1\nINTO OUTFILE '/tmp/x'"}),
        json!({"id": [3], "dialect": "oracle", "sql": "SELECT 1 FROM dual"}),
    ];
    let lines: String = input.iter().map(|line| format!("{line}\n")).collect();
    let output = run(folder.path(), &["validate", "--jsonl"], &lines)?;
    assert!(output.status.success(), "{}", err(&output));
    let answers: Vec<Value> = out(&output)
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [&json!(1), &json!("two"), &json!([3])]);
    assert_eq!(
        answers[0],
        json!({"id": 1, "allowed": true, "code": null, "reason": null, "line": null, "column": null})
    );
    assert_eq!(
        (&answers[1]["allowed"], &answers[1]["code"]),
        (&json!(false), &json!("INVALID_SQL"))
    );
    assert_eq!(answers[1]["line"], 2, "{}", answers[1]);
    let broken = run(folder.path(), &["validate", "--jsonl"], "{\"id\":1,\n")?;
    assert_eq!(broken.status.code(), Some(1));
    assert!(err(&broken).contains("line 1"), "{}", err(&broken));
    Ok(())
}

fn keys_and_migrate() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir()?;
    let made = run(folder.path(), &["keys", "generate", "keys"], "")?;
    assert!(made.status.success(), "{}", err(&made));
    let mode = std::fs::metadata(folder.path().join("keys"))?
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = run(folder.path(), &["keys", "generate", "keys"], "")?;
    assert_eq!(
        again.status.code(),
        Some(1),
        "an existing key ring is never overwritten"
    );
    for expected in ["applied", "version"] {
        let migrated = run(folder.path(), &["migrate"], "")?;
        assert!(
            migrated.status.success() && out(&migrated).contains(expected),
            "{}",
            out(&migrated)
        );
    }
    Ok(())
}

async fn token() -> Outcome {
    let gateway = Gateway::start().await?;
    let mint = |arguments: &[&str]| {
        run(
            gateway.folder(),
            &[&["token", "mint", "--sub", "ann"], arguments].concat(),
            "",
        )
    };
    let good = mint(&["--scope", "query sources:read", "--ttl", "1h"])?;
    assert!(good.status.success(), "{}", err(&good));
    let request = gateway
        .bare_request(reqwest::Method::GET, "/api/v1/datasources")
        .bearer_auth(out(&good).trim());
    assert_eq!(gateway.answer(request).await?.status, 200);
    for (arguments, said) in [
        (&["--scope", "everything"][..], "everything"),
        (&["--sources", "nonsense"], "--sources"),
        (&["--ttl", "soon"], "soon"),
    ] {
        let refused = mint(arguments)?;
        assert!(
            !refused.status.success() && err(&refused).contains(said),
            "{arguments:?}: {}",
            err(&refused)
        );
    }
    Ok(())
}

async fn health() -> Outcome {
    let gateway = Gateway::start().await?;
    let ready = run(gateway.folder(), &["health", gateway.url()], "")?;
    assert!(
        ready.status.success() && out(&ready) == "ready\n",
        "{}",
        err(&ready)
    );
    let nobody = run(gateway.folder(), &["health", "http://127.0.0.1:9"], "")?;
    assert_eq!(nobody.status.code(), Some(1));
    Ok(())
}

/// A demo that runs, and what it said first.
async fn start_demo(folder: &Path, arguments: &[&str], lines: usize) -> Result<(Child, String), Failed> {
    let mut child = Command::new(gateway_binary()?)
        .arg("demo")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()?;
    let mut said = String::new();
    let mut stdout = BufReader::new(child.stdout.take().ok_or("no standard output")?);
    let reading = async {
        for _ in 0..lines {
            if stdout.read_line(&mut said).await? == 0 {
                return Err(Failed::from("the demo ended early"));
            }
        }
        Ok(())
    };
    let outcome = tokio::time::timeout(std::time::Duration::from_secs(60), reading).await;
    outcome.map_err(|_| Failed::from(format!("the demo said no more than:\n{said}")))??;
    Ok((child, said))
}

async fn demo() -> Outcome {
    let folder = tempfile::tempdir()?;
    let arguments = ["--json", "--data", "data", "--listen", "127.0.0.1:0"];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let (mut child, line) = start_demo(folder.path(), &arguments, 1).await?;
        let about: Value = serde_json::from_str(&line)?;
        let text = |field: &str| about[field].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            text("dataDir"),
            folder.path().canonicalize()?.join("data").display().to_string()
        );
        let body = json!({"dataSourceId": text("dataSourceId"), "sql": "SELECT count(*) FROM orders"});
        let client = reqwest::Client::new();
        let query = client
            .post(format!("{}/api/v1/query", text("url")))
            .bearer_auth(text("token"));
        let answer: Value = query.body(body.to_string()).send().await?.json().await?;
        assert_eq!(answer["data"]["rows"], json!([["3000"]]), "{answer}");
        ids.push(text("dataSourceId"));
        child.kill().await?;
    }
    assert_eq!(ids[0], ids[1], "the second start uses the first one's data");
    Ok(())
}

/// What the demo prints can be pasted.
async fn demo_curl_lines() -> Outcome {
    let folder = tempfile::tempdir()?;
    // One demo holds the usual port or finds it taken; the other must find a free one and say so.
    let (_first, _) = start_demo(folder.path(), &["--data", "one"], 4).await?;
    let (_second, said) = start_demo(folder.path(), &["--data", "two"], 21).await?;
    assert!(said.contains("is taken"), "{said}");
    let (_, script) = said.split_once("terminal:\n").ok_or("no script")?;
    let pasted = Command::new("bash").args(["-e", "-c", script]).output().await?;
    assert!(
        pasted.status.success(),
        "{}",
        String::from_utf8_lossy(&pasted.stderr)
    );
    let printed = String::from_utf8(pasted.stdout)?;
    let answers: Vec<Value> = serde_json::Deserializer::from_str(&printed)
        .into_iter()
        .collect::<Result<_, _>>()?;
    assert_eq!(answers.len(), 3, "{printed}");
    assert_eq!(
        answers[0]["data"]["rows"].as_array().map(Vec::len),
        Some(5),
        "{}",
        answers[0]
    );
    assert_eq!(answers[1]["error"]["code"], "INVALID_SQL", "{}", answers[1]);
    assert_eq!(
        answers[2]["data"]["items"][0]["name"], "Demo shop",
        "{}",
        answers[2]
    );
    Ok(())
}

/// A key ring that is gone is said at start, and no new one takes its place.
async fn lost_keys() -> Outcome {
    let gateway = Gateway::start_with("[store]\nurl = \"sqlite://{folder}/kept/nexus.db\"\n").await;
    assert!(gateway.is_err(), "a folder that is not there is an error");
    let gateway = Gateway::start().await?;
    let folder = tempfile::tempdir()?;
    std::fs::copy(gateway.folder().join("nexus.db"), folder.path().join("nexus.db"))?;
    let refused = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"], "")?;
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("key ring"), "{}", err(&refused));
    assert!(!folder.path().join("nexus.db.keyring").exists());
    Ok(())
}

/// A store with tables of a later version is left alone.
async fn newer_store(server: Server) -> Outcome {
    let database = nexus_tests::Database::Server(server.clone());
    database
        .execute(&[
            "DROP DATABASE IF EXISTS nexus_newer",
            "CREATE DATABASE nexus_newer",
        ])
        .await?;
    let (address, _) = server.url.rsplit_once('/').ok_or("no database")?;
    let folder = tempfile::tempdir()?;
    let settings = format!("[store]\nurl = \"{address}/nexus_newer\"\nkeyring_file = \"keys\"\n");
    std::fs::write(folder.path().join("nexus.toml"), settings)?;
    assert!(
        run(folder.path(), &["keys", "generate", "keys"], "")?
            .status
            .success()
    );
    assert!(run(folder.path(), &["migrate"], "")?.status.success());
    database
        .execute(&[
            "INSERT INTO nexus_newer.schema_migrations SELECT 9999, 'later', checksum, applied_at \
                    FROM nexus_newer.schema_migrations LIMIT 1",
        ])
        .await?;
    for command in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = run(folder.path(), command, "")?;
        assert_eq!(refused.status.code(), Some(1), "{command:?}");
        assert!(err(&refused).contains("9999"), "{command:?}: {}", err(&refused));
    }
    Ok(())
}
