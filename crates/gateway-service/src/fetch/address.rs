//! The addresses of pages.

use std::fmt;

use gateway_core::QueryId;
use uuid::Uuid;

use crate::ServiceError;
use crate::secrecy::{hex, unguessable};

/// Bytes of an address that are its secret.
const SECRET_BYTES: usize = 16;

/// Names a page: which read, the secret that goes with it, the page's number from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAddress {
    /// The read.
    pub id: QueryId,
    /// `<replica>-<secret>`.
    pub slug: String,
    /// Which page.
    pub number: u64,
}

/// The part of an address that cannot be guessed, with the name of the replica that holds the read.
pub(super) struct Slug(String);

impl Slug {
    pub(super) fn new(replica: &str) -> Result<Self, ServiceError> {
        Ok(Self(format!(
            "{replica}-{}",
            hex(&unguessable::<SECRET_BYTES>()?)
        )))
    }

    /// Which replica `slug` names.
    pub(super) fn replica_of(slug: &str) -> Option<&str> {
        slug.rsplit_once('-').map(|(replica, _)| replica)
    }

    /// Whether `slug` is this one, in a time that does not depend on where they differ.
    pub(super) fn is(&self, slug: &str) -> bool {
        let differing = self
            .0
            .bytes()
            .zip(slug.bytes())
            .fold(0, |differing, (ours, theirs)| differing | (ours ^ theirs));
        self.0.len() == slug.len() && differing == 0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name for a replica that has none.
pub(super) fn random_replica() -> String {
    let mut name = Uuid::new_v4().simple().to_string();
    name.truncate(8);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_names_its_replica_and_nothing_else_passes_for_it() {
        let slug = Slug::new("west2").unwrap();
        let text = slug.to_string();
        assert_eq!(Slug::replica_of(&text), Some("west2"));
        assert!(slug.is(&text));
        assert!(!slug.is(&text[..text.len() - 1]));
        assert!(!slug.is(&Slug::new("west2").unwrap().to_string()));
        assert!(!slug.is(""));
    }
}
