//! Where a source may point: which addresses, which hosts, which folders with SQLite files.
//!
//! Names are judged, and so is every address that they resolve to, at each connect; a driver is given the judged address and
//! never the name, so that a name which resolves to something else a moment later leads nowhere.

mod pattern;
mod special;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use gateway_core::{FieldProblem, SourceConfig};

pub use pattern::PatternError;

use pattern::Pattern;

use crate::descriptor::Descriptor;
use crate::folders::{Folders, Unfound};
use crate::{ConnectFailure, DriverError};

/// Where one session goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A server's address.
    Tcp(SocketAddr),
    /// A folder with a server's Unix socket.
    Socket(PathBuf),
    /// A database file, free of symbolic links.
    File(PathBuf),
}

/// A place, and the name that led there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    /// The host's name or address, which a certificate must be for.
    pub(crate) host: Option<String>,
    pub(crate) place: Place,
}

/// Where sources may point.
///
/// ```
/// use gateway_drivers::NetworkPolicy;
/// let policy = NetworkPolicy::new(["10.0.0.0/8", "*.db.example.com"], ["10.0.0.1"], [])?;
/// assert!(policy.permits("10.0.0.2".parse()?));
/// assert!(!policy.permits("10.0.0.1".parse()?), "deny wins");
/// assert!(!policy.permits("127.0.0.1".parse()?), "special addresses must be allowed by name");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct NetworkPolicy(Option<Limits>);

#[derive(Debug, Clone)]
struct Limits {
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
    folders: Folders,
}

const REFUSED_ADDRESS: &str =
    "is not where this gateway may connect to (settings network.allow and network.deny)";
const REFUSED_FILE: &str =
    "is not in a folder that this gateway may open SQLite files from (setting network.sqlite_folders)";

impl NetworkPolicy {
    /// No limits: for programs that register nothing but their own databases.
    #[must_use]
    pub const fn unrestricted() -> Self {
        Self(None)
    }

    /// Limits. `allow` and `deny` hold networks (`10.0.0.0/8`), addresses, host names and patterns (`*.example.com`). `deny`
    /// wins; an empty `allow` permits what is not denied. Loopback, link-local, multicast, unspecified and metadata addresses
    /// are refused unless `allow` has a network within them. SQLite files are opened from `folders` only.
    ///
    /// # Errors
    ///
    /// The first line that cannot be read.
    pub fn new<'a>(
        allow: impl IntoIterator<Item = &'a str>,
        deny: impl IntoIterator<Item = &'a str>,
        folders: impl IntoIterator<Item = PathBuf>,
    ) -> Result<Self, PatternError> {
        Ok(Self(Some(Limits {
            allow: allow.into_iter().map(Pattern::parse).collect::<Result<_, _>>()?,
            deny: deny.into_iter().map(Pattern::parse).collect::<Result<_, _>>()?,
            folders: Folders::new(folders.into_iter().collect()),
        })))
    }

    /// The same, but these files are never opened, in whatever folder and by whatever name: the gateway's own.
    #[must_use]
    pub fn except(mut self, files: Vec<PathBuf>) -> Self {
        if let Some(limits) = &mut self.0 {
            limits.folders.except(files);
        }
        self
    }

    /// Whether a source may be at `address`, whatever its name.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        self.0.as_ref().is_none_or(|limits| limits.permit(None, address))
    }

    /// What of `config` can be refused without a look at the network or the disk.
    #[must_use]
    pub fn problem(&self, config: &SourceConfig) -> Option<FieldProblem> {
        let problem = |field, message: &str| {
            Some(FieldProblem {
                field,
                message: message.to_owned(),
            })
        };
        if let Some(text) = &config.connect_descriptor {
            const FIELD: &str = "config.connectDescriptor";
            return match Descriptor::parse(text) {
                Err(wrong) => problem(FIELD, &wrong.to_string()),
                Ok(found)
                    if found
                        .addresses
                        .iter()
                        .any(|address| !self.may_permit(&address.host)) =>
                {
                    problem(FIELD, &format!("has an address that {REFUSED_ADDRESS}"))
                }
                Ok(found) => found
                    .contradiction(config.tls)
                    .and_then(|contradiction| problem(FIELD, contradiction)),
            };
        }
        let limits = self.0.as_ref()?;
        if let Some(path) = &config.path
            && !limits.folders.may_hold(Path::new(path))
        {
            return problem("config.path", REFUSED_FILE);
        }
        if self.may_permit(config.host.as_deref()?) {
            None
        } else {
            problem("config.host", REFUSED_ADDRESS)
        }
    }

    /// Whether a source may be at `host`, as far as can be told without resolving it.
    fn may_permit(&self, host: &str) -> bool {
        let Some(limits) = &self.0 else {
            return true;
        };
        match literal(host) {
            Some(address) => limits.permit(None, address),
            None => limits.may_permit(host),
        }
    }

    /// The places that `config` leads to and that are permitted, resolved now.
    ///
    /// # Errors
    ///
    /// [`DriverError::Connect`], with [`ConnectFailure::Forbidden`] if there are places and none is permitted.
    pub(crate) async fn locate(
        &self,
        config: &SourceConfig,
        default_port: u16,
    ) -> Result<Vec<Destination>, DriverError> {
        let nameless = |place| vec![Destination { host: None, place }];
        if let Some(path) = &config.path {
            return self
                .file(path.into())
                .await
                .map(|file| nameless(Place::File(file)));
        }
        if let Some(text) = &config.connect_descriptor {
            return self.locate_all(text).await;
        }
        let Some(host) = config.host.as_deref() else {
            return Err(unreachable("no host configured"));
        };
        if host.starts_with('/') {
            // Whoever may reach this machine's loopback may reach its sockets, and nobody else.
            return if self.permits(Ipv4Addr::LOCALHOST.into()) {
                Ok(nameless(Place::Socket(host.into())))
            } else {
                Err(forbidden(host))
            };
        }
        let found = self.resolve(host, config.port.unwrap_or(default_port)).await?;
        Ok(destinations(host, found).collect())
    }

    /// The places that the addresses of a descriptor lead to; those that do not resolve are passed over.
    async fn locate_all(&self, descriptor: &str) -> Result<Vec<Destination>, DriverError> {
        let found = Descriptor::parse(descriptor)
            .map_err(|wrong| unreachable(&format!("the connect descriptor {wrong}")))?;
        let mut places = Vec::new();
        let mut failed = None;
        for address in found.addresses {
            match self.resolve(&address.host, address.port).await {
                Ok(found) => places.extend(destinations(&address.host, found)),
                Err(failure) => failed = Some(failure),
            }
        }
        match failed {
            Some(failure) if places.is_empty() => Err(failure),
            _ => Ok(places),
        }
    }

    /// The addresses of `host` that are permitted, resolved now.
    ///
    /// # Errors
    ///
    /// As of [`NetworkPolicy::locate`].
    pub(crate) async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, DriverError> {
        let mut found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => tokio::net::lookup_host((host, port))
                .await
                .map_err(|failure| unreachable(&format!("resolving {host:?}: {failure}")))?
                .collect(),
        };
        if found.is_empty() {
            return Err(unreachable(&format!("{host:?} has no address")));
        }
        if let Some(limits) = &self.0 {
            found.retain(|found| limits.permit(Some(host), found.ip()));
        }
        if found.is_empty() {
            return Err(forbidden(host));
        }
        Ok(found)
    }

    /// The file at `path`, without symbolic links.
    async fn file(&self, path: PathBuf) -> Result<PathBuf, DriverError> {
        let shown = path.display().to_string();
        let folders = self.0.as_ref().map(|limits| limits.folders.clone());
        let finding = tokio::task::spawn_blocking(move || match folders {
            None => path.canonicalize().map_err(Unfound::Missing),
            Some(folders) => folders.find(&path),
        });
        match finding.await {
            Ok(Ok(real)) => Ok(real),
            Ok(Err(Unfound::Forbidden)) => Err(forbidden(&shown)),
            Ok(Err(Unfound::Missing(failure))) => Err(unreachable(&format!("{shown:?}: {failure}"))),
            Err(failure) => Err(unreachable(&failure.to_string())),
        }
    }
}

impl Limits {
    /// Whether a source may be at `address`, which `host` resolved to.
    fn permit(&self, host: Option<&str>, address: IpAddr) -> bool {
        let plain = special::plain(address);
        let forms = [Some(plain), special::behind(plain)];
        let denied = forms
            .into_iter()
            .flatten()
            .any(|form| self.is_denied(form) || self.is_special(form));
        if denied || host.is_some_and(|host| self.deny.iter().any(|pattern| pattern.names(host))) {
            return false;
        }
        self.allow.is_empty()
            || self
                .allow
                .iter()
                .any(|pattern| pattern.contains(plain) || host.is_some_and(|host| pattern.names(host)))
    }

    fn is_denied(&self, address: IpAddr) -> bool {
        self.deny.iter().any(|pattern| pattern.contains(address))
    }

    /// Whether `address` is one of those that must be allowed expressly, and is not. A network that holds more than them,
    /// such as 0.0.0.0/0, does not mean them.
    fn is_special(&self, address: IpAddr) -> bool {
        special::REFUSED
            .iter()
            .filter(|refused| refused.contains(&address))
            .any(|refused| {
                let meant = |pattern: &Pattern| {
                    pattern.contains(address)
                        && pattern.network().is_some_and(|network| refused.contains(network))
                };
                !self.allow.iter().any(meant)
            })
    }

    /// Whether addresses of `host` could be permitted.
    fn may_permit(&self, host: &str) -> bool {
        !self.deny.iter().any(|pattern| pattern.names(host))
            && (self.allow.is_empty()
                || self
                    .allow
                    .iter()
                    .any(|pattern| pattern.network().is_some() || pattern.names(host)))
    }
}

fn destinations(host: &str, found: Vec<SocketAddr>) -> impl Iterator<Item = Destination> {
    found.into_iter().map(|address| Destination {
        host: Some(host.to_owned()),
        place: Place::Tcp(address),
    })
}

/// The address that `host` is, if it needs no resolving.
fn literal(host: &str) -> Option<IpAddr> {
    if host.starts_with('/') {
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    host.parse().ok()
}

fn forbidden(what: &str) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Forbidden,
        message: format!("the settings of the section network do not permit {what:?}"),
    }
}

fn unreachable(message: &str) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Unreachable,
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
