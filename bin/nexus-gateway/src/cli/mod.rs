//! The command line: what can be typed, and where it leads.

mod audit;
mod client;
mod config;
mod demo;
mod health;
mod keys;
mod migrate;
mod openapi;
mod progress;
mod serve;
mod token;
mod validate;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::config::{Flag, Settings, file_in_use, load};

/// Exit code for a question whose answer is no.
const NO: u8 = 1;

/// Exit code for a denied statement, as for bad usage.
const DENIED: u8 = 2;

/// Read-only SQL over HTTP for MySQL, MariaDB, PostgreSQL and SQLite.
#[derive(Parser)]
#[command(name = "nexus-gateway", version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try it: a sample database, a token and curl lines, with nothing to install or configure.
    Demo(demo::Demo),
    /// Run the gateway.
    Serve(serve::Serve),
    /// Check, show or describe the settings.
    #[command(subcommand)]
    Config(config::Config),
    /// Bring the metadata store's tables up to date.
    Migrate(Common),
    /// Make bearer tokens.
    #[command(subcommand)]
    Token(token::Token),
    /// Make, look at and replace the keys that seal credentials at rest.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Prove that the audit log is as it was written.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Manage the data sources of a running gateway.
    #[command(subcommand)]
    Source(Box<client::source::Source>),
    /// Run one read-only statement by way of a running gateway.
    Query(client::query::Query),
    /// Check statements from standard input without running them.
    Validate(validate::Validate),
    /// Print the OpenAPI 3.1 description of the HTTP interface.
    Openapi,
    /// Ask a running gateway whether it is ready.
    Health(health::Health),
}

/// Where the settings are.
#[derive(Args)]
struct Common {
    /// Settings file, TOML or YAML. Default: nexus.toml in this folder, if there is one.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Common {
    /// The file that the settings come from, if there is one.
    fn file(&self) -> Option<PathBuf> {
        file_in_use(self.config.as_deref())
    }

    /// The settings from the file and the environment.
    fn settings(&self) -> anyhow::Result<Settings> {
        self.settings_with(&[])
    }

    /// [`Common::settings`] with flags over both.
    fn settings_with(&self, flags: &[Flag]) -> anyhow::Result<Settings> {
        load(self.config.as_deref(), std::env::vars(), flags).context("the settings are not usable")
    }
}

/// Does what was asked.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Demo(demo) => demo.run(),
        Command::Serve(serve) => serve.run(),
        Command::Config(config) => config.run(),
        Command::Migrate(common) => migrate::run(&common),
        Command::Token(token) => token.run(),
        Command::Keys(keys) => keys.run(),
        Command::Audit(audit) => audit.run(),
        Command::Source(source) => source.run(),
        Command::Query(query) => query.run(),
        Command::Validate(validate) => validate.run(),
        Command::Openapi => openapi::run(),
        Command::Health(health) => health.run(),
    }
}
