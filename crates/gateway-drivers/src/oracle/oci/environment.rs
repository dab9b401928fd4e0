//! The one environment of the client library in this process.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use sibyl::Environment;

use crate::{ConnectFailure, DriverError};

static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();

/// Held while the environment is being made, for there are clients that make but one.
static MAKING: Mutex<()> = Mutex::new(());

/// The environment, made if there is none yet. A failure is not remembered: the library may be installed meanwhile.
pub(super) fn get(folder: Option<&Path>) -> Result<&'static Environment, DriverError> {
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    // There is nothing behind the lock that a panic could leave half done.
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let client = oci_loader::load(folder).map_err(|failure| absent(failure.to_string()))?;
    let environment = sibyl::env().map_err(|failure| {
        let (version, file) = (client.version(), client.file().display());
        absent(format!(
            "Oracle's client {version} ({file}) does not start: {failure}"
        ))
    })?;
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

fn absent(message: String) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Unsupported(
            "The driver oci needs Oracle Instant Client on the gateway's machine, which is missing or cannot be used; the \
             gateway's log says why",
        ),
        message,
    }
}
