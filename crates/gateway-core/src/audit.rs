//! What is put on record.

use std::fmt;

use crate::{AuditId, DataSourceId, IdentifiedBy, UnixMicros};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name used on the wire and in the store.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The one with that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

named! {
    /// What somebody wanted to do.
    AuditAction {
        /// Run a statement.
        Query = "query",
        /// See the plan of a statement.
        Explain = "explain",
        /// See what a data source holds.
        Schema = "schema",
        /// Register a data source.
        SourceCreate = "source.create",
        /// Change a data source.
        SourceChange = "source.change",
        /// Remove a data source.
        SourceDelete = "source.delete",
        /// Connect to a data source, to see whether that works.
        SourceTest = "source.test",
        /// Stop a query that runs.
        QueryCancel = "query.cancel",
        /// Make an API key.
        ApiKeyCreate = "apikey.create",
        /// Remove an API key.
        ApiKeyDelete = "apikey.delete",
        /// Add a role.
        RoleCreate = "role.create",
        /// Change a role.
        RoleChange = "role.change",
        /// Remove a role.
        RoleDelete = "role.delete",
        /// Replace the key that seals credentials at rest.
        KeysRotate = "keys.rotate",
        /// Take over settings that were changed while the gateway runs.
        SettingsReload = "settings.reload",
        /// Show credentials; on record only when they are refused.
        Login = "login",
        /// Use a part of the interface that the caller's credentials do not open; on record only when it is refused.
        Access = "access",
        /// Nothing that anybody did: so many records could not be kept, because there was no more room for them to wait.
        RecordsLost = "audit.lost",
    }
}

named! {
    /// What became of it.
    AuditDecision {
        /// It was done.
        Allowed = "allowed",
        /// The gateway did not permit it.
        Refused = "refused",
        /// It was permitted and did not succeed.
        Failed = "failed",
        /// It was stopped before its end: by a deadline, by request, or because nobody was there any more.
        Cancelled = "cancelled",
    }
}

/// One entry of the audit log. Parameter values are part of it only where the operator has asked for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its identifier; sorting by it sorts by time.
    pub id: AuditId,
    /// When it was decided.
    pub at: UnixMicros,
    /// Ties it to the request's answer and log line.
    pub correlation_id: String,
    /// Who asked.
    pub subject: String,
    /// What told them from everybody else; `None` in records from before this was kept.
    pub identified_by: Option<IdentifiedBy>,
    /// From which address.
    pub remote: Option<String>,
    /// What they wanted.
    pub action: AuditAction,
    /// On what, unless it is a data source that is stored: a key's prefix, a role's name, a path, a query, a host.
    pub target: Option<String>,
    /// On which data source.
    pub source: Option<DataSourceId>,
    /// The statement's text, or its beginning if it is long; then there is a digest.
    pub statement: Option<String>,
    /// The SHA-256 digest of the statement's whole text.
    pub digest: Option<[u8; 32]>,
    /// The values bound to the statement, as JSON.
    pub parameters: Option<String>,
    /// What became of it.
    pub decision: AuditDecision,
    /// The error code of the answer, if it was an error.
    pub code: Option<String>,
    /// The validator's rule that the statement broke.
    pub rule: Option<String>,
    /// Rows delivered.
    pub rows: u64,
    /// Bytes of cell data delivered.
    pub bytes: u64,
    /// From the request to its end, in microseconds.
    pub duration_micros: u64,
    /// How many events it stands for: 1, except in a summary.
    pub count: u64,
}

impl AuditRecord {
    /// A record made now, of which nothing is known but what it is about: no outcome yet, so it says that it was cancelled.
    #[must_use]
    pub fn blank(action: AuditAction) -> Self {
        Self {
            id: AuditId::new(),
            at: UnixMicros::now(),
            correlation_id: String::new(),
            subject: String::new(),
            identified_by: None,
            remote: None,
            action,
            target: None,
            source: None,
            statement: None,
            digest: None,
            parameters: None,
            decision: AuditDecision::Cancelled,
            code: None,
            rule: None,
            rows: 0,
            bytes: 0,
            duration_micros: 0,
            count: 1,
        }
    }
}
