//! What a case works with, and how it reads answers.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gateway_core::trace::Trace;
use gateway_core::{
    ApprovedSql, Batch, BoundSql, Cell, Column, Engine, Frame, Parameters, Placeholder, PlaceholderKey,
    PlaceholderSite, QueryId, QueryLimits, QueryRequest, QuerySummary, Secret, SourceConfig, StatementKind,
    ValueStyle, temporal,
};

use super::Dialect;
use crate::{Driver, DriverError, QueryStream, SourcePool};

/// After so long a case stops waiting for what must happen. Nothing is ever decided by being faster.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sees a case's database from outside the pool.
#[async_trait]
pub trait Backstage: Send + Sync + 'static {
    /// Runs a statement that may write.
    async fn execute(&self, sql: &str);

    /// The first column of the first row, as text.
    async fn ask(&self, sql: &str) -> String;

    /// Sessions that the server has for the database, without those that look. One whose statement still runs counts
    /// although its client has gone.
    async fn sessions(&self) -> usize;

    /// Statements that run in the database, without those that look; where that cannot be told, the sessions.
    async fn running(&self) -> usize;
}

/// An engine with a database that a case has to itself.
#[derive(Clone)]
pub struct Bench {
    /// The engine's driver.
    pub driver: Arc<dyn Driver>,
    /// How the database is reached.
    pub config: SourceConfig,
    /// The account's password.
    pub password: Option<Secret>,
    /// How the engine spells things.
    pub dialect: &'static Dialect,
    /// The view from outside.
    pub backstage: Arc<dyn Backstage>,
}

/// A complete answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) columns: Arc<[Column]>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) summary: QuerySummary,
}

impl Answer {
    /// The first column, as one line.
    pub(super) fn line(&self) -> String {
        let cells: Vec<&str> = self.rows.iter().map(|row| row[0].as_str()).collect();
        cells.join(" ")
    }
}

impl Bench {
    /// A pool as the config has it.
    pub(super) fn pool(&self) -> SourcePool {
        self.pool_with(|_| {})
    }

    /// A pool with a changed config.
    pub(super) fn pool_with(&self, change: impl FnOnce(&mut SourceConfig)) -> SourcePool {
        let mut config = self.config.clone();
        change(&mut config);
        SourcePool::new(Arc::clone(&self.driver), config, self.password.clone())
    }

    /// Makes the table of [`Dialect::prepare`].
    pub(super) async fn prepare(&self) {
        for statement in self.dialect.prepare {
            self.backstage.execute(statement).await;
        }
    }

    /// A request without parameters and with generous limits.
    pub(super) fn request(&self, text: &str) -> QueryRequest {
        self.request_with(text, &Parameters::None)
    }

    /// A request with parameters and generous limits.
    pub(super) fn request_with(&self, text: &str, parameters: &Parameters) -> QueryRequest {
        request(self.approve(text).bind(parameters, None).unwrap())
    }

    /// Declares a statement approved, in the engine's words.
    pub(super) fn approve(&self, text: &str) -> ApprovedSql {
        approve(self.driver.engine(), &(self.dialect.spell)(text))
    }

    /// [`Bench::approve`] for a statement that may be given a row cap.
    pub(super) fn approve_cappable(&self, text: &str) -> ApprovedSql {
        let text = (self.dialect.spell)(text);
        assert_approved(self.driver.engine(), &text, placeholders(&text), Some(text.len()))
    }

    /// Runs a statement to its end.
    pub(super) async fn run(&self, pool: &SourcePool, text: &str) -> Result<Answer, DriverError> {
        read(pool.query(self.request(text)).await?).await
    }

    /// Waits until the server has no session for the database any more: every statement has ended there.
    pub(super) async fn until_alone(&self) {
        until("no session is left on the server", || async {
            self.backstage.sessions().await == 0
        })
        .await;
    }

    /// Waits until no session of the pool is in use.
    pub(super) async fn until_at_rest(&self, pool: &SourcePool) {
        until("the pool is at rest", || async {
            let status = pool.status();
            status.open == status.idle
        })
        .await;
    }

    /// Waits until `count` statements run.
    pub(super) async fn until_running(&self, count: usize) {
        until("the statement runs", || async {
            self.backstage.running().await >= count
        })
        .await;
    }

    /// Checks that a pool is at rest and works.
    pub(super) async fn works(&self, pool: &SourcePool) {
        let answer = self.run(pool, "SELECT 1 AS one").await.unwrap();
        assert_eq!(answer.line(), "1");
        let status = pool.status();
        assert_eq!(status.open, status.idle, "every session is back");
    }
}

/// The numbers from 1 to `count` as `s (n)`, for the FROM clause that follows; at most 900.
pub(super) fn numbers(count: u32, query: &str) -> String {
    assert!(count <= 900, "MySQL's default limit of recursion is 1000");
    let step = format!("SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}");
    format!("WITH RECURSIVE s(n) AS ({step}) {query}")
}

/// A statement that computes for hours before its first row.
pub(super) fn endless() -> String {
    numbers(900, "SELECT count(*) AS endless FROM s a, s b, s c, s d")
}

/// A statement that gives rows for hours.
pub(super) fn flood() -> String {
    let wide = "x".repeat(200);
    // With a fourth factor MySQL would take a minute to begin.
    numbers(900, &format!("SELECT '{wide}' AS flood FROM s a, s b, s c"))
}

/// What the validator would refuse or was never asked about.
#[allow(
    clippy::disallowed_methods,
    reason = "the engines' own locks must hold even if the validator is fooled, so they are tried without it"
)]
fn assert_approved(
    engine: Engine,
    text: &str,
    placeholders: Vec<Placeholder>,
    row_cap_site: Option<usize>,
) -> ApprovedSql {
    let kind = if text.starts_with("SHOW") {
        StatementKind::Show
    } else {
        StatementKind::Query
    };
    ApprovedSql::assert_approved(engine, kind, text.to_owned(), placeholders, row_cap_site)
}

/// Declares a statement approved. Its placeholders are each `?` and each `:name`, in or out of quotes.
pub(super) fn approve(engine: Engine, text: &str) -> ApprovedSql {
    assert_approved(engine, text, placeholders(text), None)
}

fn placeholders(text: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let mut positional = 0;
    for (at, mark) in text.match_indices(['?', ':']) {
        let (span, key) = if mark == "?" {
            positional += 1;
            (at..at + 1, PlaceholderKey::Index(positional - 1))
        } else {
            let rest = &text[at + 1..];
            let length = rest
                .find(|character: char| !character.is_ascii_lowercase())
                .unwrap_or(rest.len());
            if length == 0 || text[..at].ends_with(':') {
                continue;
            }
            (
                at..at + 1 + length,
                PlaceholderKey::Name(rest[..length].to_owned()),
            )
        };
        let site = if text[..at].ends_with("IN (") {
            PlaceholderSite::InList
        } else {
            PlaceholderSite::Scalar
        };
        found.push(Placeholder { span, key, site });
    }
    found
}

/// A request with generous limits.
pub(super) fn request(sql: BoundSql) -> QueryRequest {
    QueryRequest {
        id: QueryId::new(),
        sql,
        limits: QueryLimits {
            max_rows: None,
            offset: 0,
            max_bytes: u64::MAX,
            max_cell_bytes: usize::MAX,
            deadline: Instant::now() + 2 * PATIENCE,
            at_deadline: gateway_core::AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: Trace::default(),
    }
}

/// Reads an answer to its end, and checks that its frames come as they must.
pub(super) async fn read(mut stream: QueryStream) -> Result<Answer, DriverError> {
    let Frame::Columns(columns) = next(&mut stream).await.unwrap()? else {
        panic!("the columns come first");
    };
    let mut rows = Vec::new();
    loop {
        match next(&mut stream).await.expect("an answer has an end")? {
            Frame::Columns(_) => panic!("the columns come once"),
            Frame::Batch(batch) => {
                assert!(batch.row_count() > 0, "no batch is empty");
                for row in batch.rows() {
                    assert_eq!(row.len(), columns.len());
                    rows.push(row.iter().map(|cell| show(&batch, *cell)).collect());
                }
            }
            Frame::End(summary) => {
                assert!(next(&mut stream).await.is_none(), "nothing follows the end");
                assert_eq!(summary.rows, rows.len() as u64);
                return Ok(Answer {
                    columns,
                    rows,
                    summary,
                });
            }
        }
    }
}

/// Reads frames until one fails, however many come before.
pub(super) async fn read_failure(mut stream: QueryStream) -> DriverError {
    loop {
        match next(&mut stream).await.expect("an answer has an end") {
            Ok(Frame::End(_)) => panic!("it ended well"),
            Ok(_) => {}
            Err(error) => {
                assert!(next(&mut stream).await.is_none(), "nothing follows a failure");
                return error;
            }
        }
    }
}

/// The next frame.
pub(super) async fn next(stream: &mut QueryStream) -> Option<Result<Frame, DriverError>> {
    tokio::time::timeout(PATIENCE, stream.next())
        .await
        .expect("a frame comes")
}

/// Waits until something has happened that must happen.
pub(super) async fn until<F: Future<Output = bool>>(what: &str, mut happened: impl FnMut() -> F) {
    let begun = Instant::now();
    while !happened().await {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        // A breath between two looks, for the machine that does the work.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn show(batch: &Batch, cell: Cell) -> String {
    let mut text = Vec::new();
    match cell {
        Cell::Null => return "NULL".to_owned(),
        Cell::Bool(flag) => return flag.to_string(),
        Cell::Int(number) => return number.to_string(),
        Cell::UInt(number) => return number.to_string(),
        Cell::Float(number) => return number.to_string(),
        Cell::Double(number) => return number.to_string(),
        Cell::Text(_) | Cell::Json(_) => return batch.text(cell).unwrap().to_owned(),
        Cell::Bytes(_) => {
            let bytes = batch.bytes(cell).unwrap();
            return bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        }
        Cell::Date(days) => temporal::write_date(&mut text, i64::from(days)),
        Cell::Time { nanos, digits } => temporal::write_time(&mut text, nanos, digits),
        Cell::Timestamp { secs, nanos, digits } => temporal::write_timestamp(&mut text, secs, nanos, digits),
        Cell::TimestampTz { secs, nanos, digits } => {
            temporal::write_timestamp(&mut text, secs, nanos, digits);
            text.push(b'Z');
        }
    }
    String::from_utf8(text).unwrap()
}
