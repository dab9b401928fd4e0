//! Oracle's connect descriptors, `(DESCRIPTION=(ADDRESS=…)(CONNECT_DATA=…))`, taken apart.
//!
//! The grammar and the names are those of the manual *Database Net Services Reference*, chapter 4 ("Protocol Address
//! Configuration") and chapter 6 ("Local Naming Parameters"). What a descriptor may say is what has a meaning here: where the
//! listeners are and which service is wanted. It cannot name files of this machine, proxies or programs.

use std::fmt;

use gateway_core::TlsMode;

/// Where the listener of an address waits unless its port is given.
const DEFAULT_PORT: u16 = 1521;

/// A descriptor may not be deeper than this, nor have more addresses.
const MAX_DEPTH: usize = 8;
const MAX_ADDRESSES: usize = 32;

/// What a descriptor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// The listeners, in the order in which they are to be tried.
    pub(crate) addresses: Vec<Address>,
    /// Which database is wanted there.
    pub(crate) service: Service,
    /// Whether the certificate must name the host (`SSL_SERVER_DN_MATCH`), where that is said.
    pub(crate) matches_name: Option<bool>,
}

/// Where a listener is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether it speaks TLS (`PROTOCOL=tcps`).
    pub(crate) is_encrypted: bool,
}

/// Which database is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) service_name: Option<String>,
    pub(crate) sid: Option<String>,
    pub(crate) instance_name: Option<String>,
    /// `DEDICATED` or `SHARED`.
    pub(crate) server: Option<String>,
}

/// What is wrong with a descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DescriptorError(String);

impl fmt::Display for DescriptorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Descriptor {
    /// Reads a descriptor.
    pub(crate) fn parse(text: &str) -> Result<Self, DescriptorError> {
        let mut rest = text.trim();
        if !rest.starts_with('(') {
            return refuse(
                "must begin with (DESCRIPTION=; give host, port and serviceName for anything shorter",
            );
        }
        let root = node(&mut rest, 0)?;
        if !rest.trim().is_empty() {
            return refuse("goes on after its last closing parenthesis");
        }
        let mut found = Self {
            addresses: Vec::new(),
            service: Service::default(),
            matches_name: None,
        };
        found.description(&root)?;
        if found.addresses.is_empty() {
            return refuse("has no (ADDRESS=(PROTOCOL=tcp)(HOST=…)(PORT=…))");
        }
        let is_mixed = found
            .addresses
            .iter()
            .any(|address| address.is_encrypted != found.addresses[0].is_encrypted);
        if is_mixed {
            return refuse("mixes the protocols tcp and tcps");
        }
        if found.service.service_name.is_some() == found.service.sid.is_some() {
            return refuse("must have exactly one of SERVICE_NAME and SID in its CONNECT_DATA");
        }
        Ok(found)
    }

    /// How what it says of TLS contradicts what the source says.
    pub(crate) fn contradiction(&self, tls: TlsMode) -> Option<&'static str> {
        let is_encrypted = self.addresses.iter().any(|address| address.is_encrypted);
        match tls {
            TlsMode::Prefer => None,
            TlsMode::Disable => is_encrypted.then_some("has PROTOCOL=tcps, and tls is disable"),
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => {
                (!is_encrypted).then_some("has PROTOCOL=tcp, and tls demands encryption: write tcps")
            }
        }
    }

    /// Whether its listeners speak TLS.
    #[cfg(feature = "oracle")]
    pub(crate) fn is_encrypted(&self) -> bool {
        self.addresses.iter().any(|address| address.is_encrypted)
    }

    fn description(&mut self, node: &Node) -> Result<(), DescriptorError> {
        if node.key != "DESCRIPTION" {
            return refuse("must be a DESCRIPTION");
        }
        for child in node.children()? {
            match child.key.as_str() {
                "ADDRESS" => self.address(child)?,
                "ADDRESS_LIST" => self.address_list(child)?,
                "CONNECT_DATA" => self.connect_data(child)?,
                "SECURITY" => self.security(child)?,
                other => ignorable(other)?,
            }
        }
        Ok(())
    }

    fn address_list(&mut self, node: &Node) -> Result<(), DescriptorError> {
        for child in node.children()? {
            match child.key.as_str() {
                "ADDRESS" => self.address(child)?,
                other => ignorable(other)?,
            }
        }
        Ok(())
    }

    fn address(&mut self, node: &Node) -> Result<(), DescriptorError> {
        let (mut host, mut port, mut is_encrypted) = (None, DEFAULT_PORT, false);
        for child in node.children()? {
            let value = child.text()?;
            match child.key.as_str() {
                "PROTOCOL" => {
                    is_encrypted = match value.to_ascii_lowercase().as_str() {
                        "tcp" => false,
                        "tcps" => true,
                        _ => return refuse("may have the protocols tcp and tcps only"),
                    };
                }
                "HOST" => host = Some(value.trim_matches(['[', ']']).to_owned()),
                "PORT" => {
                    let given = value.parse().ok().filter(|port| *port != 0);
                    port = given.ok_or_else(bad_port)?;
                }
                other => ignorable(other)?,
            }
        }
        let Some(host) = host.filter(|host| !host.is_empty()) else {
            return refuse("has an ADDRESS without a HOST");
        };
        if self.addresses.len() == MAX_ADDRESSES {
            return refuse("has too many addresses");
        }
        self.addresses.push(Address {
            host,
            port,
            is_encrypted,
        });
        Ok(())
    }

    fn connect_data(&mut self, node: &Node) -> Result<(), DescriptorError> {
        for child in node.children()? {
            if matches!(child.key.as_str(), "FAILOVER_MODE" | "CID") {
                // How a client would go on after a failover, and who it is: both are the gateway's own business.
                continue;
            }
            let value = child.text()?.to_owned();
            match child.key.as_str() {
                "SERVICE_NAME" => self.service.service_name = Some(value),
                "SID" => self.service.sid = Some(value),
                "INSTANCE_NAME" => self.service.instance_name = Some(value),
                "SERVER" => {
                    let server = value.to_ascii_uppercase();
                    if !matches!(server.as_str(), "DEDICATED" | "SHARED") {
                        return refuse(
                            "may ask for SERVER=DEDICATED or SHARED only: the gateway pools sessions itself",
                        );
                    }
                    self.service.server = Some(server);
                }
                other => {
                    return refuse(&format!(
                        "has {other} in its CONNECT_DATA, which has no meaning here"
                    ));
                }
            }
        }
        Ok(())
    }

    fn security(&mut self, node: &Node) -> Result<(), DescriptorError> {
        for child in node.children()? {
            let value = child.text()?;
            match child.key.as_str() {
                "SSL_SERVER_DN_MATCH" => {
                    self.matches_name = match value.to_ascii_lowercase().as_str() {
                        "on" | "yes" | "true" => Some(true),
                        "off" | "no" | "false" => Some(false),
                        _ => return refuse("has an SSL_SERVER_DN_MATCH that is neither ON nor OFF"),
                    };
                }
                "SSL_SERVER_CERT_DN" => {
                    return refuse(
                        "cannot check SSL_SERVER_CERT_DN; certificates are checked for the host's name",
                    );
                }
                other => {
                    return refuse(&format!(
                        "has {other} in its SECURITY; certificates belong into tlsCa, tlsCert and tlsKey"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Parameters that say how a client should go about it. The gateway has its own way: it tries the addresses in order, within
/// the source's connect timeout.
fn ignorable(key: &str) -> Result<(), DescriptorError> {
    const KNOWN: [&str; 13] = [
        "CONNECT_TIMEOUT",
        "ENABLE",
        "EXPIRE_TIME",
        "FAILOVER",
        "LOAD_BALANCE",
        "RECV_BUF_SIZE",
        "RECV_TIMEOUT",
        "RETRY_COUNT",
        "RETRY_DELAY",
        "SDU",
        "SEND_BUF_SIZE",
        "TRANSPORT_CONNECT_TIMEOUT",
        "USE_SNI",
    ];
    if KNOWN.contains(&key) {
        return Ok(());
    }
    refuse(&format!("has {key}, which has no meaning here"))
}

fn bad_port() -> DescriptorError {
    DescriptorError("has a PORT that is not between 1 and 65535".into())
}

fn refuse<T>(message: &str) -> Result<T, DescriptorError> {
    Err(DescriptorError(message.to_owned()))
}

/// `(KEY=value)` or `(KEY=(…)(…))`.
struct Node {
    key: String,
    value: Value,
}

enum Value {
    Text(String),
    Nodes(Vec<Node>),
}

impl Node {
    fn children(&self) -> Result<&[Node], DescriptorError> {
        match &self.value {
            Value::Nodes(nodes) => Ok(nodes),
            Value::Text(_) => refuse(&format!("has text where {} needs parts in parentheses", self.key)),
        }
    }

    fn text(&self) -> Result<&str, DescriptorError> {
        match &self.value {
            Value::Text(text) => Ok(text),
            Value::Nodes(_) => refuse(&format!("has parts in parentheses where {} needs text", self.key)),
        }
    }
}

fn node(rest: &mut &str, depth: usize) -> Result<Node, DescriptorError> {
    if depth == MAX_DEPTH {
        return refuse("is too deep");
    }
    let unbalanced = || DescriptorError("has parentheses that do not match".into());
    let inner = rest.trim_start().strip_prefix('(').ok_or_else(unbalanced)?;
    let (key, after) = inner
        .split_once('=')
        .ok_or_else(|| DescriptorError("has a part without an equals sign".into()))?;
    let key = key.trim().to_ascii_uppercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if key.is_empty() || !key.bytes().all(is_name) {
        return refuse("has a part without a name");
    }
    *rest = after.trim_start();
    if !rest.starts_with('(') {
        let (text, after) = rest.split_once(')').ok_or_else(unbalanced)?;
        let text = text.trim();
        // What ends up in a packet must not be able to say more than it seems to.
        if text.contains(['(', '=', '\'', '"', '\\']) || text.chars().any(char::is_control) {
            return refuse(&format!("has a character in {key} that cannot be part of it"));
        }
        *rest = after;
        let value = Value::Text(text.to_owned());
        return Ok(Node { key, value });
    }
    let mut nodes = Vec::new();
    while rest.trim_start().starts_with('(') {
        nodes.push(node(rest, depth + 1)?);
    }
    *rest = rest.trim_start().strip_prefix(')').ok_or_else(unbalanced)?;
    let value = Value::Nodes(nodes);
    Ok(Node { key, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_understood() {
        let text = "(DESCRIPTION =
            (CONNECT_TIMEOUT=10)(RETRY_COUNT=3)
            (ADDRESS_LIST = (LOAD_BALANCE=on)(FAILOVER=ON)
              (ADDRESS = (PROTOCOL = TCP)(HOST = scan.example.com)(PORT = 1522))
              (ADDRESS = (PROTOCOL = tcp)(HOST = [2001:db8::1])))
            (CONNECT_DATA = (SERVER = dedicated)(SERVICE_NAME = sales.example.com)
              (FAILOVER_MODE=(TYPE=select)(METHOD=basic))))";
        let found = Descriptor::parse(text).unwrap();
        let places: Vec<_> = found
            .addresses
            .iter()
            .map(|address| (address.host.as_str(), address.port))
            .collect();
        assert_eq!(places, [("scan.example.com", 1522), ("2001:db8::1", 1521)]);
        assert_eq!(found.service.service_name.as_deref(), Some("sales.example.com"));
        assert_eq!(found.service.server.as_deref(), Some("DEDICATED"));
        assert_eq!(found.contradiction(TlsMode::Prefer), None);
        assert!(found.contradiction(TlsMode::VerifyFull).is_some());
        assert!(!found.addresses[0].is_encrypted);
    }

    #[test]
    fn what_has_no_meaning_here_is_refused() {
        let with = |address: &str, data: &str, more: &str| {
            Descriptor::parse(&format!(
                "(DESCRIPTION=(ADDRESS={address})(CONNECT_DATA={data}){more})"
            ))
        };
        let (place, data) = ("(PROTOCOL=tcp)(HOST=h)", "(SID=X)");
        assert!(with(place, data, "").is_ok());
        for (place, data, more) in [
            ("(PROTOCOL=ipc)(HOST=h)", data, ""),
            ("(PROTOCOL=tcp)(HOST=h)(HTTPS_PROXY=p)", data, ""),
            ("(PROTOCOL=tcp)(HOST=h)(PORT=0)", data, ""),
            ("(PROTOCOL=tcp)", data, ""),
            (place, "(SID=X)(SERVICE_NAME=y)", ""),
            (place, "(INSTANCE_NAME=y)", ""),
            (place, "(SID=X)(SERVER=POOLED)", ""),
            (place, data, "(SECURITY=(MY_WALLET_DIRECTORY=/etc))"),
            (place, data, "(SECURITY=(SSL_SERVER_CERT_DN=CN))"),
            (place, data, "(ADDRESS=(PROTOCOL=tcps)(HOST=h))"),
            (place, data, "(SOURCE_ROUTE=yes)"),
            (place, data, ")"),
            (place, "(SID=X", ""),
            (place, "(SID=X')", ""),
        ] {
            assert!(with(place, data, more).is_err(), "{place} {data} {more}");
        }
        for text in ["", "db/service", "(", "()", "(DESCRIPTION=x)", &"(A=".repeat(100)] {
            assert!(Descriptor::parse(text).is_err(), "{text}");
        }
    }
}
