//! Nexus Gateway: read-only SQL over HTTP.

mod authentication;
mod cli;
mod config;
mod demo;
mod files;
mod metrics;
mod reload;
mod shutdown;
mod storage;
mod telemetry;
mod traces;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
