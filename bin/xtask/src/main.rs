//! Developer tasks, run as `cargo xtask …`: private database servers for the tests, the whole test run, the lints.
//!
//! Nothing here is part of the product. Everything is done with the operating system's own tools (apt-get, the servers'
//! own initialisers), so that building this program takes seconds.

mod bench;
mod chaos;
mod coverage;
mod functions;
mod interrupt;
mod lint;
mod paths;
mod shell;
mod test_run;
mod testbed;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::testbed::Engine;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer tasks of Nexus Gateway", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Private MySQL, MariaDB and PostgreSQL servers on loopback ports, for the tests.
    ///
    /// NEXUS_TEST_WITHOUT=mysql,mariadb,postgresql (any of them) leaves servers out.
    Testbed {
        #[command(subcommand)]
        action: TestbedAction,
    },
    /// Start the test servers, run every test against them, stop them; without arguments, then compare the validator with
    /// PostgreSQL's own grammar.
    ///
    /// Servers that were already up are used and left up. NEXUS_TEST_WITHOUT=mysql,mariadb,postgresql,second-opinion (any of
    /// them) leaves servers, and the comparison, out; the tests that need the servers are then reported as ignored.
    Test {
        /// Arguments for `cargo test`, for example `-p nexus-tests -- query::`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Run every test and say which lines of the library crates they reach; fails below 80 %. Needs cargo-tarpaulin.
    Coverage {
        /// Filters for the tests.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Start the test servers, let every fault befall them in the long form, then soak the gateway for some minutes.
    ///
    /// Servers that were already up are used and left up. `NEXUS_TEST_BINARY` names another program to try, such as a release
    /// build, whose memory and speed say more.
    Chaos {
        /// How long the soak takes; 0 leaves it out.
        #[arg(long, default_value_t = 30)]
        minutes: u32,
        /// Only trials of the suite whose names contain this, for example `chaos::source::killed`; the soak is one of them.
        filter: Option<String>,
    },
    /// Write the lists of functions that come from the engines' own catalogues, against the test servers.
    ///
    /// Needs the clients psql, mariadb and sqlite3.
    Functions {
        /// Only say whether the committed lists are what these servers would give.
        #[arg(long)]
        check: bool,
    },
    /// Measure what the gateway costs, against each engine alone; writes docs/benchmarks.md.
    Bench(bench::Wanted),
    /// Check formatting, clippy with warnings as errors, and (if cargo-deny is installed) licences, bans and sources.
    Lint,
}

#[derive(Subcommand)]
enum TestbedAction {
    /// Install what is missing, then start the servers (those that are not up yet).
    Up,
    /// Stop the servers and remove their data.
    Down,
    /// Print the addresses as shell lines: eval "$(cargo xtask testbed env)".
    Env,
    /// Say which servers are up.
    Status,
    /// Kill one server as a crash would (SIGKILL); its data and port stay.
    Kill {
        /// Which one.
        engine: Engine,
    },
    /// Start one server that was killed, on the same data and port.
    Start {
        /// Which one.
        engine: Engine,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.task {
        Task::Test { args } => return test_run::run(&args),
        Task::Coverage { args } => return coverage::run(&args),
        Task::Chaos { minutes, filter } => return chaos::run(minutes, filter.as_deref()),
        Task::Functions { check } => {
            interrupt::install()?;
            functions::run(check)?;
        }
        Task::Bench(wanted) => bench::run(&wanted)?,
        Task::Lint => lint::run()?,
        Task::Testbed { action } => match action {
            TestbedAction::Up => {
                interrupt::install()?;
                testbed::up()?.complete()?;
            }
            TestbedAction::Down => testbed::down()?,
            TestbedAction::Env => print!("{}", testbed::running()?.as_shell()),
            TestbedAction::Status => testbed::status()?,
            TestbedAction::Kill { engine } => testbed::kill(engine)?,
            TestbedAction::Start { engine } => testbed::start(engine)?,
        },
    }
    Ok(ExitCode::SUCCESS)
}
