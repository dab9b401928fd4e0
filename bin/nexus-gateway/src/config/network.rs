//! The section `network`: where sources may point.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use gateway_drivers::NetworkPolicy;
use serde::{Deserialize, Serialize};

use super::list;
use super::own_files::OwnFiles;

/// As it may be written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNetwork {
    #[serde(deserialize_with = "list::deserialize")]
    allow: Vec<String>,
    #[serde(deserialize_with = "list::deserialize")]
    deny: Vec<String>,
    #[serde(deserialize_with = "list::deserialize")]
    sqlite_folders: Vec<String>,
}

/// Checked, and as `config show` prints it.
#[derive(Serialize, Clone)]
pub(crate) struct NetworkSettings {
    allow: Vec<String>,
    deny: Vec<String>,
    sqlite_folders: Vec<PathBuf>,
    #[serde(skip)]
    policy: NetworkPolicy,
}

impl NetworkSettings {
    /// `own` are the files that no source may open.
    pub(super) fn check(raw: RawNetwork, own: &OwnFiles) -> anyhow::Result<Self> {
        let folders = raw.sqlite_folders.into_iter().map(PathBuf::from).collect();
        Self::new(raw.allow, raw.deny, folders, own)
    }

    /// For the demo: everything but special addresses, this machine included, and no file but `shop`, beside which the
    /// demo has its own.
    pub(crate) fn of_demo(shop: PathBuf) -> anyhow::Result<Self> {
        let allow = ["0.0.0.0/0", "::/0", "127.0.0.0/8", "::1/128"].map(str::to_owned);
        Self::new(allow.into(), Vec::new(), vec![shop], &OwnFiles::default())
    }

    fn new(
        allow: Vec<String>,
        deny: Vec<String>,
        sqlite_folders: Vec<PathBuf>,
        own: &OwnFiles,
    ) -> anyhow::Result<Self> {
        let lines = |list: &[String]| -> anyhow::Result<()> {
            NetworkPolicy::new(list.iter().map(String::as_str), [], [])?;
            Ok(())
        };
        lines(&allow).context("network.allow")?;
        lines(&deny).context("network.deny")?;
        for folder in &sqlite_folders {
            ensure!(
                folder.is_absolute(),
                "network.sqlite_folders must be absolute paths, not {}",
                folder.display()
            );
            own.keep_out_of(folder, "network.sqlite_folders")?;
        }
        let policy = NetworkPolicy::new(
            allow.iter().map(String::as_str),
            deny.iter().map(String::as_str),
            sqlite_folders.clone(),
        )?
        .except(own.paths());
        Ok(Self {
            allow,
            deny,
            sqlite_folders,
            policy,
        })
    }

    /// What the drivers obey.
    pub(crate) fn policy(&self) -> NetworkPolicy {
        self.policy.clone()
    }
}
