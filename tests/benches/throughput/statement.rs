//! The statements that are measured, and the table they read.

use std::fmt::Write as _;

use gateway_core::Engine;
use nexus_tests::{Database, Failed};

/// Rows of the table.
pub(crate) const ROWS: usize = 10_000;

/// How many requests of a kind differ from each other.
pub(crate) const VARIANTS: usize = 1_000;

const TABLE: &str = "nexus_bench_rows";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statement {
    /// One row of three columns by its key.
    OneRow,
    /// A hundred rows of ten columns.
    Hundred,
    /// The whole table, three columns.
    Whole,
    /// As [`Statement::OneRow`], in so many texts that no two requests in a row have the same one.
    Mixed,
}

impl Statement {
    pub(crate) const ALL: [Self; 4] = [Self::OneRow, Self::Hundred, Self::Whole, Self::Mixed];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OneRow => "1 x 3 by key",
            Self::Hundred => "100 x 10",
            Self::Whole => "10,000 x 3",
            Self::Mixed => "1 x 3, 1,000 texts",
        }
    }

    /// The text with a placeholder. Only mixed texts have several variants.
    pub(crate) fn text(self, mark: &str, variant: usize) -> String {
        match self {
            Self::OneRow => format!("SELECT id, name, amount FROM {TABLE} WHERE id = {mark}"),
            Self::Hundred => format!("SELECT * FROM {TABLE} WHERE id > {mark} ORDER BY id LIMIT 100"),
            Self::Whole => format!("SELECT id, name, amount FROM {TABLE} WHERE id > {mark}"),
            Self::Mixed => {
                format!("SELECT id, name, amount FROM {TABLE} WHERE id = {mark} AND grp < {variant} + 1000")
            }
        }
    }

    /// The largest value that is bound; the smallest is 0 or 1.
    pub(crate) fn highest(self) -> usize {
        match self {
            Self::OneRow | Self::Mixed => ROWS,
            Self::Hundred => ROWS - 100,
            Self::Whole => 0,
        }
    }

    /// The value of the request with this number.
    pub(crate) fn value(self, number: usize) -> usize {
        // A stride that visits the whole table.
        match self.highest() {
            0 => 0,
            highest => number * 7919 % highest + usize::from(highest == ROWS),
        }
    }
}

/// Makes the table anew.
pub(crate) async fn fill(database: &Database) -> Result<(), Failed> {
    remove(database).await?;
    let moment = match database.engine() {
        Engine::MySql | Engine::MariaDb => "DATETIME(6)",
        _ => "TIMESTAMP",
    };
    let create = format!(
        "CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, small SMALLINT, big BIGINT, \
         amount DECIMAL(12, 2), ratio DOUBLE PRECISION, name VARCHAR(40), note VARCHAR(80), born DATE, seen {moment})"
    );
    let mut statements = vec![create];
    for start in (1..=ROWS).step_by(500) {
        let mut insert = format!("INSERT INTO {TABLE} VALUES ");
        for id in start..start + 500 {
            let comma = if id == start { "" } else { "," };
            let (grp, day) = (id % 100, id % 28 + 1);
            write!(
                insert,
                "{comma}({id},{grp},{},{},{}.{:02},{}.5,'customer number {id}','a note of some length about row {id}',\
                 '2026-01-{day:02}','2026-02-{day:02} 12:00:00.{id:06}')",
                id % 30_000,
                id * 1_000_003,
                id * 7,
                id % 100,
                id * 3
            )?;
        }
        statements.push(insert);
    }
    statements.push(match database.engine() {
        Engine::MySql | Engine::MariaDb => format!("ANALYZE TABLE {TABLE}"),
        _ => format!("ANALYZE {TABLE}"),
    });
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    database.execute(&statements).await
}

/// Removes the table.
pub(crate) async fn remove(database: &Database) -> Result<(), Failed> {
    let drop = format!("DROP TABLE IF EXISTS {TABLE}");
    database.execute(&[&drop]).await
}
