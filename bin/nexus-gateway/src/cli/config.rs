//! `config`: check, show and describe the settings.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Common;
use crate::config::{Settings, schema};
use crate::files::Files;
use crate::storage::{KeyCheck, existing_key_ring, open_existing};

/// Check, show or describe the settings.
#[derive(Subcommand)]
pub(super) enum Config {
    /// Say whether the settings are usable.
    Check(Check),
    /// Print the settings in force as TOML, defaults included, secrets left out.
    Show(Common),
    /// Print a JSON Schema of the settings file, for editors and for checks before a change is made.
    Schema,
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
                Files::open(&settings)?;
                println!("the settings are usable");
                if check.store {
                    actix_web::rt::System::new().block_on(check_store(&settings))?;
                    println!("the key ring has every key that the store needs");
                }
            }
            Self::Schema => println!("{}", serde_json::to_string_pretty(&schema())?),
            Self::Show(common) => print!("{}", toml::to_string_pretty(&common.settings()?.shown())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn check_store(settings: &Settings) -> anyhow::Result<()> {
    let ring = existing_key_ring(&settings.store.keyring)?;
    open_existing(&settings.store, ring, KeyCheck::Required)
        .await
        .map(drop)
}
