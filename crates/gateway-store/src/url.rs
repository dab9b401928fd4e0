//! Addresses of stores.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use gateway_core::Secret;

use crate::StoreError;

/// The address of a store: `sqlite://PATH` or `mysql://USER:PASSWORD@HOST:PORT/DATABASE` (also for MariaDB).
///
/// In a `mysql` address the characters `: @ / ? # %` of user, password and database are written as `%XX`; the port may be
/// left out (3306). A `sqlite` path is taken as it is; three slashes make it absolute. `Display` and `Debug` never show
/// the password.
///
/// ```
/// use gateway_store::StoreUrl;
/// let url: StoreUrl = "mysql://nexus:p%40ss@db.example.com/nexus".parse()?;
/// assert_eq!(url.to_string(), "mysql://nexus:…@db.example.com:3306/nexus");
/// # Ok::<(), gateway_store::StoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// An embedded SQLite database.
    Sqlite {
        /// Its file.
        path: PathBuf,
    },
    /// A MySQL or MariaDB server.
    MySql(MySqlAddress),
}

/// Where a MySQL store is and who logs in there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MySqlAddress {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Option<Secret>,
    pub(crate) database: String,
}

impl FromStr for StoreUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err(invalid("sqlite:// is followed by the path of a file"));
            }
            return Ok(Self::Sqlite { path: path.into() });
        }
        match text.strip_prefix("mysql://") {
            Some(rest) => parse_mysql(rest).map(Self::MySql),
            None => Err(invalid("it begins with sqlite:// or mysql://")),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => write!(f, "sqlite://{}", path.display()),
            Self::MySql(address) => {
                let secret = if address.password.is_some() { ":…" } else { "" };
                let host = if address.host.contains(':') {
                    format!("[{}]", address.host)
                } else {
                    address.host.clone()
                };
                write!(
                    f,
                    "mysql://{}{secret}@{host}:{}/{}",
                    address.user, address.port, address.database
                )
            }
        }
    }
}

fn parse_mysql(rest: &str) -> Result<MySqlAddress, StoreError> {
    if rest.contains(['?', '#']) {
        return Err(invalid("a mysql:// address takes no parameters"));
    }
    let (account, place) = rest
        .rsplit_once('@')
        .ok_or_else(|| invalid("mysql:// is followed by user:password@host:port/database"))?;
    let (user, password) = match account.split_once(':') {
        Some((user, password)) => (user, Some(Secret::new(decode(password)?))),
        None => (account, None),
    };
    let (host_and_port, database) = place
        .split_once('/')
        .ok_or_else(|| invalid("the database is missing (mysql://…@host:port/database)"))?;
    let (host, port) = split_port(host_and_port)?;
    let address = MySqlAddress {
        host: host.to_owned(),
        port,
        user: decode(user)?,
        password,
        database: decode(database)?,
    };
    for (what, value) in [
        ("user", &address.user),
        ("host", &address.host),
        ("database", &address.database),
    ] {
        if value.is_empty() {
            return Err(invalid(format!("the {what} is missing")));
        }
    }
    Ok(address)
}

fn split_port(text: &str) -> Result<(&str, u16), StoreError> {
    const DEFAULT: u16 = 3306;
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => return Ok((host, DEFAULT)),
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or_default()),
        None => match text.split_once(':') {
            Some(parts) => parts,
            None => return Ok((text, DEFAULT)),
        },
    };
    match port.parse() {
        Ok(0) | Err(_) => Err(invalid("the port is a number from 1 to 65535")),
        Ok(port) => Ok((host, port)),
    }
}

fn decode(text: &str) -> Result<String, StoreError> {
    let wrong = || invalid("a % is followed by two hexadecimal digits, and the result is UTF-8");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || {
            rest.next()
                .and_then(|byte| char::from(byte).to_digit(16))
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or_else(wrong)
        };
        bytes.push(digit()? * 16 + digit()?);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn invalid(reason: impl Into<String>) -> StoreError {
    StoreError::InvalidUrl {
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let url: StoreUrl = "mysql://u%2F:p%3A%40@[::1]:33/d".parse().unwrap();
        let expected = MySqlAddress {
            host: "::1".into(),
            port: 33,
            user: "u/".into(),
            password: Some(Secret::new("p:@")),
            database: "d".into(),
        };
        assert_eq!(url, StoreUrl::MySql(expected));
        assert_eq!(url.to_string(), "mysql://u/:…@[::1]:33/d");
        let path = "sqlite:///var/lib/a b.db".parse().unwrap();
        assert_eq!(
            StoreUrl::Sqlite {
                path: "/var/lib/a b.db".into()
            },
            path
        );
    }

    #[test]
    fn a_malformed_address_is_refused_without_being_quoted() {
        for text in [
            "",
            "postgresql://u:hunter2@h/d",
            "sqlite://",
            "mysql://u:hunter2@h",
            "mysql://u:hunter2@h:0/d",
            "mysql://u:hunter2@h:x/d",
            "mysql://u:hunter2%4@h/d",
            "mysql://u:hunter2@/d",
            "mysql://u:hunter2@h/d?ssl=1",
            "mysql://h/d",
        ] {
            let error = text.parse::<StoreUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let url: StoreUrl = "mysql://u:hunter2@h/d".parse().unwrap();
        assert!(!format!("{url} {url:?}").contains("hunter2"));
    }
}
