//! API keys: credentials that the gateway itself gives out.

use std::fmt;

use crate::role::MAX_NAME_BYTES;
use crate::{FieldProblem, Grant, IdentifiedBy, Principal, ScopeSet, SourceGrant, UnixMicros};

/// A key as an administrator asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyDraft {
    /// What it is for; also the subject of its bearer.
    pub name: String,
    /// What it allows.
    pub scopes: ScopeSet,
    /// Where.
    pub sources: SourceGrant,
    /// Until when it is good; `None` for ever.
    pub expires_at: Option<UnixMicros>,
}

impl ApiKeyDraft {
    /// Every rule that the draft breaks; empty if the key may be made.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        let name = &self.name;
        if name.trim() != name
            || name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.contains(char::is_control)
        {
            found.push(FieldProblem {
                field: "name",
                message: format!("must be 1 to {MAX_NAME_BYTES} bytes without white space around it"),
            });
        }
        if self.scopes.iter().next().is_none() {
            found.push(FieldProblem {
                field: "scopes",
                message: "must name at least one scope".into(),
            });
        }
        if self.expires_at.is_some_and(|end| end <= UnixMicros::now()) {
            found.push(FieldProblem {
                field: "expiresAt",
                message: "must be in the future".into(),
            });
        }
        found
    }
}

/// A stored key. Of its secret only a hash is known.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The part of the key that is no secret and by which it is found.
    pub prefix: String,
    /// SHA-256 of the part that is.
    pub hash: [u8; 32],
    /// What was asked for.
    pub draft: ApiKeyDraft,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: UnixMicros,
    /// When it was last used, to within a minute; `None` if never.
    pub last_used_at: Option<UnixMicros>,
}

impl ApiKey {
    /// Whether its time is over.
    #[must_use]
    pub fn has_expired(&self, now: UnixMicros) -> bool {
        self.draft.expires_at.is_some_and(|end| end <= now)
    }

    /// The caller who bears it. Roles do not widen what a key allows.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal {
            subject: self.draft.name.clone(),
            identified_by: IdentifiedBy::ApiKey,
            grants: vec![Grant::new(self.draft.scopes.clone(), self.draft.sources.clone())],
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("prefix", &self.prefix)
            .field("draft", &self.draft)
            .finish_non_exhaustive()
    }
}
