//! Load on the gateway, by wrk.

use std::fmt::Write as _;
use std::path::PathBuf;

use gateway_core::DataSourceId;
use nexus_tests::Failed;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::running::Running;
use crate::statement::{ROWS, Statement, VARIANTS};

/// Posts the bodies of a file in turn, one a line, and says at the end how it went.
const SCRIPT: &str = r#"
local requests, last = {}, 0
function init(arguments)
  local headers = { ["Content-Type"] = "application/json" }
  if arguments[3] then headers["Authorization"] = "Bearer " .. arguments[3] end
  for body in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", arguments[2], headers, body)
  end
end
function request()
  last = last % #requests + 1
  return requests[last]
end
function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), failed))
end
"#;

/// Requests of one kind, ready to be sent.
pub(crate) struct Load {
    folder: tempfile::TempDir,
    url: String,
    path: String,
    /// Empty for none.
    token: String,
}

/// How a load was borne.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Refused, or not answered.
    pub(crate) failed: u64,
}

impl Load {
    /// Queries of the gateway that run `statement`.
    pub(crate) fn prepare(
        gateway: &Running,
        source: DataSourceId,
        statement: Statement,
    ) -> Result<Self, Failed> {
        let bodies = (0..VARIANTS).map(|number| {
            json!({
                "dataSourceId": source.to_string(),
                "sql": statement.text("?", number),
                "parameters": [statement.value(number)],
                "limit": ROWS,
            })
        });
        Self::new(gateway.url(), "/api/v1/query", &gateway.token()?, bodies)
    }

    /// Requests that post `bodies` in turn to `path`, with a token unless that is empty.
    pub(crate) fn new(
        url: &str,
        path: &str,
        token: &str,
        bodies: impl Iterator<Item = Value>,
    ) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let mut lines = String::new();
        for body in bodies {
            writeln!(lines, "{body}")?;
        }
        std::fs::write(folder.path().join("bodies"), lines)?;
        std::fs::write(folder.path().join("script.lua"), SCRIPT)?;
        Ok(Self {
            folder,
            url: url.to_owned(),
            path: path.to_owned(),
            token: token.to_owned(),
        })
    }

    pub(crate) async fn run(&self, clients: usize, seconds: u32) -> Result<Answered, Failed> {
        let file = |name: &str| -> PathBuf { self.folder.path().join(name) };
        let output = Command::new("wrk")
            .args(["--threads", "1", "--timeout", "30s"])
            .args(["--connections", &clients.to_string()])
            .args(["--duration", &format!("{seconds}s")])
            .arg("--script")
            .arg(file("script.lua"))
            .arg(&self.url)
            .arg("--")
            .arg(file("bodies"))
            .arg(&self.path)
            .args(Some(&self.token).filter(|token| !token.is_empty()))
            .output()
            .await?;
        let told = String::from_utf8_lossy(&output.stdout);
        parse(&told).ok_or_else(|| format!("wrk: {told}{}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

fn parse(told: &str) -> Option<Answered> {
    let line = told.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    let numbers: Vec<u64> = line
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let &[requests, micros, p50, p99, failed] = numbers.as_slice() else {
        return None;
    };
    Some(Answered {
        requests,
        seconds: micros as f64 / 1e6,
        p50_ms: p50 as f64 / 1e3,
        p99_ms: p99 as f64 / 1e3,
        failed,
    })
}
