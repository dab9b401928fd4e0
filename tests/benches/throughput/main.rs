//! The whole gateway under load against each engine's own benchmark or a bare driver loop, on the same statement, with as many
//! clients, in turns. The ratio is the result.
//!
//! `cargo xtask bench` runs it; by hand it takes `NEXUS_TEST_BINARY` (a release build), the testbed's variables, and wrk and
//! pgbench on the path.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "this is a benchmark; a panic is a failure with a place"
)]

mod bare;
mod load;
mod peer;
mod report;
mod running;
mod statement;

use std::path::PathBuf;

use gateway_core::Engine;
use nexus_tests::{Database, Failed, Requirement, requirement};

use bare::Bare;
use load::Load;
use peer::Peer;
use report::{Line, Report};
use running::Running;
use statement::Statement;

/// What is measured, and for how long.
struct Plan {
    clients: &'static [usize],
    /// Of each measurement, in turns with its counterpart.
    turns: usize,
    seconds: u32,
    /// Where the table goes, besides the terminal.
    page: Option<PathBuf>,
    /// Only the engine of this name.
    engine: Option<String>,
}

impl Plan {
    fn of_arguments() -> Self {
        let mut plan = Self {
            clients: &[1, 16, 32, 64, 256],
            turns: 2,
            seconds: 2,
            page: None,
            engine: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--short" => (plan.clients, plan.turns) = (&[1, 32], 1),
                "--page" => plan.page = arguments.next().map(PathBuf::from),
                "--engine" => plan.engine = arguments.next(),
                // What `cargo bench` passes to every program.
                "--bench" => {}
                other => panic!("unknown argument {other}"),
            }
        }
        plan
    }

    fn wants(&self, engine: Engine) -> bool {
        self.engine.as_ref().is_none_or(|name| name == engine.as_str())
    }
}

#[tokio::main]
async fn main() {
    let plan = Plan::of_arguments();
    let mut report = Report::default();
    for engine in [Engine::PostgreSql, Engine::MySql, Engine::MariaDb, Engine::Sqlite] {
        if plan.wants(engine) {
            measure(engine, &plan, &mut report)
                .await
                .unwrap_or_else(|error| panic!("{engine}: {}", error.message().unwrap_or_default()));
        }
    }
    if let Some(page) = &plan.page {
        let taken = format!(
            "Each cell is the mean of {} turn(s) of {} seconds on either side.",
            plan.turns, plan.seconds
        );
        report.write(page, &taken).unwrap();
    }
}

async fn measure(engine: Engine, plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    let database = match (engine, requirement(engine)) {
        (Engine::Sqlite, _) => Database::file()?,
        (_, Requirement::Present(server)) => Database::Server(server),
        (_, Requirement::Skipped) => return Ok(()),
        (_, Requirement::Missing(why)) => return Err(why.into()),
    };
    statement::fill(&database).await?;
    report.version(engine, &database).await?;
    let gateway = Running::start(&database)?;
    let source = gateway.register(&database).await?;
    let peer = Peer::start(&database).await?;
    for statement in Statement::ALL {
        let load = Load::prepare(&gateway, source, statement)?;
        let beside = peer.as_ref().map(|peer| peer.load(statement)).transpose()?;
        let beside = peer.as_ref().zip(beside.flatten());
        for &clients in plan.clients {
            let bare = Bare::new(&database, statement, clients);
            let mut line = Line::new(engine, statement, clients);
            // The first answers make sessions, and fill caches on both sides.
            load.run(clients, 1).await?;
            for _ in 0..plan.turns {
                line.bare.push(bare.run(plan.seconds).await?);
                let before = gateway.cpu()?;
                let answered = load.run(clients, plan.seconds).await?;
                line.gateway(&answered, gateway.cpu()? - before, gateway.resident()?);
                if let Some((peer, load)) = &beside {
                    let before = peer.cpu()?;
                    let answered = load.run(clients, plan.seconds).await?;
                    line.peer(&answered, peer.cpu()? - before);
                }
            }
            report.add(line);
        }
    }
    statement::remove(&database).await
}
