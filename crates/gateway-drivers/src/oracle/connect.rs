//! How the client library is told to log in.

use std::borrow::Cow;

use gateway_core::{Secret, SourceConfig, TlsMode};
use oracledb::{Config, Connection};

use super::error;
use crate::descriptor::{Descriptor, Service};
use crate::{ConnectFailure, DriverError, Target};

/// What the server is told of who connects.
const PROGRAM: &str = "nexus-gateway";

/// Prepared statements kept for each session, well below the servers' usual limit of 300 cursors.
const STATEMENTS: usize = 64;

/// Makes the client library print every packet, with all data.
const PRINTS_PACKETS: &str = "RSO_DEBUG_PACKETS";

/// A login.
pub(super) struct Plan {
    descriptor: String,
    user: String,
    password: Secret,
}

impl Plan {
    /// The login at the target's service by way of a loopback port.
    pub(super) fn new(target: &Target<'_>, service: &Service, port: u16) -> Result<Self, DriverError> {
        let missing = |what: &str| refused(&format!("no {what} is set"));
        let (Some(user), Some(password)) = (&target.config.username, target.password) else {
            return Err(missing("username or password"));
        };
        Ok(Self {
            descriptor: describe(service, port),
            user: user.clone(),
            password: password.clone(),
        })
    }

    /// Logs in; blocks.
    pub(super) fn log_in(&self) -> Result<Connection, DriverError> {
        // Looked at each time: whoever sets it can only mean this process, and must not get what it would print.
        if std::env::var_os(PRINTS_PACKETS).is_some() {
            return Err(DriverError::Connect {
                reason: ConnectFailure::Unsupported(
                    "The variable RSO_DEBUG_PACKETS is set, which would print every value that is read from Oracle; \
                     start the gateway without it",
                ),
                message: format!("{PRINTS_PACKETS} is set"),
            });
        }
        let named = |config: Config| config.set_program(PROGRAM)?.set_osuser(PROGRAM);
        let config = Config::default()
            .set_credentials(&self.user, self.password.expose())
            .set_driver_name(PROGRAM)
            .set_stmtcachesize(STATEMENTS)
            .set_connect_string(&self.descriptor)
            .and_then(named)
            .map_err(|failure| error::connecting(&failure))?;
        oracledb::connect(config).map_err(|failure| error::connecting(&failure))
    }

    /// Logs in by other means, which are told the descriptor, the user and the password.
    #[cfg(feature = "oracle-oci")]
    pub(super) fn log_in_by<T>(&self, means: impl FnOnce(&str, &str, &str) -> T) -> T {
        means(&self.descriptor, &self.user, self.password.expose())
    }
}

/// The descriptor for the client library. Failed attempts are not its to repeat.
fn describe(service: &Service, port: u16) -> String {
    let parts = [
        ("SERVICE_NAME", &service.service_name),
        ("SID", &service.sid),
        ("INSTANCE_NAME", &service.instance_name),
        ("SERVER", &service.server),
    ];
    let data: String = parts
        .into_iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| format!("({key}={value})")))
        .collect();
    format!(
        "(DESCRIPTION=(RETRY_DELAY=0)(SDU=65535)(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT={port}))(CONNECT_DATA={data}))"
    )
}

/// What a source asks for: which database, and how its connections are protected.
pub(super) struct Wish<'a> {
    pub(super) service: Service,
    /// The source with the protection that its connect descriptor asks for.
    pub(super) config: Cow<'a, SourceConfig>,
}

impl<'a> Wish<'a> {
    pub(super) fn of(config: &'a SourceConfig) -> Result<Self, DriverError> {
        let Some(text) = &config.connect_descriptor else {
            let service = named(config)?;
            let config = protected(config, None);
            return Ok(Self { service, config });
        };
        let found =
            Descriptor::parse(text).map_err(|wrong| refused(&format!("the connect descriptor {wrong}")))?;
        let config = protected(config, Some(&found));
        let service = found.service;
        Ok(Self { service, config })
    }
}

/// The database that the source's own settings name.
fn named(config: &SourceConfig) -> Result<Service, DriverError> {
    let service = Service {
        service_name: config.service_name.clone(),
        sid: config.sid.clone(),
        ..Service::default()
    };
    let names = [&service.service_name, &service.sid];
    let is_plain = |name: &String| name.bytes().all(|byte| !b"()='\"\\".contains(&byte));
    if names.into_iter().flatten().all(is_plain) {
        Ok(service)
    } else {
        Err(refused("serviceName or sid has a character that no name has"))
    }
}

/// `PROTOCOL=tcps` without a word about TLS in the source means what Oracle's clients do: the certificate is checked, and so is the
/// name unless `SSL_SERVER_DN_MATCH` is off.
fn protected<'a>(config: &'a SourceConfig, found: Option<&Descriptor>) -> Cow<'a, SourceConfig> {
    let tls = match (config.tls, found) {
        (TlsMode::Prefer, Some(found)) if found.is_encrypted() => match found.matches_name {
            Some(false) => TlsMode::VerifyCa,
            Some(true) | None => TlsMode::VerifyFull,
        },
        // A listener's port speaks TLS or does not; there is nothing to negotiate.
        (TlsMode::Prefer, _) => TlsMode::Disable,
        (mode, _) => mode,
    };
    if tls == config.tls {
        return Cow::Borrowed(config);
    }
    Cow::Owned(SourceConfig {
        tls,
        ..config.clone()
    })
}

fn refused(message: &str) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Refused,
        message: message.to_owned(),
    }
}
