//! A release gateway as it comes: audit, metrics, rate limit and read-only transactions are on. Only its addresses, whose tokens
//! it takes and where sources may point are set, and the rate that one caller may reach, which is more than the usual here.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, gateway_binary};
use serde_json::{Value, json};

use crate::issuer::Issuer;

/// The clock ticks of /proc: fixed at 100 a second on Linux, whatever the kernel's own clock does.
const TICK: Duration = Duration::from_millis(10);

/// A gateway; it is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    url: String,
    issuer: Issuer,
    _folder: tempfile::TempDir,
}

impl Running {
    /// A gateway whose sources may be where `database` is, for callers with tokens of `issuer`.
    pub(crate) fn start(database: &Database, issuer: Issuer) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("nexus.toml");
        let mut settings = "server.listen = \"127.0.0.1:0\"\nmetrics.listen = \"127.0.0.1:0\"\n\
             network.allow = [\"127.0.0.0/8\"]\nlimits.rate = 1000000\n"
            .to_owned();
        settings.push_str(&issuer.settings(folder.path())?);
        if let Database::File(place) = database {
            let place = place.path().display().to_string();
            settings.push_str(&format!("network.sqlite_folders = [{place:?}]\n"));
        }
        std::fs::write(&file, settings)?;
        let mut child = Command::new(gateway_binary()?)
            .args(["serve", "--config"])
            .arg(&file)
            .current_dir(folder.path())
            .envs(issuer.secret().map(|secret| ("NEXUS_AUTH__JWT__SECRET", secret)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut log = BufReader::new(child.stderr.take().ok_or("no standard error")?);
        let mut running = Self {
            child,
            url: String::new(),
            issuer,
            _folder: folder,
        };
        running.url = listening(&mut log)?;
        // The log is read, as a collector would, and thrown away.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Ok(running)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A token for everything.
    pub(crate) fn token(&self) -> Result<String, Failed> {
        self.issuer.token()
    }

    pub(crate) async fn register(&self, database: &Database) -> Result<DataSourceId, Failed> {
        let mut body = database.source("measured");
        if database.engine() != Engine::Sqlite {
            // As the other sides do: nothing leaves the machine.
            body["config"]["tls"] = json!("disable");
        }
        let answer: Value = reqwest::Client::new()
            .post(format!("{}/api/v1/datasources", self.url))
            .bearer_auth(self.token()?)
            .json(&body)
            .send()
            .await?
            .json()
            .await?;
        let id = answer["data"]["id"]
            .as_str()
            .ok_or_else(|| format!("not registered: {answer}"))?;
        Ok(id.parse()?)
    }

    /// The processor time it has used so far.
    pub(crate) fn cpu(&self) -> Result<Duration, Failed> {
        cpu_of(self.child.id())
    }

    /// Its memory, in MiB.
    pub(crate) fn resident(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kibibytes: u64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next())
            .ok_or("no VmRSS")?
            .parse()?;
        Ok(kibibytes / 1024)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processor time that a process has used so far.
pub(crate) fn cpu_of(process: u32) -> Result<Duration, Failed> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The program's name, which may hold anything, is in brackets.
    let (_, fields) = stat.rsplit_once(") ").ok_or("no fields")?;
    let ticks: u32 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u32>)
        .sum::<Result<_, _>>()?;
    Ok(TICK * ticks)
}

fn listening(log: &mut impl BufRead) -> Result<String, Failed> {
    let (mut all, mut line) = (String::new(), String::new());
    while log.read_line(&mut line)? > 0 {
        let entry: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
        if let (Some("listening"), Some(address)) = (entry["msg"].as_str(), entry["address"].as_str()) {
            return Ok(format!("http://{address}"));
        }
        all.push_str(&line);
        line.clear();
    }
    Err(format!("the gateway did not start:\n{all}").into())
}
