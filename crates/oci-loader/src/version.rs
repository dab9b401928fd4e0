//! The version of the client library.

use std::ffi::c_int;
use std::fmt;

/// The five parts of a version, as `OCIClientVersion` tells them. Versions compare as one would expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version(pub(crate) [c_int; 5]);

impl Version {
    /// The release, as in 19 or 23.
    #[must_use]
    pub fn release(self) -> c_int {
        self.0[0]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [release, update, revision, increment, extension] = self.0;
        write!(f, "{release}.{update}.{revision}.{increment}.{extension}")
    }
}
