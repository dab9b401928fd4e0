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
mod issuer;
mod load;
mod peer;
mod report;
mod running;
mod statement;

use std::path::PathBuf;

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Requirement, requirement};

use bare::Bare;
use issuer::Issuer;
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
            clients: &[1, 8, 16, 32, 64, 256],
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
    let peer = Peer::start(&database).await?;
    let sides = Sides::start(&database, Issuer::Hs256, peer.as_ref()).await?;
    for statement in Statement::ALL {
        for &clients in plan.clients {
            let line = Line::new(engine, statement.name(), clients);
            report.add(sides.compare(statement, clients, plan, line).await?);
        }
    }
    drop(sides);
    let sides = Sides::start(&database, Issuer::rs256()?, None).await?;
    let line = Line::new(engine, "1 x 3 by key, RS256", CLIENTS_OF_TARGETS);
    report.add(
        sides
            .compare(Statement::OneRow, CLIENTS_OF_TARGETS, plan, line)
            .await?,
    );
    statement::remove(&database).await
}

/// The clients that the usual figure of a database is told with.
const CLIENTS_OF_TARGETS: usize = 32;

/// A gateway, and who is measured beside it.
struct Sides<'a> {
    database: &'a Database,
    gateway: Running,
    source: DataSourceId,
    peer: Option<&'a Peer>,
}

impl<'a> Sides<'a> {
    async fn start(database: &'a Database, issuer: Issuer, peer: Option<&'a Peer>) -> Result<Self, Failed> {
        let gateway = Running::start(database, issuer)?;
        let source = gateway.register(database).await?;
        Ok(Self {
            database,
            gateway,
            source,
            peer,
        })
    }

    /// Fills `line` with what each side does with `statement`, in turns.
    async fn compare(
        &self,
        statement: Statement,
        clients: usize,
        plan: &Plan,
        mut line: Line,
    ) -> Result<Line, Failed> {
        let load = Load::prepare(&self.gateway, self.source, statement)?;
        let beside = self.peer.map(|peer| peer.load(statement)).transpose()?;
        let beside = self.peer.zip(beside.flatten());
        let bare = Bare::new(self.database, statement, clients);
        // The first answers make sessions, and fill caches on both sides.
        load.run(clients, 1).await?;
        for _ in 0..plan.turns {
            line.bare.push(bare.run(plan.seconds).await?);
            let before = self.gateway.cpu()?;
            let answered = load.run(clients, plan.seconds).await?;
            line.gateway(&answered, self.gateway.cpu()? - before, self.gateway.resident()?);
            if let Some((peer, load)) = &beside {
                let before = peer.cpu()?;
                let answered = load.run(clients, plan.seconds).await?;
                line.peer(&answered, peer.cpu()? - before);
            }
        }
        Ok(line)
    }
}
