//! Putting values into an approved statement.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::statement::Approved;
use crate::{
    ApprovedSql, Engine, ParamType, ParamValue, Parameters, Placeholder, PlaceholderKey, PlaceholderSite,
    Position, StatementKind,
};

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
        /// The first placeholder without a value, or the first value without a placeholder: `$1` and so on.
        first: String,
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
            Self::Missing(name)
            | Self::Unused(name)
            | Self::EmptyList(name)
            | Self::ArrayHere(name, _)
            | Self::Count { first: name, .. } => Some(name),
            Self::NeedsArray | Self::NeedsObject | Self::Mixed => None,
        }
    }
}

/// An approved statement in the engine's own placeholder style, with the values to bind in order.
#[derive(Debug, Clone)]
pub struct BoundSql {
    approved: ApprovedSql,
    text: Arc<str>,
    values: Vec<ParamValue>,
    labels: Vec<String>,
    places: Vec<usize>,
    edits: Vec<Edit>,
}

/// A placeholder that was replaced: where the replacement ends, and where the original ended.
#[derive(Debug, Clone, Copy)]
struct Edit {
    start: usize,
    end: usize,
    original_start: usize,
    original_end: usize,
}

impl BoundSql {
    /// The engine it is for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.approved.engine()
    }

    /// What it does.
    #[must_use]
    pub fn kind(&self) -> StatementKind {
        self.approved.kind()
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

    /// For each placeholder of [`BoundSql::text`], in their order, the index of its value in [`BoundSql::values`]; for clients that
    /// count every placeholder, also where two stand for one value.
    #[must_use]
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// What the caller calls the parameter that the value at `index` came from: its name, or `$1` and so on.
    #[must_use]
    pub fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("?", String::as_str)
    }

    /// Where the byte at `offset` of [`BoundSql::text`] stands in the text that the caller wrote.
    #[must_use]
    pub fn caller_position(&self, offset: usize) -> Position {
        let mut original = offset;
        for edit in self.edits.iter().take_while(|edit| edit.start <= offset) {
            original = if offset < edit.end {
                edit.original_start
            } else {
                edit.original_end + (offset - edit.end)
            };
        }
        Position::of_offset(self.approved.text(), original)
    }
}

pub(crate) struct Binder<'a> {
    source: &'a ApprovedSql,
    approved: &'a Approved,
    text: String,
    values: Vec<ParamValue>,
    labels: Vec<String>,
    places: Vec<usize>,
    edits: Vec<Edit>,
    /// For engines with numbered placeholders: the number given to the first use of each key.
    numbered: Vec<(&'a PlaceholderKey, usize)>,
}

impl<'a> Binder<'a> {
    pub(crate) fn new(source: &'a ApprovedSql) -> Self {
        let approved = source.parts();
        Self {
            source,
            approved,
            text: String::with_capacity(approved.text.len() + 16),
            values: Vec::new(),
            labels: Vec::new(),
            places: Vec::new(),
            edits: Vec::new(),
            numbered: Vec::new(),
        }
    }

    pub(crate) fn run(
        mut self,
        parameters: &Parameters,
        row_cap: Option<u64>,
    ) -> Result<BoundSql, BindError> {
        self.check_shape(parameters)?;
        let cap_site = self.approved.row_cap_site.filter(|_| row_cap.is_some());
        let end = cap_site.unwrap_or(self.approved.text.len());
        let mut copied = 0;
        for placeholder in &self.approved.placeholders {
            self.text
                .push_str(&self.approved.text[copied..placeholder.span.start]);
            copied = placeholder.span.end;
            let start = self.text.len();
            self.place(placeholder, parameters)?;
            let (original_start, original_end) = (placeholder.span.start, placeholder.span.end);
            self.edits.push(Edit {
                start,
                end: self.text.len(),
                original_start,
                original_end,
            });
        }
        self.text.push_str(&self.approved.text[copied..end.max(copied)]);
        if let (Some(_), Some(rows)) = (cap_site, row_cap) {
            self.append_row_cap(rows);
        }
        Ok(BoundSql {
            approved: self.source.clone(),
            text: self.text.into(),
            values: self.values,
            labels: self.labels,
            places: self.places,
            edits: self.edits,
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
            Parameters::None if expected > 0 => Err(wrong_count(expected, 0)),
            Parameters::Positional(values) if named && !values.is_empty() => Err(BindError::NeedsObject),
            Parameters::Positional(values) if !named && values.len() != expected => {
                Err(wrong_count(expected, values.len()))
            }
            Parameters::Named(values) if expected > 0 && !values.is_empty() => Err(BindError::NeedsArray),
            Parameters::Named(_) if expected > 0 => Err(wrong_count(expected, 0)),
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
                    self.add_value(&placeholder.key, item);
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
        match (known, self.approved.engine) {
            (Some(number), Engine::PostgreSql | Engine::Oracle) => self.write_placeholder(number, value),
            _ => {
                self.add_value(key, value);
                self.numbered.push((key, self.values.len()));
            }
        }
    }

    fn add_value(&mut self, key: &PlaceholderKey, value: &ParamValue) {
        self.values.push(value.clone());
        self.labels.push(label(key));
        self.write_placeholder(self.values.len(), value);
    }

    fn write_placeholder(&mut self, number: usize, value: &ParamValue) {
        self.places.push(number - 1);
        // Writing to a String cannot fail.
        let _ = match self.approved.engine {
            Engine::MySql | Engine::MariaDb => match mysql_cast(value) {
                // MySQL compares a number with a bare string as binary floating point; a declared type keeps it exact.
                Some(declared) => write!(self.text, "CAST(? AS {declared})"),
                None => write!(self.text, "?"),
            },
            Engine::Sqlite => write!(self.text, "?"),
            Engine::PostgreSql => write!(self.text, "${number}"),
            Engine::Oracle => match oracle_frame(value) {
                Some((before, after)) => write!(self.text, "{before}:{number} {after}"),
                // A space, because the client library passes over the character after a placeholder, be it the first of a comment.
                None => write!(self.text, ":{number} "),
            },
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

/// The type to cast a textual value to, where MySQL would otherwise see a string.
fn mysql_cast(value: &ParamValue) -> Option<String> {
    let decimal = |digits: &str| {
        if digits.contains(['e', 'E']) {
            return "DOUBLE".to_owned();
        }
        let scale = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        format!("DECIMAL(65,{})", scale.min(30))
    };
    match value {
        ParamValue::Number(digits) | ParamValue::Typed(ParamType::Decimal, digits) => Some(decimal(digits)),
        ParamValue::Typed(ParamType::Date, _) => Some("DATE".to_owned()),
        ParamValue::Typed(ParamType::Time, _) => Some("TIME(6)".to_owned()),
        ParamValue::Typed(ParamType::Timestamp | ParamType::TimestampTz, _) => Some("DATETIME(6)".to_owned()),
        ParamValue::Typed(ParamType::Uuid | ParamType::Json, _)
        | ParamValue::Null
        | ParamValue::Bool(_)
        | ParamValue::Int(_)
        | ParamValue::UInt(_)
        | ParamValue::Text(_)
        | ParamValue::Binary(_)
        | ParamValue::Array(_) => None,
    }
}

/// What to write around a date or time for Oracle, where each is bound as a TIMESTAMP. A DATE column that is compared with a
/// TIMESTAMP is converted itself, row by row, past its index; compared with a DATE it is not, and neither is a TIMESTAMP column.
fn oracle_frame(value: &ParamValue) -> Option<(&'static str, &'static str)> {
    match value {
        ParamValue::Typed(ParamType::Date, _) => Some(("CAST(", "AS DATE)")),
        ParamValue::Typed(ParamType::Timestamp, text) if !text.contains('.') => Some(("CAST(", "AS DATE)")),
        ParamValue::Typed(ParamType::TimestampTz, _) => Some(("FROM_TZ(", ", '+00:00')")),
        _ => None,
    }
}

fn wrong_count(expected: usize, given: usize) -> BindError {
    BindError::Count {
        expected,
        given,
        first: format!("${}", expected.min(given) + 1),
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
#[path = "bind_tests.rs"]
mod tests;
