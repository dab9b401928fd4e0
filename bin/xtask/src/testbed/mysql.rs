//! MySQL.

use anyhow::Result;

use super::account::{Accounts, free_port};
use super::certificate::Certificate;
use super::{Bed, Engine, mariadb, mysql_install, prepare};
use crate::shell::say;

/// Sets the server up and starts it.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let server = mysql_install::server()?;
    say("starting MySQL");
    let dir = bed.server_folder(Engine::Mysql)?;
    let data = dir.join("data").display().to_string();
    let mut base = server;
    base.push(format!("--datadir={data}"));
    // Without a value it insists on a system folder that only the installed package has.
    base.push("--secure-file-priv=NULL".to_owned());
    base.push("--mysqlx=OFF".to_owned());
    let mut initialise = base.clone();
    initialise.push("--initialize-insecure".to_owned());
    prepare(&initialise, &dir)?;
    let accounts = Accounts::new()?;
    let port = free_port()?;
    let mut argv = base;
    let certificate = Certificate::make(&dir)?;
    argv.extend(mariadb::family_options(&dir, port, &accounts, &certificate)?);
    mariadb::start(bed, Engine::Mysql, &dir, &argv, port, &accounts)?;
    bed.record(Engine::Mysql, &[certificate.variable()])
}
