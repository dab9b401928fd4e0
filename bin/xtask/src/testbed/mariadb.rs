//! MariaDB, from the distribution's packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::account::{Accounts, free_port};
use super::certificate::Certificate;
use super::script::{self, Foreground};
use super::{Bed, Engine, packages, prepare};
use crate::shell::{self, say};

/// Sets the server up and starts it.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let server = packages::find("mariadbd", Engine::Mariadb)?;
    let installer = packages::find("mariadb-install-db", Engine::Mariadb)?;
    say("starting MariaDB");
    let dir = bed.server_folder(Engine::Mariadb)?;
    let data = dir.join("data");
    let install = [
        installer.display().to_string(),
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        "--auth-root-authentication-method=normal".to_owned(),
        "--skip-test-db".to_owned(),
    ];
    prepare(&install, &dir)?;
    let accounts = Accounts::new()?;
    let port = free_port()?;
    let mut argv = vec![
        server.display().to_string(),
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        "--innodb-log-file-size=32M".to_owned(),
    ];
    let certificate = Certificate::make(&dir)?;
    argv.extend(family_options(&dir, port, &accounts, &certificate)?);
    start(bed, Engine::Mariadb, &dir, &argv, port, &accounts)?;
    bed.record(Engine::Mariadb, &[certificate.variable()])
}

/// Options that MySQL and MariaDB share: private, and fast rather than safe against the loss of the machine's power.
/// A killed server loses nothing.
pub(super) fn family_options(
    dir: &Path,
    port: u16,
    accounts: &Accounts,
    certificate: &Certificate,
) -> Result<Vec<String>> {
    let setup = dir.join("setup.sql");
    fs::write(&setup, accounts.mysql_setup()).context("cannot write the setup file")?;
    shell::hand_over(&setup)?;
    let path = |name: &str| dir.join(name).display().to_string();
    Ok(vec![
        format!("--init-file={}", setup.display()),
        format!("--socket={}", path("socket")),
        format!("--pid-file={}", path("pid")),
        format!("--port={port}"),
        format!("--tmpdir={}", dir.display()),
        format!("--ssl-ca={}", certificate.authority().display()),
        format!("--ssl-cert={}", certificate.certificate().display()),
        format!("--ssl-key={}", certificate.key().display()),
        "--bind-address=127.0.0.1".to_owned(),
        "--skip-name-resolve".to_owned(),
        // Clients of three sides of a benchmark, of which those that have left may not have gone yet.
        "--max-connections=1000".to_owned(),
        "--character-set-server=utf8mb4".to_owned(),
        "--skip-log-bin".to_owned(),
        "--innodb-flush-log-at-trx-commit=2".to_owned(),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--innodb-doublewrite=OFF".to_owned(),
    ])
}

/// Starts a server of the MySQL family and records it.
pub(super) fn start(
    bed: &mut Bed,
    engine: Engine,
    dir: &Path,
    argv: &[String],
    port: u16,
    accounts: &Accounts,
) -> Result<()> {
    let pid_file = dir.join("pid");
    let server = Foreground {
        argv,
        dir,
        pid_file: &pid_file,
        ready: &script::speaks_first(port),
        stale: &[dir.join("socket"), dir.join("socket.lock")],
    };
    let script = script::write(bed, engine, &server)?;
    script::start_new(bed, engine, &pid_file, &script)?;
    bed.record(engine, &accounts.urls("mysql", port))
}
