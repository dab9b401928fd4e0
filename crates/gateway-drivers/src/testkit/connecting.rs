//! Reaching a database, or not.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::{Secret, SourceConfig};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::Bench;
use crate::{ConnectFailure, DriverError, SourcePool};

/// Found nowhere else, so that it can be searched for.
const PASSWORD: &str = "correct-horse-battery-staple";

pub(super) async fn the_server_tells_about_itself(bench: Bench) {
    let pool = bench.pool();
    let probe = pool.probe().await.unwrap();
    assert!(
        probe
            .facts
            .version
            .contains(|character: char| character.is_ascii_digit()),
        "{}",
        probe.facts.version
    );
    assert_eq!(pool.status().open, 0, "a probe is no part of the pool");
    pool.close();
    bench.until_alone().await;
}

/// Checks how a connection does not come about, by a query and by a probe.
async fn fails(bench: &Bench, expected: ConnectFailure, change: impl FnOnce(&mut SourceConfig)) {
    let mut config = bench.config.clone();
    change(&mut config);
    let wrong = Some(Secret::new(PASSWORD));
    let pool = SourcePool::new(Arc::clone(&bench.driver), config, wrong);
    let queried = pool.query(bench.request("SELECT 1 AS one")).await.err();
    let probed = pool.probe().await.err();
    for error in [queried, probed].map(|error| error.expect("no session came about")) {
        assert!(
            matches!(&error, DriverError::Connect { reason, .. } if *reason == expected),
            "{error:?}"
        );
        assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error:?}");
    }
    let status = pool.status();
    assert_eq!((status.open, status.waiting), (0, 0));
}

pub(super) async fn a_wrong_password_is_refused(bench: Bench) {
    fails(&bench, ConnectFailure::Refused, |_| {}).await;
}

pub(super) async fn an_unknown_account_is_refused(bench: Bench) {
    // MySQL hides that an account does not exist by asking for a method of its choice, so several are tried.
    for nobody in ["nobody", "somebody", "anybody", "everybody", "a", "b", "c", "d"] {
        fails(&bench, ConnectFailure::Refused, |config| {
            config.username = Some(nobody.to_owned());
        })
        .await;
    }
}

pub(super) async fn an_unknown_database_is_refused(bench: Bench) {
    let nowhere = Some("no_such_database".to_owned());
    let pool = bench.pool_with(|config| match config.service_name {
        Some(_) => config.service_name = nowhere,
        None => config.database = nowhere,
    });
    let error = pool.query(bench.request("SELECT 1 AS one")).await.err();
    assert!(
        matches!(
            error,
            Some(DriverError::Connect {
                reason: ConnectFailure::Refused,
                ..
            })
        ),
        "{error:?}"
    );
}

pub(super) async fn a_closed_port_is_unreachable(bench: Bench) {
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let port = socket.local_addr().unwrap().port();
    fails(&bench, ConnectFailure::Unreachable, |config| {
        to_port(config, port);
    })
    .await;
}

pub(super) async fn a_silent_server_is_a_timeout(bench: Bench) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    fails(&bench, ConnectFailure::Timeout, |config| to_port(config, port)).await;
}

pub(super) async fn an_address_that_swallows_packets_is_a_timeout(bench: Bench) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Once its queue is full the kernel drops what comes, as a firewall would.
    let filling: Vec<_> = (0..8)
        .map(|_| tokio::spawn(TcpStream::connect(address)))
        .collect();
    fails(&bench, ConnectFailure::Timeout, |config| {
        to_port(config, address.port());
    })
    .await;
    for connecting in filling {
        connecting.abort();
    }
}

fn to_port(config: &mut SourceConfig, port: u16) {
    config.host = Some("127.0.0.1".to_owned());
    config.port = Some(port);
    config.connect_timeout = Duration::from_millis(500);
}
