//! Who is asking: bearer tokens (RFC 6750) that are JSON Web Tokens (RFC 7519), API keys, client certificates.

mod certificate;
mod jwt;
mod key_request;
mod key_source;
mod mint;
mod refusal;
mod throttle;
mod tokens;

use std::net::IpAddr;
use std::sync::Arc;

use gateway_core::trace::Trace;
use gateway_core::{Grant, IdentifiedBy, Principal, Scope, SourceGrant};
use gateway_service::{API_KEY_MARK, AccessService, KeyRefusal};

pub use certificate::{CertificateName, ClientCertificate};
pub use jwt::{Algorithm, Family, KeyError, KeySet, TokenRules, TokenSubject, VerifyingKey};
pub use key_source::{KeyLocation, KeySource, KeySourceError, RefreshTimes};
pub use mint::{TokenRequest, mint};
pub use refusal::Refusal;
pub use throttle::LoginThrottle;
pub use tokens::TokenVerifier;

/// What a request brings along to say who sent it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// The `Authorization` header. One that is not text is empty here, and refused.
    pub authorization: Option<&'a str>,
    /// The `X-API-Key` header.
    pub api_key: Option<&'a str>,
    /// The certificate of the connection's client, in DER.
    pub certificate: Option<&'a [u8]>,
}

/// Turns credentials into a principal. Several kinds may be accepted at once; what a request says itself goes before what
/// its connection says, and what is wrong is refused even if something else is right.
pub struct Authenticator {
    accepted: Accepted,
    access: Arc<AccessService>,
    throttle: LoginThrottle,
}

/// Which credentials are accepted.
pub enum Accepted {
    /// These.
    Credentials(Box<Kinds>),
    /// Nobody is asked: everybody may do everything. For a gateway that only its own machine can reach.
    Anybody,
}

/// The kinds of credentials.
#[derive(Default)]
pub struct Kinds {
    /// Tokens, verified by this.
    pub tokens: Option<TokenVerifier>,
    /// API keys.
    pub api_keys: bool,
    /// Client certificates, named by this.
    pub certificates: Option<CertificateRules>,
}

/// What client certificates are good for.
#[derive(Debug, Clone)]
pub struct CertificateRules {
    /// Which of its names is the subject.
    pub name: CertificateName,
    /// What every bearer of a certificate may do, besides what roles give.
    pub grant: Option<Grant>,
}

impl Authenticator {
    /// Accepts `accepted`, with permissions by the keys and roles of `access`.
    #[must_use]
    pub fn new(accepted: Accepted, access: Arc<AccessService>, throttle: LoginThrottle) -> Self {
        Self {
            accepted,
            access,
            throttle,
        }
    }

    /// The caller behind `credentials`.
    ///
    /// # Errors
    ///
    /// Why they are not accepted, in words for the caller.
    pub fn identify(&self, credentials: &Credentials<'_>) -> Result<Arc<Principal>, Refusal> {
        let kinds = match &self.accepted {
            Accepted::Credentials(kinds) => kinds,
            Accepted::Anybody => return Ok(Arc::new(anyone())),
        };
        match (credentials.authorization, credentials.api_key) {
            (Some(header), _) => self.by_header(kinds, header),
            (None, Some(key)) => self.by_key(kinds, key),
            (None, None) => self.by_certificate(kinds, credentials.certificate),
        }
    }

    /// Counts a refusal, and gives what is told of it: no more than to wait, if too many wrong credentials came from that
    /// address. Right ones are never kept out, or whoever shares an address with somebody could lock them out. To be called
    /// once for each request that is refused in the end.
    #[must_use]
    pub fn conclude(&self, refusal: Refusal, address: Option<IpAddr>) -> Refusal {
        let Some(address) = address.filter(|_| refusal.is_failed_login()) else {
            return refusal;
        };
        let told = match self.throttle.refused(address) {
            Some(seconds) => Refusal::Throttled {
                seconds,
                tried: refusal.tried(),
            },
            None => refusal,
        };
        self.throttle.failed(address);
        told
    }

    /// Gets the keys that verify tokens anew, as a part of `trace`; whether there are others now.
    ///
    /// # Errors
    ///
    /// If they cannot be had; those of the last time stay in use.
    pub async fn refresh_keys(&self, trace: &Trace) -> Result<bool, KeySourceError> {
        match self.tokens() {
            Some(tokens) => tokens.refresh(trace).await,
            None => Ok(false),
        }
    }

    /// Begins with the keys of `old` if both have them from the same place; whether it does.
    #[must_use]
    pub fn inherit_keys(&self, old: &Self) -> bool {
        match (self.tokens(), old.tokens()) {
            (Some(new), Some(old)) => new.inherit(old),
            _ => false,
        }
    }

    /// Where the keys that verify tokens come from, if they may change.
    #[must_use]
    pub fn key_source(&self) -> Option<&KeySource> {
        self.tokens()?.source()
    }

    fn tokens(&self) -> Option<&TokenVerifier> {
        match &self.accepted {
            Accepted::Credentials(kinds) => kinds.tokens.as_ref(),
            Accepted::Anybody => None,
        }
    }

    fn by_header(&self, kinds: &Kinds, header: &str) -> Result<Arc<Principal>, Refusal> {
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(Refusal::NotBearer),
        };
        if token.starts_with(API_KEY_MARK) {
            return self.by_key(kinds, token);
        }
        let tokens = kinds.tokens.as_ref().ok_or(Refusal::SwitchedOff)?;
        if let Some(known) = tokens.remembered(token, &self.access) {
            return Ok(known);
        }
        tokens.verify(token, &self.access)
    }

    fn by_key(&self, kinds: &Kinds, key: &str) -> Result<Arc<Principal>, Refusal> {
        if !kinds.api_keys {
            return Err(Refusal::SwitchedOff);
        }
        self.access.by_api_key(key).map_err(|refusal| match refusal {
            KeyRefusal::Malformed => Refusal::ApiKey(None),
            KeyRefusal::Unknown { prefix } => Refusal::ApiKey(Some(prefix)),
            KeyRefusal::Expired { prefix } => Refusal::ExpiredApiKey(prefix),
        })
    }

    fn by_certificate(&self, kinds: &Kinds, der: Option<&[u8]>) -> Result<Arc<Principal>, Refusal> {
        let (Some(rules), Some(der)) = (&kinds.certificates, der) else {
            return Err(Refusal::Missing);
        };
        let subject = rules.name.of(der).ok_or(Refusal::Nameless)?;
        Ok(Arc::new(self.access.principal(
            &subject,
            IdentifiedBy::Certificate,
            rules.grant.clone(),
            &[],
        )))
    }
}

fn anyone() -> Principal {
    Principal {
        subject: "anonymous".to_owned(),
        identified_by: IdentifiedBy::Nothing,
        grants: vec![Grant::new([Scope::Admin].into_iter().collect(), SourceGrant::All)],
    }
}
