//! `keys`: the key ring that seals credentials at rest.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use gateway_store::KeyRing;

/// Make keys that seal credentials at rest.
#[derive(Subcommand)]
pub(super) enum Keys {
    /// Write a new key ring with one key, readable by its owner only.
    Generate {
        /// Where to write it; must not exist.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Keys {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Generate { file } => {
                let ring = KeyRing::generate_file(&file)?;
                println!("wrote {} with the key {}", file.display(), ring.sealing_key_id());
                println!("keep a copy in a safe place: without it the stored passwords are lost");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
