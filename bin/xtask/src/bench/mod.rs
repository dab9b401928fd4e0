//! `cargo xtask bench`: what the gateway costs. The whole of it under load against each engine alone, or with `--quick` the
//! instructions of its hot path against committed figures.

mod instructions;
mod throughput;

use anyhow::Result;
use clap::Args;

/// What to measure.
#[derive(Args)]
pub(crate) struct Wanted {
    /// Only count the instructions of the hot path, and fail if any of its pieces takes 5 % more than is committed.
    #[arg(long, conflicts_with_all = ["short", "engine"])]
    quick: bool,
    /// With --quick: commit to the figures of now.
    #[arg(long, requires = "quick")]
    accept: bool,
    /// Fewer numbers of clients, one turn each: about two minutes, and nothing is written.
    #[arg(long)]
    short: bool,
    /// Only this engine (mysql, mariadb, postgresql, sqlite); nothing is written.
    #[arg(long)]
    engine: Option<String>,
}

/// Measures.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    if wanted.quick {
        return instructions::run(wanted.accept);
    }
    throughput::run(wanted.short, wanted.engine.as_deref())
}
