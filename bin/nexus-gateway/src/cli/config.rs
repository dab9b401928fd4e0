//! `config`: check and show the settings.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use gateway_http::ListenerTls;

use super::Common;
use crate::authentication::accepted;
use crate::config::Settings;
use crate::storage::{KeyCheck, existing_key_ring, open_existing};

/// Check or show the settings.
#[derive(Subcommand)]
pub(super) enum Config {
    /// Say whether the settings are usable.
    Check(Check),
    /// Print the settings in force as TOML, defaults included, secrets left out.
    Show(Common),
}

/// What to check.
#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    common: Common,
    /// Open the store, too, and say whether the key ring has every key that it needs. Nothing is changed.
    #[arg(long)]
    store: bool,
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(check) => {
                let settings = check.common.settings()?;
                check_files(&settings)?;
                println!("the settings are usable");
                if check.store {
                    actix_web::rt::System::new().block_on(check_store(&settings))?;
                    println!("the key ring has every key that the store needs");
                }
            }
            Self::Show(common) => print!("{}", toml::to_string_pretty(&common.settings()?.shown())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What `serve` would read besides the settings themselves.
fn check_files(settings: &Settings) -> anyhow::Result<()> {
    accepted(&settings.auth)?;
    let tls = settings.server.options.tls.clone().map(ListenerTls::open);
    tls.transpose().context("server.tls").map(drop)
}

async fn check_store(settings: &Settings) -> anyhow::Result<()> {
    let ring = existing_key_ring(&settings.store.keyring)?;
    open_existing(&settings.store, ring, KeyCheck::Required)
        .await
        .map(drop)
}
