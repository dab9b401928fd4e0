//! The section `oracle`: where Oracle's client library is, for sources that want the driver `oci`.

use std::path::PathBuf;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// As it may be written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOracle {
    client_folder: Option<PathBuf>,
}

/// Checked, and as `config show` prints it.
#[derive(Serialize, Clone, Default)]
pub(crate) struct OracleSettings {
    client_folder: Option<PathBuf>,
}

impl OracleSettings {
    pub(super) fn check(raw: RawOracle) -> anyhow::Result<Self> {
        if let Some(folder) = &raw.client_folder {
            ensure!(
                cfg!(feature = "oracle-oci"),
                "oracle.client_folder is set, but this build lacks the feature oracle-oci and has no use for it"
            );
            ensure!(
                folder.is_absolute(),
                "oracle.client_folder must be an absolute path, not {}",
                folder.display()
            );
        }
        Ok(Self {
            client_folder: raw.client_folder,
        })
    }

    /// Where the client library is; `None` to look where the system's loader does.
    #[cfg(feature = "oracle-oci")]
    pub(crate) fn client_folder(&self) -> Option<PathBuf> {
        self.client_folder.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_where_there_is_a_use_for_it() {
        let check = |folder: &str| {
            let client_folder = Some(PathBuf::from(folder));
            OracleSettings::check(RawOracle { client_folder }).map(|settings| settings.client_folder)
        };
        let absolute = check("/opt/oracle/instantclient_23_9");
        assert_eq!(absolute.is_ok(), cfg!(feature = "oracle-oci"));
        let message = check("instantclient").unwrap_err().to_string();
        assert!(message.contains("oracle.client_folder"), "{message}");
        assert!(OracleSettings::check(RawOracle::default()).is_ok());
    }
}
