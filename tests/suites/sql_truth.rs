//! What the validator says, held against real servers.
//!
//! * `sql_truth::allowed`: every statement that the corpus of `gateway-sql` permits runs as an account that may do
//!   everything, in a read-write transaction that is committed. Nothing may be different afterwards.
//! * `sql_truth::denied`: every statement that it refuses runs through the driver with all of its locks, and the
//!   validator's judgement left out. Those that the server accepts then are held by the validator alone; they are written
//!   down in `sql_truth/only_the_validator/`, and one that is not there fails the trial.
//!
//! `NEXUS_TEST_WRITE_LISTS=1` writes the lists anew. The figures are printed with `--nocapture`.

mod corpus;
mod denied;
mod mysql;
mod postgresql;
mod sqlite;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway_core::{Engine, Secret, SourceConfig};
use gateway_sql::{Policy, Validator};
use nexus_tests::{Failed, Outcome, Trials};

use corpus::Case;

/// The share of permitted statements, in percent, that must really run: one that fails on a missing object proves nothing.
const FLOOR: usize = 60;

/// Everything that a statement could have changed, by name.
type Photograph = BTreeMap<String, String>;

/// What came of a permitted statement.
#[derive(Debug)]
enum Ran {
    /// The server executed it. What it left inside its transaction that a read does not leave: locks, a number.
    Executed(Vec<String>),
    /// The server refused it: an object is missing, or a type does not fit.
    Refused(String),
}

/// A database of the trial's own, with what the corpus mentions in it.
trait Stage: Sized {
    /// Makes it.
    async fn set(place: Self::Place) -> Result<Self, Failed>;
    /// What it is made on.
    type Place;
    /// Runs a statement in a read-write transaction and commits.
    async fn execute(&mut self, sql: &str) -> Result<Ran, Failed>;
    /// Looks at everything, from the session that ran the statements.
    async fn photograph(&mut self) -> Result<Photograph, Failed>;
    /// How a driver reaches it, with an account that may do everything in this database, and nothing to the server.
    fn source(&self) -> (SourceConfig, Option<Secret>);
    /// A statement that answers, in one text, all that a session could have kept from an earlier statement.
    fn probe(&self) -> String;
    /// How many sessions but the stage's own are in this database.
    async fn others(&mut self) -> Result<u64, Failed>;
    /// Takes it down.
    async fn strike(self) -> Outcome;
}

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("sql_truth::allowed", engine, move |server| async move {
            allowed::<mysql::Stage>(engine, server).await
        });
        trials.engine("sql_truth::denied", engine, move |server| async move {
            denied::run::<mysql::Stage>(engine, server).await
        });
    }
    let engine = Engine::PostgreSql;
    trials.engine("sql_truth::allowed", engine, move |server| async move {
        allowed::<postgresql::Stage>(engine, server).await
    });
    trials.engine("sql_truth::denied", engine, move |server| async move {
        denied::run::<postgresql::Stage>(engine, server).await
    });
    trials.simple("sql_truth::allowed::sqlite", || async {
        allowed::<sqlite::Stage>(Engine::Sqlite, ()).await
    });
    trials.simple("sql_truth::denied::sqlite", || async {
        denied::run::<sqlite::Stage>(Engine::Sqlite, ()).await
    });
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/suites/sql_truth"))
}

/// The statements of a fixture that concern `engine`.
fn fixture(file: &str, engine: Engine) -> Result<Vec<String>, Failed> {
    let text = std::fs::read_to_string(folder().join("fixtures").join(file))?;
    let statements = text.split(";\n").map(str::trim).filter(|text| !text.is_empty());
    Ok(statements
        .filter(|statement| {
            let only = statement.lines().find_map(|line| line.strip_prefix("-- only: "));
            only.is_none_or(|only| only == engine.as_str())
        })
        .map(|statement| {
            let lines: Vec<&str> = statement.lines().filter(|line| !line.starts_with("--")).collect();
            lines.join("\n")
        })
        .collect())
}

/// A name that no other run of a trial uses on the same server.
fn own_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("nexus_truth_{}_{next}", std::process::id())
}

/// What differs between two photographs.
fn difference(before: &Photograph, after: &Photograph) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            let show = |photograph: &Photograph| {
                let value = photograph.get(name).map_or("-", String::as_str);
                value.chars().take(120).collect::<String>()
            };
            format!("{name}: {} -> {}", show(before), show(after))
        })
        .collect()
}

/// The statement with NULL in the place of every parameter.
fn with_nulls(engine: Engine, case: &Case) -> Result<String, Failed> {
    let approved = Validator::new(engine, Policy::default())
        .approve(&case.sql)
        .map_err(|rejection| format!("{}: {rejection}", case.name))?;
    let mut sql = approved.text().to_owned();
    for placeholder in approved.placeholders().iter().rev() {
        sql.replace_range(placeholder.span.clone(), "NULL");
    }
    Ok(sql)
}

async fn allowed<S: Stage>(engine: Engine, place: S::Place) -> Outcome {
    let mut stage = S::set(place).await?;
    let cases = corpus::cases(engine, "allow")?;
    let (mut executed, mut refused, mut changes) = (0, Vec::new(), Vec::new());
    let mut before = stage.photograph().await?;
    for case in &cases {
        let ran = stage.execute(&with_nulls(engine, case)?).await?;
        match ran {
            Ran::Executed(marks) => {
                executed += 1;
                changes.extend(marks.into_iter().map(|mark| format!("{}: {mark}", case.name)));
            }
            Ran::Refused(why) => refused.push(format!("{}: {why}", case.name)),
        }
        let after = stage.photograph().await?;
        changes.extend(
            difference(&before, &after)
                .into_iter()
                .map(|change| format!("{}: {change}", case.name)),
        );
        before = after;
    }
    stage.strike().await?;
    println!(
        "{engine}: {executed} of {} permitted statements executed, {} facts compared after each; refused by the server:\n  {}",
        cases.len(),
        before.len(),
        refused.join("\n  ")
    );
    if !changes.is_empty() {
        return Err(format!(
            "permitted statements changed something:\n  {}",
            changes.join("\n  ")
        )
        .into());
    }
    if executed * 100 < cases.len() * FLOOR {
        return Err(format!("only {executed} of {} statements ran", cases.len()).into());
    }
    Ok(())
}
