//! Who is asking, and what they may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::DataSourceId;

/// A permission. The wire name is part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Run, validate and explain statements; see and cancel one's own.
    Query,
    /// See data sources and their health.
    SourcesRead,
    /// Create, change, remove and test data sources.
    SourcesWrite,
    /// See audit records.
    AuditRead,
    /// Scrape metrics from the main listener.
    MetricsRead,
    /// Everything that concerns other callers. Includes every other scope.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::Query,
        Self::SourcesRead,
        Self::SourcesWrite,
        Self::AuditRead,
        Self::MetricsRead,
        Self::Admin,
    ];

    /// The name used in tokens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::SourcesRead => "sources:read",
            Self::SourcesWrite => "sources:write",
            Self::AuditRead => "audit:read",
            Self::MetricsRead => "metrics:read",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == name)
            .ok_or_else(|| format!("unknown scope {name:?}"))
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Reads the space-separated form of a token's `scope` claim (RFC 8693, section 4.2). Names this gateway does not
    /// know are ignored: a token may serve other services too.
    ///
    /// ```
    /// use gateway_core::{Scope, ScopeSet};
    /// let scopes = ScopeSet::parse("query email sources:read");
    /// assert!(scopes.allows(Scope::Query) && !scopes.allows(Scope::SourcesWrite));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(
            text.split_whitespace()
                .filter_map(|name| name.parse().ok())
                .collect(),
        )
    }

    /// Reads a list of names, each of which must be known.
    ///
    /// # Errors
    ///
    /// The first name that is not.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        names
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether `scope` is covered.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::Admin) || self.0.contains(&scope)
    }

    /// The scopes by name, as they were given.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

/// The data sources a caller may see and use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceGrant {
    /// All of them.
    All,
    /// These only.
    Only(BTreeSet<DataSourceId>),
}

impl SourceGrant {
    /// Whether `id` is covered.
    #[must_use]
    pub fn allows(&self, id: DataSourceId) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&id),
        }
    }

    /// Reads a list of identifiers, or `*` for all.
    ///
    /// # Errors
    ///
    /// The first entry that is neither.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut ids = BTreeSet::new();
        let mut all = false;
        for entry in entries {
            match entry.parse::<DataSourceId>() {
                Ok(id) => _ = ids.insert(id),
                Err(_) if entry == "*" => all = true,
                Err(_) => return Err(format!("{entry:?} is neither a data source's id nor \"*\"")),
            }
        }
        Ok(if all { Self::All } else { Self::Only(ids) })
    }

    /// The entries that [`SourceGrant::parse`] reads back.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        match self {
            Self::All => vec!["*".to_owned()],
            Self::Only(ids) => ids.iter().map(DataSourceId::to_string).collect(),
        }
    }
}

/// What told a caller from everybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifiedBy {
    /// A bearer token.
    Token,
    /// An API key.
    ApiKey,
    /// A client certificate.
    Certificate,
    /// Nothing: authentication is off, or nobody could be told.
    Nothing,
}

impl IdentifiedBy {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Token, Self::ApiKey, Self::Certificate, Self::Nothing];

    /// The name used on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::ApiKey => "api_key",
            Self::Certificate => "certificate",
            Self::Nothing => "nothing",
        }
    }

    /// The one with that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

impl fmt::Display for IdentifiedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A permission: what may be done, where, and within which bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub scopes: ScopeSet,
    /// Where.
    pub sources: SourceGrant,
    /// Most rows an answer may have; `None` leaves it to the gateway's own settings.
    pub max_rows: Option<u64>,
    /// Longest time a statement may run; `None` leaves it to the gateway's own settings.
    pub max_timeout: Option<Duration>,
}

impl Grant {
    /// A permission without bounds of its own.
    #[must_use]
    pub const fn new(scopes: ScopeSet, sources: SourceGrant) -> Self {
        Self {
            scopes,
            sources,
            max_rows: None,
            max_timeout: None,
        }
    }
}

/// Bounds of one caller on one source; `None` leaves it to the gateway's own settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallerLimits {
    /// Most rows an answer may have.
    pub max_rows: Option<u64>,
    /// Longest time a statement may run.
    pub max_timeout: Option<Duration>,
}

/// An identified caller.
///
/// Every grant stands for itself: the scopes of one are never joined with the sources of another.
///
/// ```
/// use gateway_core::{DataSourceId, Grant, IdentifiedBy, Principal, Scope, ScopeSet, SourceGrant};
/// let (mine, theirs) = (DataSourceId::new(), DataSourceId::new());
/// let ann = Principal {
///     subject: "ann".into(),
///     identified_by: IdentifiedBy::Token,
///     grants: vec![
///         Grant::new(ScopeSet::parse("query sources:write"), SourceGrant::Only([mine].into())),
///         Grant::new(ScopeSet::parse("query"), SourceGrant::All),
///     ],
/// };
/// assert!(ann.may_on(Scope::Query, theirs));
/// assert!(!ann.may_on(Scope::SourcesWrite, theirs));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The name the credentials give.
    pub subject: String,
    /// Which kind of credentials they were.
    pub identified_by: IdentifiedBy,
    /// What the caller may do, and where.
    pub grants: Vec<Grant>,
}

impl Principal {
    /// Whether `scope` is covered at all, on whichever sources.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.holding(scope).next().is_some()
    }

    /// Whether `scope` is covered on the source `id`.
    #[must_use]
    pub fn may_on(&self, scope: Scope, id: DataSourceId) -> bool {
        self.holding(scope).any(|grant| grant.sources.allows(id))
    }

    /// Whether `scope` is covered on all sources, those to come included.
    #[must_use]
    pub fn may_on_all(&self, scope: Scope) -> bool {
        self.holding(scope).any(|grant| grant.sources == SourceGrant::All)
    }

    /// The bounds of `scope` on the source `id`: of several grants that cover it, the widest of each bound.
    #[must_use]
    pub fn limits_on(&self, scope: Scope, id: DataSourceId) -> CallerLimits {
        let mut covering = self.holding(scope).filter(|grant| grant.sources.allows(id));
        let Some(first) = covering.next() else {
            return CallerLimits::default();
        };
        let narrow = CallerLimits {
            max_rows: first.max_rows,
            max_timeout: first.max_timeout,
        };
        covering.fold(narrow, |widest, grant| CallerLimits {
            max_rows: wider(widest.max_rows, grant.max_rows),
            max_timeout: wider(widest.max_timeout, grant.max_timeout),
        })
    }

    fn holding(&self, scope: Scope) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.scopes.allows(scope))
    }
}

/// The wider of two bounds; none is the widest.
fn wider<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    Some(one?.max(other?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_bound_of_those_grants_that_cover_the_source_holds() {
        let (mine, other) = (DataSourceId::new(), DataSourceId::new());
        let bounded = |sources, rows, secs| Grant {
            max_rows: rows,
            max_timeout: Some(Duration::from_secs(secs)),
            ..Grant::new(ScopeSet::parse("query"), sources)
        };
        let principal = Principal {
            subject: "ann".into(),
            identified_by: IdentifiedBy::Token,
            grants: vec![
                bounded(SourceGrant::Only([mine].into()), Some(10), 1),
                bounded(SourceGrant::Only([mine].into()), Some(20), 5),
                bounded(SourceGrant::Only([other].into()), None, 9),
            ],
        };
        let on = |id| principal.limits_on(Scope::Query, id);
        assert_eq!(on(mine).max_rows, Some(20));
        assert_eq!(on(mine).max_timeout, Some(Duration::from_secs(5)));
        assert_eq!(on(other).max_rows, None);
        assert!(!principal.may_on_all(Scope::Query) && !principal.may(Scope::AuditRead));
    }
}
