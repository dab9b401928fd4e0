//! Statements that have passed the check, before and after their values are bound.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use crate::{Engine, ParamValue, Parameters};

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
struct Approved {
    engine: Engine,
    kind: StatementKind,
    text: String,
    placeholders: Vec<Placeholder>,
    row_cap_site: Option<usize>,
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

    /// Puts the engine's own placeholders in place of the caller's and lines up the values.
    ///
    /// `row_cap` asks the engine to stop after that many rows; it has no effect on a statement with a limit of its own.
    ///
    /// # Errors
    ///
    /// If the parameters do not match the placeholders one to one.
    pub fn bind(&self, parameters: &Parameters, row_cap: Option<u64>) -> Result<BoundSql, BindError> {
        Binder::new(&self.0).run(parameters, row_cap)
    }
}

/// Parameters that do not fit the statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// More or fewer positional values than placeholders.
    #[error("the statement has {expected} positional parameter(s), {given} given")]
    Count {
        /// Placeholders in the statement.
        expected: usize,
        /// Values in the request.
        given: usize,
    },
    /// A placeholder without a value.
    #[error("no value for parameter {0:?}")]
    Missing(String),
    /// A value without a placeholder.
    #[error("parameter {0:?} is not used in the statement")]
    Unused(String),
    /// Positional placeholders with an object of values.
    #[error("the statement has positional placeholders; give the parameters as an array")]
    NeedsArray,
    /// Named placeholders with an array of values.
    #[error("the statement has named placeholders; give the parameters as an object")]
    NeedsObject,
    /// `?` and `$1`, or either with `:name`, in one statement.
    #[error("the statement mixes placeholder styles")]
    Mixed,
    /// An empty list for `IN (…)`.
    #[error("parameter {0:?} is an empty list; IN needs at least one value")]
    EmptyList(String),
    /// A list where the engine has no array type, or a list inside a list for `IN`.
    #[error("parameter {0:?} is an array, which {1} takes only inside IN (…)")]
    ArrayHere(String, Engine),
}

impl BindError {
    /// The name of the parameter concerned, where there is one.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Missing(name) | Self::Unused(name) | Self::EmptyList(name) | Self::ArrayHere(name, _) => {
                Some(name)
            }
            Self::Count { .. } | Self::NeedsArray | Self::NeedsObject | Self::Mixed => None,
        }
    }
}

/// An approved statement in the engine's own placeholder style, with the values to bind in order.
#[derive(Debug, Clone)]
pub struct BoundSql {
    engine: Engine,
    kind: StatementKind,
    text: Arc<str>,
    values: Vec<ParamValue>,
}

impl BoundSql {
    /// The engine it is for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What it does.
    #[must_use]
    pub fn kind(&self) -> StatementKind {
        self.kind
    }

    /// The text to send.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values to bind: the n-th belongs to the n-th `?`, to `$n` or to `:n`.
    #[must_use]
    pub fn values(&self) -> &[ParamValue] {
        &self.values
    }
}

struct Binder<'a> {
    approved: &'a Approved,
    text: String,
    values: Vec<ParamValue>,
    /// For engines with numbered placeholders: the number given to the first use of each key.
    numbered: Vec<(&'a PlaceholderKey, usize)>,
}

impl<'a> Binder<'a> {
    fn new(approved: &'a Approved) -> Self {
        Self {
            approved,
            text: String::with_capacity(approved.text.len() + 16),
            values: Vec::new(),
            numbered: Vec::new(),
        }
    }

    fn run(mut self, parameters: &Parameters, row_cap: Option<u64>) -> Result<BoundSql, BindError> {
        self.check_shape(parameters)?;
        let cap_site = self.approved.row_cap_site.filter(|_| row_cap.is_some());
        let end = cap_site.unwrap_or(self.approved.text.len());
        let mut copied = 0;
        for placeholder in &self.approved.placeholders {
            self.text
                .push_str(&self.approved.text[copied..placeholder.span.start]);
            copied = placeholder.span.end;
            self.place(placeholder, parameters)?;
        }
        self.text.push_str(&self.approved.text[copied..end.max(copied)]);
        if let (Some(_), Some(rows)) = (cap_site, row_cap) {
            self.append_row_cap(rows);
        }
        Ok(BoundSql {
            engine: self.approved.engine,
            kind: self.approved.kind,
            text: self.text.into(),
            values: self.values,
        })
    }

    fn check_shape(&self, parameters: &Parameters) -> Result<(), BindError> {
        let placeholders = &self.approved.placeholders;
        let named = placeholders
            .iter()
            .any(|p| matches!(p.key, PlaceholderKey::Name(_)));
        let positions = placeholders.iter().filter_map(|p| match p.key {
            PlaceholderKey::Index(index) => Some(index + 1),
            PlaceholderKey::Name(_) => None,
        });
        let expected = positions.max().unwrap_or(0);
        match parameters {
            _ if named && expected > 0 => Err(BindError::Mixed),
            Parameters::None if expected > 0 => Err(BindError::Count { expected, given: 0 }),
            Parameters::Positional(values) if named && !values.is_empty() => Err(BindError::NeedsObject),
            Parameters::Positional(values) if !named && values.len() != expected => Err(BindError::Count {
                expected,
                given: values.len(),
            }),
            Parameters::Named(values) if expected > 0 && !values.is_empty() => Err(BindError::NeedsArray),
            Parameters::Named(_) if expected > 0 => Err(BindError::Count { expected, given: 0 }),
            Parameters::Named(values) => {
                let used: BTreeSet<&str> = placeholders.iter().filter_map(|p| name_of(&p.key)).collect();
                match values.keys().find(|name| !used.contains(name.as_str())) {
                    Some(unused) => Err(BindError::Unused(unused.clone())),
                    None => Ok(()),
                }
            }
            Parameters::Positional(values) => {
                let used: BTreeSet<usize> = placeholders.iter().filter_map(|p| index_of(&p.key)).collect();
                match (0..values.len()).find(|index| !used.contains(index)) {
                    Some(unused) => Err(BindError::Unused(format!("${}", unused + 1))),
                    None => Ok(()),
                }
            }
            Parameters::None => Ok(()),
        }
    }

    fn place(&mut self, placeholder: &'a Placeholder, parameters: &Parameters) -> Result<(), BindError> {
        let value = lookup(&placeholder.key, parameters)?;
        match (value, placeholder.site) {
            (ParamValue::Array(items), PlaceholderSite::InList) => {
                let label = label(&placeholder.key);
                if items.is_empty() {
                    return Err(BindError::EmptyList(label));
                }
                for (index, item) in items.iter().enumerate() {
                    if matches!(item, ParamValue::Array(_)) {
                        return Err(BindError::ArrayHere(label, self.approved.engine));
                    }
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.values.push(item.clone());
                    self.write_placeholder(self.values.len());
                }
                Ok(())
            }
            (ParamValue::Array(_), PlaceholderSite::Scalar) if self.approved.engine != Engine::PostgreSql => {
                Err(BindError::ArrayHere(
                    label(&placeholder.key),
                    self.approved.engine,
                ))
            }
            (scalar, _) => {
                self.place_scalar(&placeholder.key, scalar);
                Ok(())
            }
        }
    }

    /// Engines with numbered placeholders see one value for each key, however often it is used, so that they can infer
    /// its type from any of the places.
    fn place_scalar(&mut self, key: &'a PlaceholderKey, value: &ParamValue) {
        let known = self
            .numbered
            .iter()
            .find(|(seen, _)| *seen == key)
            .map(|(_, number)| *number);
        let number = match (known, self.approved.engine) {
            (Some(number), Engine::PostgreSql | Engine::Oracle) => number,
            _ => {
                self.values.push(value.clone());
                self.numbered.push((key, self.values.len()));
                self.values.len()
            }
        };
        self.write_placeholder(number);
    }

    fn write_placeholder(&mut self, number: usize) {
        // Writing to a String cannot fail.
        let _ = match self.approved.engine {
            Engine::MySql | Engine::MariaDb | Engine::Sqlite => write!(self.text, "?"),
            Engine::PostgreSql => write!(self.text, "${number}"),
            Engine::Oracle => write!(self.text, ":{number}"),
        };
    }

    fn append_row_cap(&mut self, rows: u64) {
        let _ = match self.approved.engine {
            Engine::MySql | Engine::MariaDb | Engine::Sqlite | Engine::PostgreSql => {
                write!(self.text, " LIMIT {rows}")
            }
            Engine::Oracle => write!(self.text, " FETCH FIRST {rows} ROWS ONLY"),
        };
    }
}

fn name_of(key: &PlaceholderKey) -> Option<&str> {
    match key {
        PlaceholderKey::Name(name) => Some(name),
        PlaceholderKey::Index(_) => None,
    }
}

fn index_of(key: &PlaceholderKey) -> Option<usize> {
    match key {
        PlaceholderKey::Index(index) => Some(*index),
        PlaceholderKey::Name(_) => None,
    }
}

fn label(key: &PlaceholderKey) -> String {
    match key {
        PlaceholderKey::Index(index) => format!("${}", index + 1),
        PlaceholderKey::Name(name) => name.clone(),
    }
}

fn lookup<'p>(key: &PlaceholderKey, parameters: &'p Parameters) -> Result<&'p ParamValue, BindError> {
    let found = match (key, parameters) {
        (PlaceholderKey::Index(index), Parameters::Positional(values)) => values.get(*index),
        (PlaceholderKey::Name(name), Parameters::Named(values)) => values.get(name),
        _ => None,
    };
    found.ok_or_else(|| BindError::Missing(label(key)))
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
