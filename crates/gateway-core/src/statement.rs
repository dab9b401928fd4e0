//! Statements that have passed the check.

use std::ops::Range;
use std::sync::Arc;

use crate::bind::{BindError, Binder, BoundSql};
use crate::{Engine, Parameters};

/// What an approved statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// SELECT, WITH, VALUES, TABLE and set operations.
    Query,
    /// SHOW and its kin.
    Show,
    /// DESCRIBE.
    Describe,
    /// EXPLAIN without execution.
    Explain,
}

/// How a placeholder is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceholderKey {
    /// `?` in order of appearance, or `$n`; counted from 0.
    Index(usize),
    /// `:name`.
    Name(String),
}

/// Where a placeholder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceholderSite {
    /// Directly inside the list of `IN (…)`: an array becomes several values.
    InList,
    /// Anywhere else: an array stays one value.
    Scalar,
}

/// One placeholder in the caller's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// The bytes it takes up.
    pub span: Range<usize>,
    /// Which value belongs there.
    pub key: PlaceholderKey,
    /// Where it stands.
    pub site: PlaceholderSite,
}

/// One read-only statement that the validator has approved for one engine. It is the only way to a database: drivers take
/// nothing else, and only `gateway-sql` makes it. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct ApprovedSql(Arc<Approved>);

#[derive(Debug)]
pub(crate) struct Approved {
    pub(crate) engine: Engine,
    pub(crate) kind: StatementKind,
    pub(crate) text: String,
    pub(crate) placeholders: Vec<Placeholder>,
    pub(crate) row_cap_site: Option<usize>,
}

impl ApprovedSql {
    /// Declares `text` to be one read-only statement for `engine`.
    ///
    /// This is the speed bump of the whole design: call it from the validator only. The lint configuration refuses it
    /// everywhere else. `placeholders` must be sorted and lie inside `text`; `row_cap_site` is the end of the statement
    /// proper if a row limit may be appended there without changing its meaning.
    #[must_use]
    pub fn assert_approved(
        engine: Engine,
        kind: StatementKind,
        text: String,
        placeholders: Vec<Placeholder>,
        row_cap_site: Option<usize>,
    ) -> Self {
        Self(Arc::new(Approved {
            engine,
            kind,
            text,
            placeholders,
            row_cap_site,
        }))
    }

    /// The engine it was approved for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// What it does.
    #[must_use]
    pub fn kind(&self) -> StatementKind {
        self.0.kind
    }

    /// The caller's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The placeholders in order of appearance.
    #[must_use]
    pub fn placeholders(&self) -> &[Placeholder] {
        &self.0.placeholders
    }

    /// Whether the engine itself can be told to stop after some rows.
    #[must_use]
    pub fn can_cap_rows(&self) -> bool {
        self.0.row_cap_site.is_some()
    }

    pub(crate) fn parts(&self) -> &Approved {
        &self.0
    }

    /// Puts the engine's own placeholders in place of the caller's and lines up the values.
    ///
    /// `row_cap` asks the engine to stop after that many rows; it has no effect on a statement with a limit of its own.
    ///
    /// # Errors
    ///
    /// If the parameters do not match the placeholders one to one.
    pub fn bind(&self, parameters: &Parameters, row_cap: Option<u64>) -> Result<BoundSql, BindError> {
        Binder::new(self).run(parameters, row_cap)
    }
}
