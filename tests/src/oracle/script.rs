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

impl Answer {
    /// The same, with so many rows at most.
    fn first(self, most: u64) -> Self {
        let outcome = match self.outcome {
            Outcome::Rows { columns, count, make } => Outcome::Rows {
                columns,
                count: count.min(most),
                make,
            },
            outcome => outcome,
        };
        Self { outcome, ..self }
    }
}

/// The answer to a statement among those written, the last one first. If the statement asks for the first rows only, the
/// answer may be written for the whole.
pub(super) fn find(scripts: &[(Pattern, Answer)], sql: &str) -> Option<Answer> {
    let written = |sql: &str| {
        let found = scripts.iter().rev().find(|(pattern, _)| pattern.matches(sql));
        found.map(|(_, answer)| answer.clone())
    };
    written(sql).or_else(|| {
        let (whole, most) = first_rows(sql)?;
        written(whole).map(|answer| answer.first(most))
    })
}

/// Takes `FETCH FIRST n ROWS ONLY` off a statement's end.
fn first_rows(sql: &str) -> Option<(&str, u64)> {
    let at = sql.to_ascii_uppercase().rfind("FETCH FIRST ")?;
    let (whole, limit) = sql.split_at(at);
    let mut words = limit.split_whitespace().skip(2);
    let most = words.next()?.parse().ok()?;
    let rest: Vec<&str> = words.collect();
    rest.join(" ")
        .eq_ignore_ascii_case("ROWS ONLY")
        .then_some((whole, most))
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
    words.join(" ").trim_end_matches(';').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_of_a_written_answer() {
        let answer = Answer::made(Vec::new(), 9, |_| Vec::new());
        let scripts = [(Pattern::from("SELECT n FROM t"), answer)];
        let count = |sql: &str| match find(&scripts, sql)?.outcome {
            Outcome::Rows { count, .. } => Some(count),
            _ => None,
        };
        assert_eq!(count("select  N from T;"), Some(9));
        assert_eq!(count("SELECT n FROM t FETCH FIRST 5 ROWS ONLY"), Some(5));
        assert_eq!(count("SELECT n FROM t\nfetch first 50 rows only"), Some(9));
        assert_eq!(count("SELECT n FROM t WHERE 1 = 1"), None);
    }
}
