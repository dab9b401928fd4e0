//! The engines' own clients.

use std::process::Stdio;

use gateway_core::Engine;
use nexus_tests::{Database, Failed};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::cases::Cases;

/// What stands for NULL where the client lets us choose.
const NULL: &str = "\u{1}NULL\u{1}";

/// What the client shows for each value of each group.
pub(super) async fn ask(database: &Database, cases: &Cases) -> Result<Vec<Vec<Option<String>>>, Failed> {
    let mut script = preamble(database.engine()).to_owned();
    for group in &cases.groups {
        let (table, expression) = (&group.table, &group.expression);
        script.push_str(&format!("SELECT {expression} FROM {table} ORDER BY id;\n"));
    }
    let values = match database {
        Database::File(folder) => {
            let mut client = Command::new("sqlite3");
            client
                .args([
                    "-batch",
                    "-bail",
                    "-noheader",
                    "-nullvalue",
                    NULL,
                    "-newline",
                    "\u{1e}",
                ])
                .arg(folder.path().join("data.db"));
            split(&run(client, &script).await?, '\u{1e}')
        }
        Database::Server(server) if server.engine == Engine::PostgreSql => {
            let mut client = Command::new("psql");
            client
                .args(["-AtXq0", "-v", "ON_ERROR_STOP=1", "-P"])
                .arg(format!("null={NULL}"));
            client.args(["-d", &server.url]);
            split(&run(client, &script).await?, '\0')
        }
        Database::Server(_) => {
            let source = database.source("");
            let text = |what: &str| source["config"][what].as_str().unwrap_or_default().to_owned();
            let mut client = Command::new("mariadb");
            client
                .args([
                    "--no-defaults",
                    "--batch",
                    "--skip-column-names",
                    "--default-character-set=utf8mb4",
                ])
                .args(["--host", &text("host"), "--user", &text("username")])
                .arg(format!("--port={}", source["config"]["port"]))
                .env("MYSQL_PWD", text("password"))
                .arg(text("database"));
            let output = run(client, &script).await?;
            output.lines().map(unescaped).collect()
        }
    };
    let wanted: usize = cases.groups.iter().map(|group| group.literals.len()).sum();
    assert_eq!(
        values.len(),
        wanted,
        "the client's answer has another number of values"
    );
    let mut values = values.into_iter();
    Ok(cases
        .groups
        .iter()
        .map(|group| values.by_ref().take(group.literals.len()).collect())
        .collect())
}

/// What the gateway pins in its sessions, as far as it concerns the text of values.
fn preamble(engine: Engine) -> &'static str {
    match engine {
        Engine::PostgreSql => {
            "SET timezone = 'UTC'; SET intervalstyle = 'iso_8601'; SET datestyle = 'ISO, YMD';\n"
        }
        Engine::MySql | Engine::MariaDb => "SET time_zone = '+00:00';\n",
        Engine::Sqlite | Engine::Oracle => "",
    }
}

async fn run(mut client: Command, script: &str) -> Result<String, Failed> {
    let mut child = client
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let script = script.to_owned();
    let feed = tokio::spawn(async move { input.write_all(script.as_bytes()).await });
    let output = child.wait_with_output().await?;
    feed.await??;
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{complaint}");
    Ok(String::from_utf8(output.stdout)?)
}

fn split(output: &str, end: char) -> Vec<Option<String>> {
    output
        .split_terminator(end)
        .map(|value| (value != NULL).then(|| value.to_owned()))
        .collect()
}

/// The batch mode of MySQL's and MariaDB's client: NULL in letters, and escapes for what would break the lines.
fn unescaped(line: &str) -> Option<String> {
    if line == "NULL" {
        return None;
    }
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    Some(text)
}
