//! The section `oracle`: where Oracle's client library is, for sources that want the driver `oci`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faults::Faults;

/// As it may be written.
#[derive(Deserialize, JsonSchema, Default)]
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
    pub(super) fn check(raw: RawOracle, faults: &mut Faults) -> Self {
        const KEY: &str = "oracle.client_folder";
        if let Some(folder) = &raw.client_folder {
            let lacks = "is set, but this build lacks the feature oracle-oci and has no use for it";
            faults.require(cfg!(feature = "oracle-oci"), KEY, lacks);
            let rule = format_args!("must be an absolute path, not {}", folder.display());
            faults.require(folder.is_absolute(), KEY, rule);
        }
        Self {
            client_folder: raw.client_folder,
        }
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
        let check = |folder: Option<&str>| {
            let mut faults = Faults::default();
            let client_folder = folder.map(PathBuf::from);
            OracleSettings::check(RawOracle { client_folder }, &mut faults);
            faults.into_result(|_| None)
        };
        let absolute = check(Some("/opt/oracle/instantclient_23_9"));
        assert_eq!(absolute.is_ok(), cfg!(feature = "oracle-oci"));
        let message = check(Some("instantclient")).unwrap_err().to_string();
        assert!(message.contains("oracle.client_folder"), "{message}");
        assert!(check(None).is_ok());
    }
}
