//! The section `network`: where sources may point.

use std::path::PathBuf;

use gateway_drivers::NetworkPolicy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::list;
use super::own_files::OwnFiles;

/// As it may be written.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNetwork {
    #[serde(deserialize_with = "list::deserialize")]
    #[schemars(with = "list::Written")]
    allow: Vec<String>,
    #[serde(deserialize_with = "list::deserialize")]
    #[schemars(with = "list::Written")]
    deny: Vec<String>,
    #[serde(deserialize_with = "list::deserialize")]
    #[schemars(with = "list::Written")]
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
    pub(super) fn check(raw: RawNetwork, own: &OwnFiles, faults: &mut Faults) -> Self {
        let folders: Vec<PathBuf> = raw.sqlite_folders.into_iter().map(PathBuf::from).collect();
        for (key, list) in [("network.allow", &raw.allow), ("network.deny", &raw.deny)] {
            for line in list {
                faults.take_at(key, NetworkPolicy::new([line.as_str()], [], []));
            }
        }
        for folder in &folders {
            own.keep_out_of(folder, "network.sqlite_folders", faults);
        }
        let policy = policy(&raw.allow, &raw.deny, &folders).unwrap_or_default();
        Self {
            allow: raw.allow,
            deny: raw.deny,
            sqlite_folders: folders,
            policy: policy.except(own.paths()),
        }
    }

    /// For the demo: everything but special addresses, this machine included, and no file but `shop`, beside which the
    /// demo has its own.
    pub(crate) fn of_demo(shop: PathBuf) -> anyhow::Result<Self> {
        let allow: Vec<String> = ["0.0.0.0/0", "::/0", "127.0.0.0/8", "::1/128"]
            .map(str::to_owned)
            .into();
        let sqlite_folders = vec![shop];
        Ok(Self {
            policy: policy(&allow, &[], &sqlite_folders)?,
            allow,
            deny: Vec::new(),
            sqlite_folders,
        })
    }

    /// What the drivers obey.
    pub(crate) fn policy(&self) -> NetworkPolicy {
        self.policy.clone()
    }
}

fn policy(allow: &[String], deny: &[String], folders: &[PathBuf]) -> anyhow::Result<NetworkPolicy> {
    Ok(NetworkPolicy::new(
        allow.iter().map(String::as_str),
        deny.iter().map(String::as_str),
        folders.to_vec(),
    )?)
}
