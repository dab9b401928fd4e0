//! The table, on the terminal as it grows and in the documentation.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use gateway_core::Engine;
use nexus_tests::{Database, Failed};

use crate::load::Answered;

/// What is between these lines of the page is ours; the rest is written by hand.
const BEGIN: &str = "<!-- measured: cargo xtask bench writes what follows -->\n";
const END: &str = "<!-- end of what is measured -->\n";

const HEAD: &str = "| engine | statement | clients | bare/s | gateway/s | ratio | p50 ms | p99 ms | CPU µs/request | RSS MiB | failed | \
    peer/s | peer CPU µs |\n\
    | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// One measurement with its counterpart.
pub(crate) struct Line {
    engine: Engine,
    statement: &'static str,
    clients: usize,
    /// Statements a second, of each turn.
    pub(crate) bare: Vec<f64>,
    answered: Vec<Answered>,
    cpu: Duration,
    resident: u64,
    peer: Option<Peers>,
}

/// What the peer did meanwhile.
#[derive(Default)]
struct Peers {
    requests: u64,
    seconds: f64,
    cpu: Duration,
}

impl Line {
    pub(crate) fn new(engine: Engine, statement: &'static str, clients: usize) -> Self {
        Self {
            engine,
            statement,
            clients,
            bare: Vec::new(),
            answered: Vec::new(),
            cpu: Duration::ZERO,
            resident: 0,
            peer: None,
        }
    }

    /// Adds a turn of the gateway.
    pub(crate) fn gateway(&mut self, answered: &Answered, cpu: Duration, resident: u64) {
        self.answered.push(*answered);
        self.cpu += cpu;
        self.resident = self.resident.max(resident);
    }

    /// Adds a turn of the peer.
    pub(crate) fn peer(&mut self, answered: &Answered, cpu: Duration) {
        let peer = self.peer.get_or_insert_default();
        // What it refuses is no work done.
        peer.requests += answered.requests.saturating_sub(answered.failed);
        peer.seconds += answered.seconds;
        peer.cpu += cpu;
    }

    fn shown(&self) -> String {
        let turns = self.answered.len().max(1) as f64;
        let bare = self.bare.iter().sum::<f64>() / turns;
        let requests: u64 = self.answered.iter().map(|turn| turn.requests).sum();
        let seconds: f64 = self.answered.iter().map(|turn| turn.seconds).sum();
        let mean = |of: fn(&Answered) -> f64| self.answered.iter().map(of).sum::<f64>() / turns;
        let rate = requests as f64 / seconds;
        let peer = match &self.peer {
            None => "– | –".to_owned(),
            Some(peer) => format!(
                "{:.0} | {:.0}",
                peer.requests as f64 / peer.seconds,
                peer.cpu.as_micros() as f64 / peer.requests.max(1) as f64
            ),
        };
        format!(
            "| {} | {} | {} | {bare:.0} | {rate:.0} | {:.2} | {:.2} | {:.2} | {:.0} | {} | {} | {peer} |\n",
            self.engine,
            self.statement,
            self.clients,
            rate / bare,
            mean(|turn| turn.p50_ms),
            mean(|turn| turn.p99_ms),
            self.cpu.as_micros() as f64 / requests.max(1) as f64,
            self.resident,
            self.answered.iter().map(|turn| turn.failed).sum::<u64>(),
        )
    }
}

/// All measurements.
#[derive(Default)]
pub(crate) struct Report {
    versions: Vec<String>,
    table: String,
}

impl Report {
    /// Notes the version of a database.
    pub(crate) async fn version(&mut self, engine: Engine, database: &Database) -> Result<(), Failed> {
        let version = match engine {
            Engine::Sqlite => rusqlite::version().to_owned(),
            _ => database.ask("SELECT version()").await?,
        };
        let version = version.split(" on ").next().unwrap_or_default();
        self.versions
            .push(format!("{engine} {}", version.trim_start_matches("PostgreSQL ")));
        Ok(())
    }

    /// Adds a line, and shows it.
    pub(crate) fn add(&mut self, line: Line) {
        if self.table.is_empty() {
            print!("{HEAD}");
            self.table.push_str(HEAD);
        }
        let shown = line.shown();
        print!("{shown}");
        self.table.push_str(&shown);
    }

    /// Puts the table into its place on a page.
    pub(crate) fn write(&self, page: &Path, taken: &str) -> Result<(), Failed> {
        let old = std::fs::read_to_string(page)?;
        let (before, rest) = old
            .split_once(BEGIN)
            .ok_or("the page has no place for the table")?;
        let (_, after) = rest.split_once(END).ok_or("the place for the table has no end")?;
        let mut new = before.to_owned();
        write!(
            new,
            "{BEGIN}\n{taken}\n\n{}\nVersions: {}; {}; {}.\n\n{}\n{END}{after}",
            machine()?,
            self.versions.join(", "),
            said(&["pgbench", "--version"])?,
            said(&["wrk", "--version"])?,
            self.table
        )?;
        Ok(std::fs::write(page, new)?)
    }
}

fn machine() -> Result<String, Failed> {
    let processors = std::fs::read_to_string("/proc/cpuinfo")?;
    let named = |field: &str| processors.lines().find(|line| line.starts_with(field));
    let model = named("model name").and_then(|line| Some(line.split_once(": ")?.1));
    let count = processors
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kibibytes: u64 = memory.split_whitespace().nth(1).ok_or("no memory")?.parse()?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    Ok(format!(
        "Machine: {count} x {}, {} GiB; all sides share it. Load average of the last quarter of an hour at the end: {}.\n",
        model.unwrap_or("unknown processor"),
        kibibytes / 1024 / 1024,
        load.split_whitespace().nth(2).unwrap_or("unknown"),
    ))
}

/// The first line that a program says of itself.
fn said(command: &[&str]) -> Result<String, Failed> {
    let output = Command::new(command[0]).args(&command[1..]).output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let line = told.lines().next().unwrap_or_default();
    Ok(line
        .split(" Copyright")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned())
}
