//! What a validator permits beyond the fixed rules: how functions are judged, and how large a statement may be.

use std::collections::BTreeSet;

/// How function names are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// Only functions that are known to be pure. Anything else, a function of the data owner included, needs an allowance.
    #[default]
    Strict,
    /// Every function but those known to write, lock, sleep, reach files or the network, or run other SQL.
    Standard,
}

/// What EXPLAIN may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Explain {
    /// Show plans. A statement is not executed.
    #[default]
    PlanOnly,
    /// Execute the statement, too, if it could be run as it stands: `EXPLAIN ANALYZE`, on MariaDB `ANALYZE`.
    Analyze,
}

/// How large a statement may be. The limits hold before the parser sees the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of text.
    pub max_text_bytes: usize,
    /// Brackets, and CASE expressions, inside one another.
    pub max_depth: usize,
    /// Tokens of the statement; it bounds the nodes of the syntax tree too.
    pub max_tokens: usize,
    /// Operators and keywords in one run without a comma, summed over the open brackets. It bounds the height of the
    /// syntax tree, and so the stack that walking and freeing it takes.
    pub max_chain: usize,
    /// Elements of one bracketed list, such as that of IN.
    pub max_in_list: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_text_bytes: 100 * 1024,
            max_depth: 64,
            max_tokens: 30_000,
            max_chain: 3_000,
            max_in_list: 10_000,
        }
    }
}

/// The choices of the data owner.
///
/// ```
/// use gateway_sql::{Level, Policy};
/// let policy = Policy::default().allow_function("reporting.fiscal_year");
/// assert_eq!(policy.level, Level::Strict);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Policy {
    /// How function names are judged.
    pub level: Level,
    /// What EXPLAIN may do.
    pub explain: Explain,
    /// How large a statement may be.
    pub limits: Limits,
    /// Further functions that are permitted, as `name` or `schema.name` in lower case. A qualified call needs the
    /// qualified entry. Entries for functions on the deny list have no effect.
    pub functions: BTreeSet<String>,
}

impl Policy {
    /// The policy with another function permitted. The name is stored in lower case.
    #[must_use]
    pub fn allow_function(mut self, name: &str) -> Self {
        self.functions.insert(name.to_lowercase());
        self
    }

    /// The policy at another level.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The policy with another choice for EXPLAIN.
    ///
    /// ```
    /// use gateway_core::Engine;
    /// use gateway_sql::{Explain, Policy, Validator};
    ///
    /// let policy = Policy::default().with_explain(Explain::Analyze);
    /// let validator = Validator::new(Engine::PostgreSql, policy);
    /// assert!(validator.approve("EXPLAIN (ANALYZE, BUFFERS) SELECT 1").is_ok());
    /// assert!(validator.approve("EXPLAIN ANALYZE DELETE FROM t").is_err());
    /// ```
    #[must_use]
    pub fn with_explain(mut self, explain: Explain) -> Self {
        self.explain = explain;
        self
    }
}
