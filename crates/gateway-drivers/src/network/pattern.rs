//! What a line of `allow` or `deny` can say: a network, an address, a host name, or all names below one.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a network such as 10.0.0.0/8, an address, a host name, or a pattern such as *.example.com"
)]
pub struct PatternError(String);

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Addresses.
    Network(IpNet),
    /// One name.
    Host(String),
    /// Every name that ends in a dot and this.
    Below(String),
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(IpNet::from(address)));
        }
        let (below, name) = match text.strip_prefix("*.") {
            Some(rest) => (true, normal(rest)),
            None => (false, normal(text)),
        };
        if !is_host_name(&name) {
            return Err(PatternError(text.to_owned()));
        }
        Ok(if below {
            Self::Below(name)
        } else {
            Self::Host(name)
        })
    }

    pub(super) fn names(&self, host: &str) -> bool {
        let host = normal(host);
        match self {
            Self::Network(_) => false,
            Self::Host(name) => host == *name,
            Self::Below(name) => host
                .strip_suffix(name.as_str())
                .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1),
        }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        self.network().is_some_and(|network| network.contains(&address))
    }

    pub(super) fn network(&self) -> Option<&IpNet> {
        match self {
            Self::Network(network) => Some(network),
            Self::Host(_) | Self::Below(_) => None,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Host(name) => f.write_str(name),
            Self::Below(name) => write!(f, "*.{name}"),
        }
    }
}

/// Names are compared without case, and without the dot that ends a complete one.
fn normal(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // What looks like an address and is none would be a name that never matches.
    name.split('.').all(is_label) && name.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_network_an_address_a_name_or_the_names_below_one() {
        for (text, shown) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("fd00::/8", "fd00::/8"),
            ("DB.Example.com.", "db.example.com"),
            ("*.example.com", "*.example.com"),
        ] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "",
            "*",
            "*.",
            "a*.example.com",
            "10.0.0",
            "10.0.0.0/33",
            "a b",
            "a..b",
            "[::1]",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_match_without_case_and_as_a_whole() {
        let below = Pattern::parse("*.example.com").unwrap();
        for (host, matches) in [
            ("db.example.com", true),
            ("A.B.EXAMPLE.COM.", true),
            ("example.com", false),
            (".example.com", false),
            ("badexample.com", false),
            ("db.example.com.evil.org", false),
        ] {
            assert_eq!(below.names(host), matches, "{host}");
        }
    }
}
