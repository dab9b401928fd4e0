//! Hashing for tables that are fixed: nobody can fill them with words that collide.

use std::hash::{BuildHasherDefault, Hasher};

/// For tables whose keys are part of the program.
pub(crate) type Fixed = BuildHasherDefault<Fnv>;

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>): quick for short words.
#[derive(Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, _: usize) {
        // The length that precedes a slice: words that differ in it differ anyway.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
