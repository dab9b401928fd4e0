//! Answers that a test writes itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::faults::RowFault;
use super::{Column, OraError, Value};

type Make = dyn Fn(u64) -> Vec<Value> + Send + Sync;

/// The answer to a statement.
#[derive(Clone)]
pub struct Answer {
    pub(super) outcome: Outcome,
    /// Before the first row.
    pub(super) delay: Duration,
    /// After so many rows.
    pub(super) fault: Option<(u64, RowFault)>,
}

#[derive(Clone)]
pub(super) enum Outcome {
    Rows {
        columns: Vec<Column>,
        count: u64,
        make: Arc<Make>,
    },
    Done {
        changed: u64,
    },
    Fail(OraError),
}

impl Answer {
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            delay: Duration::ZERO,
            fault: None,
        }
    }

    /// These rows.
    #[must_use]
    pub fn rows(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Self {
        let count = rows.len() as u64;
        Self::made(columns, count, move |at| {
            let at = usize::try_from(at).ok();
            at.and_then(|at| rows.get(at)).cloned().unwrap_or_default()
        })
    }

    /// So many rows, each made when it is fetched, from its number, which starts at zero.
    #[must_use]
    pub fn made(
        columns: Vec<Column>,
        count: u64,
        make: impl Fn(u64) -> Vec<Value> + Send + Sync + 'static,
    ) -> Self {
        Self::of(Outcome::Rows {
            columns,
            count,
            make: Arc::new(make),
        })
    }

    /// No rows: so many have been changed.
    #[must_use]
    pub fn done(changed: u64) -> Self {
        Self::of(Outcome::Done { changed })
    }

    /// An error.
    #[must_use]
    pub fn fail(failure: OraError) -> Self {
        Self::of(Outcome::Fail(failure))
    }

    /// It takes so long until the answer begins.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Something happens after so many rows.
    #[must_use]
    pub fn with_fault(self, rows: u64, fault: RowFault) -> Self {
        Self {
            fault: Some((rows, fault)),
            ..self
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.outcome {
            Outcome::Rows { count, .. } => format!("{count} rows"),
            Outcome::Done { changed } => format!("{changed} changed"),
            Outcome::Fail(failure) => failure.to_string(),
        };
        f.debug_struct("Answer")
            .field("outcome", &what)
            .field("delay", &self.delay)
            .field("fault", &self.fault)
            .finish()
    }
}

/// Which statements an answer is for.
pub struct Pattern(Box<dyn Fn(&str) -> bool + Send + Sync>);

impl Pattern {
    /// Those that a function picks.
    pub fn picked(pick: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Box::new(pick))
    }

    pub(super) fn matches(&self, sql: &str) -> bool {
        self.0(sql)
    }
}

impl From<&str> for Pattern {
    /// The statement with this text, whatever its spaces and capitals.
    fn from(sql: &str) -> Self {
        let wanted = plain(sql);
        Self::picked(move |sql| plain(sql) == wanted)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pattern")
    }
}

/// A statement without what does not matter.
fn plain(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let text = words.join(" ").trim_end_matches(';').to_lowercase();
    // Whoever limits the rows asks for the same answer; how many of them come is not checked.
    match text.rsplit_once(" fetch first ") {
        Some((before, limit)) if limit.ends_with(" rows only") => before.to_owned(),
        _ => text,
    }
}
