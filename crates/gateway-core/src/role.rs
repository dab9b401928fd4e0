//! Roles: permissions that are given to callers by name or by group.

use std::fmt;
use std::time::Duration;

use crate::{DataSourceId, FieldProblem, ScopeSet, UnixMicros};

/// Longest name of a role, a subject or a group, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 256;
const MAX_ROLE_NAME: usize = 64;
const MAX_DESCRIPTION_CHARS: usize = 2000;
const MAX_ENTRIES: usize = 1000;

/// Which data sources a role covers.
///
/// ```
/// use gateway_core::{DataSourceId, SourcePattern};
/// let pattern = SourcePattern::parse("sales-*");
/// assert!(pattern.matches(DataSourceId::new(), "Sales-2026"));
/// assert!(!pattern.matches(DataSourceId::new(), "presales-2026"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourcePattern {
    /// The one with this identifier.
    Id(DataSourceId),
    /// Those whose name has this form, in which `*` stands for any text; without regard to case, as names are unique.
    Name(String),
}

impl SourcePattern {
    /// Reads an identifier, or else a pattern of names.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Id)
    }

    /// Whether it covers all sources, those to come included.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self, Self::Name(form) if form == "*")
    }

    /// Whether it covers the source `id` of that name.
    #[must_use]
    pub fn matches(&self, id: DataSourceId, name: &str) -> bool {
        match self {
            Self::Id(own) => *own == id,
            Self::Name(form) => matches_form(&form.to_lowercase(), &name.to_lowercase()),
        }
    }
}

impl fmt::Display for SourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Name(form) => f.write_str(form),
        }
    }
}

/// Whether `text` has the form `form`. Each star takes as little as it can, which finds a match wherever there is one.
fn matches_form(form: &str, text: &str) -> bool {
    let Some((head, rest)) = form.split_once('*') else {
        return form == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(tail)
}

/// A role as an administrator describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDraft {
    /// Its name: 1 to 64 of `[a-z0-9._-]`.
    pub name: String,
    /// Free text.
    pub description: String,
    /// What it allows.
    pub scopes: ScopeSet,
    /// Where.
    pub sources: Vec<SourcePattern>,
    /// Most rows of an answer.
    pub max_rows: Option<u64>,
    /// Longest time of a statement.
    pub max_timeout: Option<Duration>,
    /// The callers who have it, by the subject of their credentials.
    pub subjects: Vec<String>,
    /// The groups whose members have it, as tokens list them.
    pub groups: Vec<String>,
}

impl RoleDraft {
    /// Every rule that the draft breaks; empty if it may be stored.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        let mut require = |holds: bool, field, message: String| {
            if !holds {
                found.push(FieldProblem { field, message });
            }
        };
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        require(
            (1..=MAX_ROLE_NAME).contains(&self.name.len()) && self.name.bytes().all(allowed),
            "name",
            format!("must be 1 to {MAX_ROLE_NAME} of a-z, 0-9, dot, underscore and hyphen"),
        );
        require(
            self.description.chars().count() <= MAX_DESCRIPTION_CHARS,
            "description",
            format!("must have at most {MAX_DESCRIPTION_CHARS} characters"),
        );
        require(self.max_rows != Some(0), "maxRows", "must be above 0".into());
        require(
            self.max_timeout.is_none_or(|limit| !limit.is_zero()),
            "maxTimeoutMs",
            "must be above 0".into(),
        );
        let patterns: Vec<String> = self.sources.iter().map(SourcePattern::to_string).collect();
        for (field, entries) in [
            ("sources", &patterns),
            ("subjects", &self.subjects),
            ("groups", &self.groups),
        ] {
            require(
                entries.len() <= MAX_ENTRIES,
                field,
                format!("must have at most {MAX_ENTRIES} entries"),
            );
            require(
                (entries.iter()).all(|entry| (1..=MAX_NAME_BYTES).contains(&entry.len())),
                field,
                format!("each must have 1 to {MAX_NAME_BYTES} bytes"),
            );
        }
        found
    }
}

/// A stored role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// What it is.
    pub draft: RoleDraft,
    /// Counts changes, from 1.
    pub version: u64,
    /// When it was made.
    pub created_at: UnixMicros,
    /// When it was last changed.
    pub updated_at: UnixMicros,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (form, text, expected) in [
            ("*", "", true),
            ("*", "anything", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("*b", "abc", false),
            ("a*a", "a", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
            ("a**b", "ab", true),
            ("", "", true),
            ("ä*", "ärger", true),
        ] {
            assert_eq!(matches_form(form, text), expected, "{form:?} on {text:?}");
        }
    }

    #[test]
    fn every_broken_rule_is_named() {
        let draft = RoleDraft {
            name: "Bad Name".into(),
            description: String::new(),
            scopes: ScopeSet::default(),
            sources: vec![SourcePattern::parse("")],
            max_rows: Some(0),
            max_timeout: Some(Duration::ZERO),
            subjects: vec!["x".repeat(300)],
            groups: vec![],
        };
        let fields: Vec<&str> = draft.problems().iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["name", "maxRows", "maxTimeoutMs", "sources", "subjects"]);
    }
}
