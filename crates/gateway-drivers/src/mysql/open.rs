//! Opening a connection: to exactly one address, encrypted as the source wants it.

use gateway_core::TlsMode;
use mysql_async::{ClientIdentity, Conn, DriverError as LibraryError, Error, Opts, OptsBuilder, SslOpts};
use rustls::crypto::CryptoProvider;

use super::error;
use crate::tls::{TlsPlan, identity, provider};
use crate::{ConnectFailure, DriverError, Place, Target};

/// Prepared statements kept for each session; the client library closes the least recently used one.
const STATEMENTS: usize = 128;

/// The client library knows no check of the chain alone. What it has leaves out an error whose text contains this word, which
/// is what rustls once called a wrong name. Today's text quotes the name that was expected; so the library is told to expect
/// this one, and a certificate for any name passes after its chain has been checked, and no other error does. Should either
/// library change its mind, connections are refused.
const ANY_NAME: &str = "NotValidForName.invalid";

/// Connects, and returns also how a further connection to the same server is to be made.
pub(super) async fn connect(target: &Target<'_>) -> Result<(Conn, Opts), DriverError> {
    let Place::Tcp(address) = target.place else {
        return Err(DriverError::Connect {
            reason: ConnectFailure::Unreachable,
            message: "only TCP is supported".into(),
        });
    };
    let plain = OptsBuilder::default()
        .ip_or_hostname(target.config.host.clone().unwrap_or_default())
        // The name is for certificates; this is where the connection goes.
        .resolved_ips(Some([address.ip()]))
        .tcp_port(address.port())
        .user(target.config.username.clone())
        .pass(target.password.map(|password| password.expose().to_owned()))
        .db_name(target.config.database.clone())
        .prefer_socket(Some(false))
        .stmt_cache_size(Some(STATEMENTS))
        .tcp_nodelay(true);
    let Some(plan) = TlsPlan::of(target).await? else {
        return open(plain.into()).await;
    };
    // Judged here: what the library says of a key that it cannot read could quote it.
    identity(target)?;
    // The library takes the process's default, and panics where that is neither set nor clear.
    if CryptoProvider::get_default().is_none() {
        let _ = CryptoProvider::clone(&provider()).install_default();
    }
    match attempt(plain.clone().ssl_opts(Some(encryption(target, &plan))).into()).await {
        // Only a server that does not offer TLS may be spoken to without: one whose handshake fails may be an attacker's.
        Err(Error::Driver(LibraryError::NoClientSslFlagFromServer)) if plan.mode() == TlsMode::Prefer => {
            open(plain.into()).await
        }
        outcome => outcome.map_err(|failure| error::connecting(&failure)),
    }
}

async fn open(options: Opts) -> Result<(Conn, Opts), DriverError> {
    attempt(options)
        .await
        .map_err(|failure| error::connecting(&failure))
}

async fn attempt(options: Opts) -> Result<(Conn, Opts), Error> {
    let connection = Conn::new(options.clone()).await?;
    Ok((connection, options))
}

fn encryption(target: &Target<'_>, plan: &TlsPlan) -> SslOpts {
    let roots = plan.roots().iter().map(|root| root.to_vec().into()).collect();
    let identity = match (&target.config.tls_cert, target.tls_key) {
        (Some(chain), Some(key)) => Some(ClientIdentity::new(
            chain.clone().into_bytes().into(),
            key.expose().as_bytes().to_vec().into(),
        )),
        _ => None,
    };
    let checked = SslOpts::default()
        .with_disable_built_in_roots(!plan.roots().is_empty())
        .with_root_certs(roots)
        .with_client_identity(identity);
    match plan.mode() {
        TlsMode::Disable | TlsMode::Prefer | TlsMode::Require => {
            checked.with_danger_accept_invalid_certs(true)
        }
        TlsMode::VerifyCa => checked
            .with_danger_skip_domain_validation(true)
            .with_danger_tls_hostname_override(Some(ANY_NAME)),
        TlsMode::VerifyFull => checked,
    }
}
