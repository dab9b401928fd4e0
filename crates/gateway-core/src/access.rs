//! Who is asking, and what they may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

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

    /// Whether `scope` is covered.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::Admin) || self.0.contains(&scope)
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
}

impl fmt::Display for IdentifiedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An identified caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The name the credentials give.
    pub subject: String,
    /// Which kind of credentials they were.
    pub identified_by: IdentifiedBy,
    /// What the caller may do.
    pub scopes: ScopeSet,
    /// Where the caller may do it.
    pub sources: SourceGrant,
}
