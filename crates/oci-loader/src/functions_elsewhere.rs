//! The functions of OCI on platforms for which there is no client, or none that is known here.

use std::path::Path;

use libloading::Library;

use crate::error::LoadError;

/// Always refuses.
pub(crate) fn bind(_library: &Library, _file: &Path) -> Result<(), LoadError> {
    Err(LoadError::Platform)
}
