//! A peer beside the gateway: MCP Toolbox for Databases, if its program `toolbox` is on the path. It has one tool for each
//! statement, which it prepares itself; it asks nobody who they are, and keeps no record.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gateway_core::Engine;
use nexus_tests::{Database, Failed};
use serde_json::{Value, json};

use crate::load::Load;
use crate::running::cpu_of;
use crate::statement::{Statement, VARIANTS};

const PROGRAM: &str = "toolbox";

/// The statements that it is measured with.
const MEASURED: [Statement; 2] = [Statement::OneRow, Statement::Whole];

/// How long it may take to start.
const START: Duration = Duration::from_secs(30);

/// A running peer; it is killed when this is dropped.
pub(crate) struct Peer {
    child: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Peer {
    /// Starts it over `database`; `None` if there is no such program.
    pub(crate) async fn start(database: &Database) -> Result<Option<Self>, Failed> {
        if Command::new(PROGRAM).arg("--version").output().is_err() {
            return Ok(None);
        }
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("tools.yaml");
        // JSON is YAML.
        std::fs::write(&file, tools(database).to_string())?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(PROGRAM)
            .arg("--config")
            .arg(&file)
            .args(["--enable-api", "--disable-version-check", "--disable-reload"])
            .args(["--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let peer = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        };
        peer.until_ready().await?;
        Ok(Some(peer))
    }

    async fn until_ready(&self) -> Result<(), Failed> {
        let begun = Instant::now();
        while reqwest::get(&self.url).await.is_err() {
            if begun.elapsed() > START {
                return Err("the peer does not start".into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Requests that run `statement`, if that is measured.
    pub(crate) fn load(&self, statement: Statement) -> Result<Option<Load>, Failed> {
        let Some(tool) = MEASURED.iter().position(|measured| *measured == statement) else {
            return Ok(None);
        };
        let bodies = (0..VARIANTS).map(|number| json!({"id": statement.value(number)}));
        let path = format!("/api/tool/{}/invoke", name(tool));
        Ok(Some(Load::new(&self.url, &path, "", bodies)?))
    }

    /// The processor time it has used so far.
    pub(crate) fn cpu(&self) -> Result<Duration, Failed> {
        cpu_of(self.child.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn name(tool: usize) -> String {
    format!("measured-{tool}")
}

/// Its settings: one source, one tool for each statement.
fn tools(database: &Database) -> Value {
    let (engine, mark) = match database.engine() {
        Engine::PostgreSql => ("postgres", "$1"),
        Engine::Sqlite => ("sqlite", "?"),
        _ => ("mysql", "?"),
    };
    let config = &database.source("measured")["config"];
    let mut source = match database.engine() {
        Engine::Sqlite => json!({"kind": engine, "database": config["path"]}),
        _ => json!({
            "kind": engine, "host": config["host"], "port": config["port"].to_string(),
            "database": config["database"], "user": config["username"], "password": config["password"],
        }),
    };
    if database.engine() == Engine::PostgreSql {
        // As the other sides do: nothing leaves the machine.
        source["queryParams"] = json!({"sslmode": "disable"});
    }
    let tools: serde_json::Map<String, Value> = MEASURED
        .iter()
        .enumerate()
        .map(|(tool, statement)| {
            let described = json!({
                "kind": format!("{engine}-sql"), "source": "measured", "description": statement.name(),
                "statement": statement.text(mark, 0),
                "parameters": [{"name": "id", "type": "integer", "description": "the key"}],
            });
            (name(tool), described)
        })
        .collect();
    json!({"sources": {"measured": source}, "tools": tools})
}
