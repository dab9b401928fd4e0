//! The keys in use.

use serde::Deserialize;

use super::key::Jwk;
use super::{Algorithm, KeyError, VerifyingKey};

/// Most keys of one set; every signature without a key name may have to be tried on each.
const MOST_KEYS: usize = 100;

/// Keys that verify tokens.
#[derive(Debug, Default)]
pub struct KeySet(Vec<VerifyingKey>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// These keys.
    #[must_use]
    pub fn new(keys: Vec<VerifyingKey>) -> Self {
        Self(keys)
    }

    /// The verifying keys of a JSON Web Key Set (RFC 7517, section 5). Those that cannot be used are left out: a set may
    /// serve others, too, and one that was emptied withdraws all keys.
    ///
    /// # Errors
    ///
    /// If it is not such a set.
    pub fn from_jwks(json: &[u8]) -> Result<Self, KeyError> {
        let document: Document = serde_json::from_slice(json)
            .map_err(|error| KeyError::new(format!("not a JSON Web Key Set: {error}")))?;
        if document.keys.len() > MOST_KEYS {
            return Err(KeyError::new(format!("more than {MOST_KEYS} keys")));
        }
        let usable = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok()?.into_key().ok()?);
        Ok(Self(usable.collect()))
    }

    /// The keys that may have signed a token of that header. One that names a key is tried on that alone, or on keys
    /// without a name.
    pub(super) fn for_token<'a>(
        &'a self,
        id: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a VerifyingKey> {
        self.0.iter().filter(move |key| {
            let named = match (id, key.id()) {
                (Some(asked), Some(known)) => asked == known,
                (None, _) | (_, None) => true,
            };
            named && key.is_for(algorithm)
        })
    }
}
