//! `keys`: the key ring that seals credentials at rest.

mod rotate;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use gateway_store::KeyRing;

use super::Common;

/// Make, look at and replace the keys that seal credentials at rest.
#[derive(Subcommand)]
pub(super) enum Keys {
    /// Write a new key ring with one key, readable by its owner only.
    Generate {
        /// Where to write it; must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print the identifiers of the ring's keys, the one that seals last.
    List(Common),
    /// Print how much in the store needs each key. Exits with 1 if the ring lacks one of them.
    Status(Common),
    /// Seal everything with a new key, while gateways run. If that was begun and not finished, go on with it.
    Rotate(rotate::Rotate),
}

impl Keys {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Generate { file } => {
                let ring = KeyRing::generate_file(&file)?;
                println!("wrote {} with the key {}", file.display(), ring.sealing_key_id());
                println!("keep a copy in a safe place: without it the stored passwords are lost");
                Ok(ExitCode::SUCCESS)
            }
            Self::List(common) => status::list(&common),
            Self::Status(common) => status::status(&common),
            Self::Rotate(rotate) => rotate.run(),
        }
    }
}
