//! A database that moves takes its name along: each connection resolves it anew, and tries every address that it has.
//!
//! The gateway runs in a mount namespace with a table of hosts of its own, so nothing of the machine is changed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Database, Failed, Gateway, Outcome, Proxy, Server, Trials};
use serde_json::json;

const NAME: &str = "moving.database.test";

pub(crate) fn register(trials: &mut Trials) {
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("names::are_resolved_anew", engine, are_resolved_anew);
        trials.engine(
            "names::lead_past_dead_addresses",
            engine,
            lead_past_dead_addresses,
        );
    }
}

/// A table of hosts that only one gateway sees.
struct Hosts {
    folder: tempfile::TempDir,
}

impl Hosts {
    fn new(addresses: &[Ipv4Addr]) -> Result<Self, Failed> {
        let hosts = Self {
            folder: tempfile::tempdir()?,
        };
        hosts.lead_to(addresses)?;
        Ok(hosts)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hosts")
    }

    /// Written in place: what is mounted is this file, not its name.
    fn lead_to(&self, addresses: &[Ipv4Addr]) -> Outcome {
        let lines: Vec<String> = addresses
            .iter()
            .map(|address| format!("{address} {NAME}\n"))
            .collect();
        Ok(std::fs::write(
            self.path(),
            format!("127.0.0.1 localhost\n{}", lines.concat()),
        )?)
    }

    async fn gateway(&self) -> Result<Gateway, Failed> {
        const SEE_THEM: &str = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";
        let path = self.path().display().to_string();
        let arguments = [
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SEE_THEM,
            &path,
        ];
        Gateway::start_through("unshare", &arguments, "").await
    }
}

/// A place of the database, on an address of its own of this machine.
async fn place(address: Ipv4Addr, port: u16, server: &Server) -> Result<Proxy, Failed> {
    Proxy::start_at(SocketAddr::new(IpAddr::V4(address), port), server.address()).await
}

async fn register_by_name(gateway: &Gateway, server: &Server, port: u16) -> Result<DataSourceId, Failed> {
    let mut body = Database::Server(server.clone()).source("moving");
    body["config"]["host"] = json!(NAME);
    body["config"]["port"] = json!(port);
    gateway.register_as(&body).await
}

async fn works(gateway: &Gateway, source: DataSourceId) -> Outcome {
    let answer = gateway.query(source, "SELECT 1", json!({})).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ok(())
}

/// The database is gone from where it was, and its name leads to where it is now: no caller gets an error, nothing is restarted.
async fn are_resolved_anew(server: Server) -> Outcome {
    let (old, new) = (Ipv4Addr::new(127, 20, 0, 1), Ipv4Addr::new(127, 20, 0, 2));
    let first = place(old, 0, &server).await?;
    let second = place(new, first.port(), &server).await?;
    let hosts = Hosts::new(&[old])?;
    let gateway = hosts.gateway().await?;
    let source = register_by_name(&gateway, &server, first.port()).await?;
    works(&gateway, source).await?;
    assert_eq!((first.accepted() > 0, second.accepted()), (true, 0));
    hosts.lead_to(&[new])?;
    drop(first);
    until_noticed(&gateway, &server).await?;
    works(&gateway, source).await?;
    assert!(second.accepted() > 0);
    is_unchanged(&hosts.path())
}

/// Of several addresses those that are dead are passed over, in whatever order they come.
async fn lead_past_dead_addresses(server: Server) -> Outcome {
    let [dead, alive, dead_too] = [1, 2, 3].map(|last| Ipv4Addr::new(127, 21, 0, last));
    let proxy = place(alive, 0, &server).await?;
    for order in [
        [dead, alive, dead_too],
        [dead_too, dead, alive],
        [alive, dead, dead_too],
    ] {
        let hosts = Hosts::new(&order)?;
        let gateway = hosts.gateway().await?;
        let source = register_by_name(&gateway, &server, proxy.port()).await?;
        let before = proxy.accepted();
        works(&gateway, source).await?;
        assert!(proxy.accepted() > before);
    }
    Ok(())
}

/// The sessions that broke with the old place have been idle for as long as it takes until they are checked.
async fn until_noticed(gateway: &Gateway, server: &Server) -> Outcome {
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    // And the gateway has had something else to do since.
    let other = gateway.register(&Database::Server(server.clone())).await?;
    works(gateway, other).await
}

/// The machine's own table does not know the name.
fn is_unchanged(hosts: &Path) -> Outcome {
    assert!(std::fs::read_to_string(hosts)?.contains(NAME));
    assert!(!std::fs::read_to_string("/etc/hosts")?.contains(NAME));
    Ok(())
}
