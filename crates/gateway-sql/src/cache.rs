//! Verdicts that are remembered.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use gateway_core::ApprovedSql;

use crate::{Rejection, Validator};

const SHARDS: usize = 16;
/// Places of each shard's memory of texts that were seen once.
const SEEN: usize = 256;
/// Texts above this size are judged every time.
const MAX_TEXT: usize = 8 * 1024;

type Judgement = Result<ApprovedSql, Rejection>;

/// A [`Validator`] that remembers its verdicts, so that a repeated statement costs under a microsecond.
///
/// It is bounded, and one caller cannot flood it: a text is remembered from its second appearance on, and what is in
/// use stays when what is not makes room.
///
/// ```
/// use gateway_core::Engine;
/// use gateway_sql::{CachedValidator, Policy, Validator};
///
/// let validator = CachedValidator::new(Validator::new(Engine::MySql, Policy::default()), 10_000);
/// for _ in 0..3 {
///     assert!(validator.approve("SELECT 1").is_ok());
///     assert!(validator.approve("SELECT sleep(1)").is_err());
/// }
/// ```
#[derive(Debug)]
pub struct CachedValidator {
    validator: Validator,
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    /// Verdicts in one generation of one shard.
    generation: usize,
}

/// Two generations: when the young one is full, it becomes the old one, and the old one is dropped, less what was asked
/// for in the meantime.
#[derive(Debug)]
struct Shard {
    young: HashMap<Box<str>, Judgement>,
    old: HashMap<Box<str>, Judgement>,
    /// Made with the first text: a gateway may have many validators that are never asked.
    seen: Box<[u64]>,
}

impl CachedValidator {
    /// Remembers about `capacity` verdicts of `validator`.
    #[must_use]
    pub fn new(validator: Validator, capacity: usize) -> Self {
        let shard = || {
            Mutex::new(Shard {
                young: HashMap::new(),
                old: HashMap::new(),
                seen: Box::default(),
            })
        };
        Self {
            validator,
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| shard()).collect(),
            generation: (capacity / SHARDS / 2).max(1),
        }
    }

    /// The validator behind it.
    #[must_use]
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// As [`Validator::approve`].
    ///
    /// # Errors
    ///
    /// As [`Validator::approve`].
    pub fn approve(&self, text: &str) -> Result<ApprovedSql, Rejection> {
        if text.len() > MAX_TEXT {
            return self.validator.approve(text);
        }
        let hash = self.hasher.hash_one(text);
        let shard = usize::try_from(hash % SHARDS as u64)
            .ok()
            .and_then(|index| self.shards.get(index));
        let Some(shard) = shard else {
            return self.validator.approve(text);
        };
        if let Some(known) = shard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .find(text, self.generation)
        {
            return known;
        }
        let judgement = self.validator.approve(text);
        shard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .offer(text, hash, &judgement, self.generation);
        judgement
    }
}

impl Shard {
    fn find(&mut self, text: &str, generation: usize) -> Option<Judgement> {
        if let Some(known) = self.young.get(text) {
            return Some(known.clone());
        }
        let (text, known) = self.old.remove_entry(text)?;
        self.keep(text, known.clone(), generation);
        Some(known)
    }

    /// Keeps a judgement if its text was seen before.
    fn offer(&mut self, text: &str, hash: u64, judgement: &Judgement, generation: usize) {
        if self.seen.is_empty() {
            self.seen = vec![0; SEEN].into_boxed_slice();
        }
        let place = usize::try_from((hash / SHARDS as u64) % SEEN as u64).unwrap_or_default();
        match self.seen.get_mut(place) {
            Some(seen) if *seen == hash => self.keep(text.into(), judgement.clone(), generation),
            Some(seen) => *seen = hash,
            None => {}
        }
    }

    fn keep(&mut self, text: Box<str>, judgement: Judgement, generation: usize) {
        if self.young.len() >= generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, judgement);
    }
}

#[cfg(test)]
mod tests {
    use gateway_core::Engine;

    use super::*;
    use crate::Policy;

    fn kept(cache: &CachedValidator) -> usize {
        cache
            .shards
            .iter()
            .map(|shard| {
                let shard = shard.lock().unwrap();
                shard.young.len() + shard.old.len()
            })
            .sum()
    }

    #[test]
    fn what_is_seen_twice_is_kept_and_a_flood_is_not() {
        let cache = CachedValidator::new(Validator::new(Engine::Sqlite, Policy::default()), 1_000);
        for _ in 0..2 {
            assert!(cache.approve("SELECT 1").is_ok());
            assert!(cache.approve("DROP TABLE t").is_err());
        }
        assert_eq!(kept(&cache), 2);
        for n in 0..5_000 {
            assert!(cache.approve(&format!("SELECT {n} FROM t")).is_ok());
        }
        assert_eq!(kept(&cache), 2);
        assert!(cache.approve("SELECT 1").is_ok());
        assert!(cache.approve("DROP TABLE t").is_err());
    }

    #[test]
    fn it_stays_within_its_capacity() {
        let cache = CachedValidator::new(Validator::new(Engine::Sqlite, Policy::default()), 100);
        for n in 0..2_000 {
            for _ in 0..2 {
                assert!(cache.approve(&format!("SELECT {n} FROM t")).is_ok());
            }
        }
        assert!(kept(&cache) <= 100 + 2 * SHARDS, "{}", kept(&cache));
    }
}
