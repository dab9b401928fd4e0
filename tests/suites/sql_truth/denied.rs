//! What is refused, run with every lock on but the validator's.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use gateway_core::{
    ApprovedSql, Engine, Frame, Parameters, QueryId, QueryLimits, QueryRequest, StatementKind, ValueStyle,
};
use gateway_drivers::{DriverError, Drivers, SourcePool};
use nexus_tests::{Failed, Outcome};

use super::corpus::{self, Case};
use super::{Stage, difference, folder};

/// How long a statement may take. One that takes longer counts as accepted: the server has begun to execute it.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Statements that are not run on a server that others use, by how they begin, and why.
const SKIPPED: [(&str, &str); 7] = [
    (
        "SHUTDOWN",
        "ends the server, should the account's rights not hold",
    ),
    ("RESTART", "ends the server, should the account's rights not hold"),
    ("KILL ", "ends a connection of another trial"),
    ("EXPLAIN FOR CONNECTION", "depends on what another trial does"),
    (
        "SELECT PG_TERMINATE_BACKEND",
        "ends a connection of another trial",
    ),
    ("SELECT PG_CANCEL_BACKEND", "ends a statement of another trial"),
    (
        "COPY T TO PROGRAM",
        "starts a program on the server, should the account's rights not hold",
    ),
];

/// What the server did with a statement.
enum Reaction {
    Accepted,
    Stalled,
    Refused,
}

pub(super) async fn run<S: Stage>(engine: Engine, place: S::Place) -> Outcome {
    let mut stage = S::set(place).await?;
    let (config, password) = stage.source();
    let mut before = stage.photograph().await?;
    let clean = {
        let pool = SourcePool::new(Drivers::builtin().get(engine)?, config.clone(), password.clone());
        let clean = state(&pool, engine, &stage.probe()).await;
        if let Err(error) = &clean {
            return Err(format!("{}: {error}", stage.probe()).into());
        }
        clean
    };
    let (mut lines, mut stalled, mut skipped, mut refused) = (BTreeSet::new(), 0, Vec::new(), 0);
    for case in corpus::cases(engine, "deny")? {
        if let Some((_, why)) = SKIPPED
            .iter()
            .find(|(start, _)| case.sql.to_uppercase().starts_with(start))
        {
            skipped.push(format!("{}: {why}", case.sql));
            continue;
        }
        let pool = SourcePool::new(Drivers::builtin().get(engine)?, config.clone(), password.clone());
        // Connecting may take its time; only the statement's own counts.
        state(&pool, engine, &stage.probe())
            .await
            .map_err(|error| format!("{}: {error}", case.name))?;
        let reaction = react(&pool, engine, &case).await?;
        match reaction {
            Reaction::Refused => refused += 1,
            Reaction::Accepted | Reaction::Stalled => {
                stalled += usize::from(matches!(reaction, Reaction::Stalled));
                // A driver may leave it to the next use of a session to see that the transaction has ended.
                pool.check().await;
                // While the session is still in its pool: what it holds is seen.
                let mut changes = difference(&before, &stage.photograph().await?);
                if state(&pool, engine, &stage.probe()).await != clean {
                    changes.push("session".to_owned());
                }
                lines.insert(line(&case, &changes));
                if !changes.is_empty() {
                    // What only the session held goes with it.
                    pool.close();
                    until_alone(&mut stage).await?;
                    before = stage.photograph().await?;
                }
            }
        }
        pool.close();
    }
    // Nothing that was refused may have left anything either.
    let after = stage.photograph().await?;
    let late = difference(&before, &after);
    stage.strike().await?;
    println!(
        "{engine}: only the validator stops {} statements ({stalled} of them stall); the other locks stop {refused}; \
         not run:\n  {}\naccepted:\n  {}",
        lines.len(),
        skipped.join("\n  "),
        lines.iter().cloned().collect::<Vec<_>>().join("\n  ")
    );
    if !late.is_empty() {
        return Err(format!("left behind at the end:\n  {}", late.join("\n  ")).into());
    }
    compare(engine, &lines)
}

/// Waits until the server has ended the sessions that a pool has closed, so that nothing of theirs is left to see.
async fn until_alone<S: Stage>(stage: &mut S) -> Outcome {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match stage.others().await? {
            0 => return Ok(()),
            others if Instant::now() > deadline => {
                return Err(format!("{others} sessions outlive their pool").into());
            }
            _ => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

/// Holds the accepted statements against the committed list.
fn compare(engine: Engine, lines: &BTreeSet<String>) -> Outcome {
    let path = folder().join("only_the_validator").join(format!("{engine}.txt"));
    if std::env::var_os("NEXUS_TEST_WRITE_LISTS").is_some() {
        let head = "# Statements of the corpus that the server would execute if the validator did not refuse them: every other lock\n\
                    # was on. Behind the last bar, what they leave behind.\n\
                    # Written by NEXUS_TEST_WRITE_LISTS=1.\n";
        let all: Vec<&str> = lines.iter().map(String::as_str).collect();
        return Ok(std::fs::write(path, format!("{head}{}\n", all.join("\n")))?);
    }
    let text = std::fs::read_to_string(path)?;
    let known: BTreeSet<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let unknown: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        // One that now leaves nothing is held better than the list says.
        .filter(|line| {
            let clean = line.strip_suffix('-').unwrap_or(line);
            !known.contains(line) && !known.iter().any(|known| line.ends_with("| -") && known.starts_with(clean))
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the other locks do not stop these, and only_the_validator/{engine}.txt does not say so \
         (NEXUS_TEST_WRITE_LISTS=1 writes it anew):\n  {}",
        unknown.join("\n  ")
    )
    .into())
}

/// `rule: lesson | statement | what it left`; without values, which differ from run to run.
fn line(case: &Case, changes: &[String]) -> String {
    let left: BTreeSet<&str> = changes
        .iter()
        .filter_map(|change| change.split([' ', ':']).next())
        .collect();
    let left = match left.is_empty() {
        true => "-".to_owned(),
        false => left.into_iter().collect::<Vec<_>>().join(", "),
    };
    let sql = case.sql.escape_debug().to_string();
    format!(
        "{} | {} | {}",
        case.name,
        sql.replace("\\'", "'").replace("\\\"", "\""),
        left
    )
}

fn request(engine: Engine, sql: &str, patience: Duration) -> Result<QueryRequest, Failed> {
    Ok(QueryRequest {
        id: QueryId::new(),
        sql: unjudged(engine, sql).bind(&Parameters::None, None)?,
        limits: QueryLimits {
            max_rows: Some(1000),
            offset: 0,
            max_bytes: 1 << 20,
            max_cell_bytes: 1 << 20,
            deadline: Instant::now() + patience,
            at_deadline: gateway_core::AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: Trace::default(),
    })
}

/// What the session that the pool lends next says about itself; an error is an answer, too.
async fn state(pool: &SourcePool, engine: Engine, probe: &str) -> Result<String, String> {
    let request = request(engine, probe, Duration::from_secs(5)).map_err(|_| "not a request")?;
    let mut stream = pool.query(request).await.map_err(|error| error.to_string())?;
    let mut answer = String::new();
    while let Some(frame) = stream.next().await {
        if let Frame::Batch(batch) = frame.map_err(|error| error.to_string())? {
            for cell in batch.rows().flatten() {
                let bytes = batch.bytes(*cell).ok_or("the probe's answer is no text")?;
                answer.push_str(&String::from_utf8_lossy(bytes));
            }
        }
    }
    Ok(answer)
}

async fn react(pool: &SourcePool, engine: Engine, case: &Case) -> Result<Reaction, Failed> {
    let request = request(engine, &case.sql, PATIENCE)?;
    let mut stream = match pool.query(request).await {
        Ok(stream) => stream,
        Err(error) => return Err(format!("{}: {error}", case.name).into()),
    };
    while let Some(frame) = stream.next().await {
        match frame {
            Ok(_) => {}
            Err(DriverError::Deadline) => return Ok(Reaction::Stalled),
            Err(_) => return Ok(Reaction::Refused),
        }
    }
    Ok(Reaction::Accepted)
}

/// The statement as if it had been approved, of the kind that its first word makes it.
#[allow(
    clippy::disallowed_methods,
    reason = "the trial shows what happens when the validator is wrong"
)]
fn unjudged(engine: Engine, sql: &str) -> ApprovedSql {
    let word = sql
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase();
    let kind = match word.as_str() {
        "SHOW" => StatementKind::Show,
        "DESC" | "DESCRIBE" => StatementKind::Describe,
        "EXPLAIN" => StatementKind::Explain,
        _ => StatementKind::Query,
    };
    ApprovedSql::assert_approved(engine, kind, sql.to_owned(), Vec::new(), None)
}
