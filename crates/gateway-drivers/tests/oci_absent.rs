//! Sources that want Oracle's client library, where there is none.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::net::TcpListener;

use gateway_core::{Classify, Engine, Secret, SourceConfig};
use gateway_drivers::{ConnectFailure, DriverError, Drivers, SourcePool};

#[tokio::test]
async fn the_callers_learn_that_it_is_missing_and_the_log_learns_why() {
    // Something must listen: the gateway connects by itself, before there is talk of the library.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let driver = Drivers::builtin()
        .with_oracle_client(folder.path().to_owned())
        .get(Engine::Oracle)
        .unwrap();
    let config = SourceConfig {
        host: Some("127.0.0.1".to_owned()),
        port: Some(listener.local_addr().unwrap().port()),
        service_name: Some("testpdb".to_owned()),
        username: Some("scott".to_owned()),
        options: BTreeMap::from([("driver".to_owned(), "oci".to_owned())]),
        ..SourceConfig::default()
    };
    let pool = SourcePool::new(driver, config, Some(Secret::new("tiger")));
    let failure = pool.probe().await.unwrap_err();
    assert!(
        matches!(
            failure,
            DriverError::Connect {
                reason: ConnectFailure::Unsupported(_),
                ..
            }
        ),
        "{failure}"
    );
    let public = failure.public_message();
    assert!(public.contains("needs Oracle Instant Client"), "{public}");
    assert!(!public.contains(&*folder.path().to_string_lossy()), "{public}");
    let logged = failure.to_string();
    let sought = folder.path().join("libclntsh.so");
    assert!(logged.contains(&*sought.to_string_lossy()), "{logged}");
}
