//! Who is asking: bearer tokens (RFC 6750) that are JSON Web Tokens (RFC 7519).

mod token;

use std::sync::Arc;

use gateway_core::{IdentifiedBy, Principal, Scope, ScopeSet, SourceGrant};

pub use token::{MintError, Refusal, TokenKey, TokenRequest, mint};

/// Turns credentials into a principal.
pub enum Authenticator {
    /// Tokens signed with this key.
    Tokens(Box<TokenKey>),
    /// Nobody is asked: everybody may do everything. For a gateway that only its own machine can reach.
    Off,
}

impl Authenticator {
    /// The caller behind an `Authorization` header.
    ///
    /// # Errors
    ///
    /// Why the credentials are not accepted, in words for the caller.
    pub fn identify(&self, authorization: Option<&str>) -> Result<Arc<Principal>, Refusal> {
        let key = match self {
            Self::Tokens(key) => key,
            Self::Off => return Ok(Arc::new(anyone())),
        };
        let Some(header) = authorization else {
            return Err(Refusal::Missing);
        };
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(Refusal::NotBearer),
        };
        key.verify(token).map(Arc::new)
    }
}

fn anyone() -> Principal {
    Principal {
        subject: "anonymous".to_owned(),
        identified_by: IdentifiedBy::Nothing,
        scopes: ScopeSet::from_iter([Scope::Admin]),
        sources: SourceGrant::All,
    }
}
