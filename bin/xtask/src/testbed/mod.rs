//! Private servers for the tests.
//!
//! `up` makes a temporary folder with one sub-folder a server, initialises each server there, and starts it on a free
//! loopback port through a small generated script, `start-<engine>` in `<build folder>/testbed/`. The script starts the
//! server in the background and returns when it takes connections, so that a test (or `cargo xtask testbed start`) that
//! killed a server brings it back, on the same port and data, exactly as `up` started it.
//!
//! What tests and developers need is in variables, kept in `<build folder>/testbed/env` and printed by `env`. For each
//! engine E of MYSQL, MARIADB and POSTGRESQL:
//!
//! | variable | content |
//! | --- | --- |
//! | `NEXUS_TEST_E_URL` | the gateway's account: all rights in database `nexus`, may make databases named `nexus_…`, sees all sessions |
//! | `NEXUS_TEST_E_READER_URL` | an account that may only SELECT |
//! | `NEXUS_TEST_E_ADMIN_URL` | an account with every right |
//! | `NEXUS_TEST_E_PIDFILE` | a file whose first line is the server's process id |
//! | `NEXUS_TEST_E_TLS` | the folder with the server's `server.crt`, `server.key` and `ca.crt` (whose client certificates it accepts) |
//! | `NEXUS_TEST_E_START` | the start script; does nothing if the server is up |
//!
//! `NEXUS_TEST_PYTHON` is an interpreter that has the packages of `tests/requirements.txt`, and `NEXUS_TEST_NODE_MODULES` the
//! folder where Node.js finds those of `tests/package.json`.
//!
//! The servers listen on 127.0.0.1 only, their passwords are made anew each time, and as root they run as `nobody`.

mod account;
mod cached;
mod certificate;
mod env_file;
mod mariadb;
mod mysql;
mod mysql_install;
mod node;
mod packages;
mod postgresql;
mod python;
mod script;
mod server;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::shell::{self, say};
use crate::{interrupt, paths};

pub(crate) use env_file::Bed;

/// A server the testbed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// MySQL 9.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// PostgreSQL.
    Postgresql,
}

impl Engine {
    const ALL: [Self; 3] = [Self::Mysql, Self::Mariadb, Self::Postgresql];

    /// The name in commands and in `NEXUS_TEST_WITHOUT`.
    fn name(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Postgresql => "postgresql",
        }
    }

    /// The variable `NEXUS_TEST_<ENGINE>_<what>`.
    fn variable(self, what: &str) -> String {
        format!("NEXUS_TEST_{}_{what}", self.name().to_uppercase())
    }

    fn is_left_out(self) -> bool {
        is_left_out(self.name())
    }
}

/// Whether `NEXUS_TEST_WITHOUT` names `what`.
pub(crate) fn is_left_out(what: &str) -> bool {
    env::var("NEXUS_TEST_WITHOUT").is_ok_and(|list| list.split(',').any(|name| name.trim() == what))
}

/// A testbed that is up as far as possible.
pub(crate) struct Outcome {
    /// What is up.
    pub(crate) bed: Bed,
    /// What should be and is not, and why.
    pub(crate) problems: Vec<String>,
}

impl Outcome {
    /// Fails if a server is missing.
    pub(crate) fn complete(self) -> Result<()> {
        if self.problems.is_empty() {
            say("up; addresses: cargo xtask testbed env");
            return Ok(());
        }
        bail!("{}", self.problems.join("\n"))
    }
}

/// Starts every server that is not left out and not up yet.
pub(crate) fn up() -> Result<Outcome> {
    let folder = folder()?;
    fs::create_dir_all(&folder)?;
    let _lock = env_file::lock(&folder)?;
    let mut bed = match Bed::load(&folder)? {
        Some(bed) => bed,
        None => Bed::create(&folder)?,
    };
    let wanted: Vec<Engine> = Engine::ALL
        .into_iter()
        .filter(|engine| !engine.is_left_out())
        .collect();
    let missing: Vec<Engine> = wanted
        .iter()
        .copied()
        .filter(|engine| !bed.has(*engine))
        .collect();
    let mut problems = Vec::new();
    if let Err(error) = packages::install(&missing) {
        problems.push(format!("{error:#}"));
    }
    for engine in wanted {
        interrupt::check()?;
        let result = if bed.has(engine) {
            script::run(&bed, engine)
        } else {
            add(&mut bed, engine)
        };
        if let Err(error) = result {
            problems.push(format!("{}: {error:#}", engine.name()));
        }
    }
    interrupt::check()?;
    if let Err(error) = python::add(&mut bed) {
        problems.push(format!("Python: {error:#}"));
    }
    interrupt::check()?;
    if let Err(error) = node::add(&mut bed) {
        problems.push(format!("Node.js: {error:#}"));
    }
    Ok(Outcome { bed, problems })
}

fn add(bed: &mut Bed, engine: Engine) -> Result<()> {
    // Left by an attempt that was interrupted after the start.
    if let Some(pid) = server::pid(bed, engine) {
        server::signal(pid, server::stop_signal(engine))?;
        server::wait_for_end(pid)?;
    }
    match engine {
        Engine::Mysql => mysql::add(bed),
        Engine::Mariadb => mariadb::add(bed),
        Engine::Postgresql => postgresql::add(bed),
    }
}

/// Stops every server and removes the data.
pub(crate) fn down() -> Result<()> {
    let folder = folder()?;
    if !folder.exists() {
        say("nothing is up");
        return Ok(());
    }
    let _lock = env_file::lock(&folder)?;
    let Some(bed) = Bed::load(&folder)? else {
        say("nothing is up");
        return Ok(());
    };
    let running: Vec<_> = Engine::ALL
        .into_iter()
        .filter_map(|engine| server::pid(&bed, engine).map(|pid| (engine, pid)))
        .collect();
    for (engine, pid) in &running {
        server::signal(*pid, server::stop_signal(*engine))?;
    }
    for (engine, pid) in &running {
        server::wait_for_end(*pid)?;
        say(format!("stopped {}", engine.name()));
    }
    bed.remove()
}

/// The testbed that is up.
pub(crate) fn running() -> Result<Bed> {
    Bed::load(&folder()?)?.context("no testbed is up; start one with: cargo xtask testbed up")
}

/// Says which servers are up.
pub(crate) fn status() -> Result<()> {
    let bed = running()?;
    println!("data: {}", bed.data().display());
    for engine in Engine::ALL {
        match (bed.has(engine), server::pid(&bed, engine)) {
            (true, Some(pid)) => println!("{}: up, process {pid}", engine.name()),
            (true, None) => println!("{}: down (cargo xtask testbed start {0})", engine.name()),
            (false, _) => println!("{}: not set up", engine.name()),
        }
    }
    Ok(())
}

/// Kills a server as a crash would.
pub(crate) fn kill(engine: Engine) -> Result<()> {
    let bed = running()?;
    let pid = server::pid(&bed, engine).with_context(|| format!("{} is not up", engine.name()))?;
    server::signal(pid, "KILL")?;
    server::wait_for_end(pid)
}

/// Starts a server that was killed.
pub(crate) fn start(engine: Engine) -> Result<()> {
    let bed = running()?;
    if !bed.has(engine) {
        bail!("{} is not set up; run: cargo xtask testbed up", engine.name());
    }
    script::run(&bed, engine)
}

fn folder() -> Result<PathBuf> {
    Ok(paths::target()?.join("testbed"))
}

/// Runs a program that prepares a server, without root's rights, in the server's own folder.
fn prepare(argv: &[String], dir: &std::path::Path) -> Result<()> {
    let (program, args) = argv.split_first().context("an empty command line")?;
    let mut command: Command = shell::unprivileged(program, dir);
    shell::run(command.args(args))
}
