//! Bearer tokens: verified once, then remembered until they expire.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use aws_lc_rs::digest;
use gateway_core::trace::Trace;
use gateway_core::{IdentifiedBy, Principal};
use gateway_service::{AccessRevision, AccessService};
use quick_cache::sync::Cache;

use super::Refusal;
use super::jwt::{KeySet, TokenRules, TokenSubject, Unverified, unix_now};
use super::key_source::KeySource;

/// Tokens remembered; the least used are forgotten.
const REMEMBERED: usize = 10_000;

type Digest = [u8; 32];

/// Verifies tokens.
pub struct TokenVerifier {
    /// Absent until they have been had for the first time.
    keys: ArcSwapOption<KeySet>,
    rules: TokenRules,
    source: Option<KeySource>,
    accepted: Cache<Digest, Arc<Accepted>>,
}

/// A token that was verified.
struct Accepted {
    said: TokenSubject,
    /// The keys it was verified with. Once there are others it must be verified again: its key may have been withdrawn.
    keys: Arc<KeySet>,
    principal: ArcSwapOption<(AccessRevision, Arc<Principal>)>,
}

impl TokenVerifier {
    /// Verifies with `keys`, which never change.
    #[must_use]
    pub fn fixed(keys: KeySet, rules: TokenRules) -> Self {
        Self::new(Some(Arc::new(keys)), rules, None)
    }

    /// Verifies with the keys that `source` gives, none at first.
    #[must_use]
    pub fn following(source: KeySource, rules: TokenRules) -> Self {
        Self::new(None, rules, Some(source))
    }

    fn new(keys: Option<Arc<KeySet>>, rules: TokenRules, source: Option<KeySource>) -> Self {
        Self {
            keys: ArcSwapOption::new(keys),
            rules,
            source,
            accepted: Cache::new(REMEMBERED),
        }
    }

    /// The bearer of `token`, if it was accepted before and still is.
    pub(super) fn remembered(&self, token: &str, access: &AccessService) -> Option<Arc<Principal>> {
        let accepted = self.accepted.get(&digest_of(token))?;
        let keys = self.keys.load();
        let is_current = keys
            .as_ref()
            .is_some_and(|keys| Arc::ptr_eq(&accepted.keys, keys));
        (is_current && unix_now() < accepted.said.expires).then(|| accepted.principal(access))
    }

    /// The bearer of `token`.
    pub(super) fn verify(&self, token: &str, access: &AccessService) -> Result<Arc<Principal>, Refusal> {
        let keys = self.keys.load_full().ok_or(Refusal::NoKeys)?;
        let said = Unverified::parse(token)?.verify(&keys, &self.rules)?;
        let accepted = Arc::new(Accepted {
            said,
            keys,
            principal: ArcSwapOption::empty(),
        });
        let principal = accepted.principal(access);
        self.accepted.insert(digest_of(token), accepted);
        Ok(principal)
    }

    /// Gets the keys anew, as a part of `trace`, unless that was done a moment ago; whether there are others now.
    pub async fn refresh(&self, trace: &Trace) -> Result<bool, super::KeySourceError> {
        let Some(source) = &self.source else {
            return Ok(false);
        };
        let install = |keys| self.keys.store(Some(Arc::new(keys)));
        source.fetch_if_changed(trace, install).await
    }

    pub(super) fn inherit(&self, old: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (&self.source, &old.source) else {
            return false;
        };
        let inherits = mine.location() == theirs.location();
        if inherits {
            self.keys.store(old.keys.load_full());
        }
        inherits
    }

    /// Where its keys come from, if they may change.
    #[must_use]
    pub fn source(&self) -> Option<&KeySource> {
        self.source.as_ref()
    }
}

impl Accepted {
    /// Who the token's bearer is, by the roles as they are now.
    fn principal(&self, access: &AccessService) -> Arc<Principal> {
        let revision = access.revision();
        if let Some(known) = &*self.principal.load()
            && known.0 == revision
        {
            return Arc::clone(&known.1);
        }
        let said = &self.said;
        let principal = Arc::new(access.principal(
            &said.subject,
            IdentifiedBy::Token,
            Some(said.grant.clone()),
            &said.groups,
        ));
        self.principal
            .store(Some(Arc::new((revision, Arc::clone(&principal)))));
        principal
    }
}

/// Tokens are remembered by their hash, so that memory holds none that could be used.
fn digest_of(token: &str) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    bytes
}
