//! `config`: check and show the settings.

use std::process::ExitCode;

use clap::Subcommand;

use super::Common;

/// Check or show the settings.
#[derive(Subcommand)]
pub(super) enum Config {
    /// Say whether the settings are usable.
    Check(Common),
    /// Print the settings in force as TOML, defaults included, secrets left out.
    Show(Common),
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(common) => {
                common.settings()?;
                println!("the settings are usable");
            }
            Self::Show(common) => print!("{}", toml::to_string_pretty(&common.settings()?.shown())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}
