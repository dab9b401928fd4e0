//! PostgreSQL, from the distribution's packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::account::{Accounts, DATABASE, free_port};
use super::certificate::Certificate;
use super::script::{self, Foreground};
use super::{Bed, Engine, packages, prepare};
use crate::shell::{self, say};

/// Sets the server up and starts it.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let initdb = packages::find("initdb", Engine::Postgresql)?;
    // The same version's programs, not whichever are first on the path.
    let bin = initdb
        .canonicalize()?
        .parent()
        .context("a program is in a folder")?
        .to_owned();
    say("starting PostgreSQL");
    let dir = bed.server_folder(Engine::Postgresql)?;
    let data = dir.join("data");
    let accounts = Accounts::new()?;
    let password_file = dir.join("password");
    fs::write(&password_file, &accounts.admin)?;
    shell::hand_over(&password_file)?;
    let initialise = [
        initdb.display().to_string(),
        format!("--pgdata={}", data.display()),
        "--username=admin".to_owned(),
        format!("--pwfile={}", password_file.display()),
        "--auth=scram-sha-256".to_owned(),
        "--encoding=UTF8".to_owned(),
        "--locale=C.UTF-8".to_owned(),
        "--no-sync".to_owned(),
    ];
    prepare(&initialise, &dir)?;
    let port = free_port()?;
    let certificate = Certificate::make(&dir)?;
    configure(&data, &dir, port, &certificate)?;
    let pid_file = data.join("postmaster.pid");
    let isready = bin.join("pg_isready").display().to_string();
    let server = Foreground {
        argv: &[
            bin.join("postgres").display().to_string(),
            "-D".to_owned(),
            data.display().to_string(),
        ],
        dir: &dir,
        pid_file: &pid_file,
        ready: &format!("{} -q -h 127.0.0.1 -p {port}", shell::quote(&isready)),
        stale: std::slice::from_ref(&pid_file),
    };
    let start = script::write(bed, Engine::Postgresql, &server)?;
    script::start_new(bed, Engine::Postgresql, &pid_file, &start)?;
    set_up_accounts(&bin, &dir, port, &accounts)?;
    bed.record(Engine::Postgresql, &accounts.urls("postgresql", port))?;
    bed.record(Engine::Postgresql, &[certificate.variable()])
}

/// Private, and fast rather than safe against the loss of the machine's power. A killed server loses nothing.
fn configure(data: &Path, dir: &Path, port: u16, certificate: &Certificate) -> Result<()> {
    let path = data.join("postgresql.conf");
    let mut text = fs::read_to_string(&path)?;
    text.push_str(&format!(
        "\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\nmax_connections = 300\n\
         shared_buffers = 32MB\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n\
         ssl = on\nssl_ca_file = '{}'\nssl_cert_file = '{}'\nssl_key_file = '{}'\n",
        dir.display(),
        certificate.authority().display(),
        certificate.certificate().display(),
        certificate.key().display(),
    ));
    fs::write(&path, text)?;
    let path = data.join("pg_hba.conf");
    let others = fs::read_to_string(&path)?;
    // The first line that fits counts; a test makes the account when it needs it.
    let ours = "hostssl all nexus_certified all scram-sha-256 clientcert=verify-ca\n\
                hostnossl all nexus_certified all reject\n\
                host all nexus_in_clear all password\n\
                host all nexus_md5 all md5\n\
                host all nexus_trusted all trust\n";
    fs::write(&path, format!("{ours}{others}"))?;
    Ok(())
}

fn set_up_accounts(bin: &Path, dir: &Path, port: u16, accounts: &Accounts) -> Result<()> {
    let server = format!(
        "CREATE ROLE nexus LOGIN CREATEDB PASSWORD '{}';
         CREATE ROLE reader LOGIN PASSWORD '{}';
         GRANT pg_monitor TO nexus;",
        accounts.nexus, accounts.reader
    );
    let database = "GRANT USAGE ON SCHEMA public TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
         ALTER DEFAULT PRIVILEGES FOR ROLE nexus, admin IN SCHEMA public GRANT SELECT ON TABLES TO reader;";
    let create = format!("CREATE DATABASE {DATABASE} OWNER nexus");
    for (target, sql) in [
        ("postgres", server.as_str()),
        ("postgres", &create),
        (DATABASE, database),
    ] {
        let mut psql = shell::unprivileged(bin.join("psql"), dir);
        psql.env("PGPASSWORD", &accounts.admin)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--host=127.0.0.1",
                "--username=admin",
            ])
            .arg(format!("--port={port}"))
            .arg(format!("--dbname={target}"))
            .arg(format!("--command={sql}"));
        shell::run(&mut psql)?;
    }
    Ok(())
}
