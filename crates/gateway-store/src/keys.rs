//! The key ring of a store in use, which may get newer keys while it is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use crate::{KeyRing, SealError, StoreError};

/// The least time between two looks at the ring's file, so that something that does not open costs no reading each time.
const FLOOR: Duration = Duration::from_millis(100);

/// The key ring that a store uses, which may be replaced by a newer one meanwhile.
pub struct Keys {
    ring: ArcSwap<KeyRing>,
    looked: Mutex<Option<Instant>>,
}

impl Keys {
    pub(crate) fn new(ring: KeyRing) -> Self {
        Self {
            ring: ArcSwap::from_pointee(ring),
            looked: Mutex::new(None),
        }
    }

    /// The ring as it is now.
    pub(crate) fn ring(&self) -> Arc<KeyRing> {
        self.ring.load_full()
    }

    /// Uses `ring` from here on.
    pub(crate) fn replace(&self, ring: KeyRing) {
        self.ring.store(Arc::new(ring));
    }

    /// Whether the ring in use no longer has the fault that `error` tells of.
    pub(crate) fn mends(&self, error: &StoreError) -> bool {
        match error {
            StoreError::KeyRetired { key_id } => self.ring().sealing_key_id() != key_id,
            StoreError::Credential {
                reason: SealError::UnknownKey { key_id },
                ..
            } => self.ring().key(key_id).is_some(),
            _ => false,
        }
    }

    /// Waits until the file may be looked at.
    pub(crate) async fn pause(&self) {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(looked) = looked {
            tokio::time::sleep(FLOOR.saturating_sub(looked.elapsed())).await;
        }
    }

    /// The ring that is in the file now, if it is another than the one in use. A file that cannot be read is as good as
    /// none: the ring in use goes on being used, and what it does not open is named where it is met.
    pub(crate) fn newer(&self) -> Option<KeyRing> {
        let current = self.ring();
        let file = current.origin()?;
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.is_some_and(|before| before.elapsed() < FLOOR) {
                return None;
            }
            *looked = Some(Instant::now());
        }
        let found = KeyRing::load_file(file).ok()?;
        (*found.to_text() != *current.to_text()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_ring_is_found_once_and_not_looked_for_all_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let keys = Keys::new(KeyRing::generate_file(&file).unwrap());
        let newer = keys.ring().with_new_key().unwrap();
        newer.replace_file(&file).unwrap();
        let found = keys.newer().unwrap();
        assert_eq!(found.sealing_key_id(), newer.sealing_key_id());
        assert!(keys.newer().is_none(), "it was looked for just now");
        keys.replace(found);
        *keys.looked.lock().unwrap() = None;
        assert!(keys.newer().is_none(), "it is in use");
        let text = Keys::new(KeyRing::generate().unwrap());
        assert!(text.newer().is_none(), "it is from no file");
    }
}
