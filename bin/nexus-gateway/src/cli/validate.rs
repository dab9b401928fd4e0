//! `validate`: check statements from standard input.

use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use gateway_core::{Classify, Engine};
use gateway_sql::{Policy, Rejection, Validator};
use serde::{Deserialize, Serialize};

use super::DENIED;

/// Check statements from standard input without running them. Exit code 0: allowed, 2: denied.
#[derive(Args)]
pub(super) struct Validate {
    /// The engine to check for: mysql, mariadb, postgresql, oracle or sqlite.
    #[arg(long, value_name = "ENGINE", required_unless_present = "jsonl")]
    dialect: Option<Engine>,
    /// Read {"id","dialect","sql"} a line and write {"id","allowed","code","reason","line","column"} a line.
    #[arg(long)]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Question {
    id: serde_json::Value,
    dialect: Option<String>,
    sql: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    allowed: bool,
    code: Option<&'static str>,
    reason: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

impl Validate {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match (self.jsonl, self.dialect) {
            (true, default) => each_line(default),
            (false, Some(engine)) => whole_input(engine),
            (false, None) => bail!("give --dialect"),
        }
    }
}

fn whole_input(engine: Engine) -> anyhow::Result<ExitCode> {
    let mut sql = String::new();
    std::io::stdin()
        .read_to_string(&mut sql)
        .context("reading standard input")?;
    match Validator::new(engine, Policy::default()).approve(&sql) {
        Ok(_) => {
            println!("allowed");
            Ok(ExitCode::SUCCESS)
        }
        Err(rejection) => {
            eprintln!("{}", describe(&rejection));
            Ok(ExitCode::from(DENIED))
        }
    }
}

fn describe(rejection: &Rejection) -> String {
    let code = rejection.kind().code();
    let rule = rejection.rule().as_str();
    match rejection.position() {
        Some(at) => format!("denied at {at}: {rejection} [{code}, {rule}]"),
        None => format!("denied: {rejection} [{code}, {rule}]"),
    }
}

fn each_line(default: Option<Engine>) -> anyhow::Result<ExitCode> {
    let mut validators: BTreeMap<Engine, Validator> = BTreeMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let place = || format!("line {} of standard input", number + 1);
        let line = line.with_context(place)?;
        if line.trim().is_empty() {
            continue;
        }
        let question: Question = serde_json::from_str(&line).with_context(place)?;
        let engine = match (&question.dialect, default) {
            (Some(name), _) => name.parse().with_context(place)?,
            (None, Some(engine)) => engine,
            (None, None) => bail!("{} has no dialect and none is given by --dialect", place()),
        };
        let validator = validators
            .entry(engine)
            .or_insert_with(|| Validator::new(engine, Policy::default()));
        let verdict = validator.approve(&question.sql);
        let rejection = verdict.as_ref().err();
        let at = rejection.and_then(Rejection::position);
        let answer = Answer {
            id: &question.id,
            allowed: rejection.is_none(),
            code: rejection.map(|rejection| rejection.kind().code()),
            reason: rejection.map(ToString::to_string),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
        };
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
