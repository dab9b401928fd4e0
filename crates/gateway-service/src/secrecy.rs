//! What nobody may guess. Identifiers, which open nothing, come from a cheaper generator: that of the `uuid` crate.

use aws_lc_rs::rand;

use crate::ServiceError;

/// Bytes from the generator of the cryptographic library.
pub(crate) fn unguessable<const N: usize>() -> Result<[u8; N], ServiceError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| ServiceError::NoRandomness)?;
    Ok(bytes)
}

/// Two digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
