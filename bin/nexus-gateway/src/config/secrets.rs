//! The section `secrets`: what a source may refer to in place of its password.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gateway_core::Secret;
use gateway_drivers::SecretPolicy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::list;
use super::own_files::OwnFiles;

/// As it may be written.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSecrets {
    #[serde(deserialize_with = "list::deserialize")]
    #[schemars(with = "list::Written")]
    env: Vec<String>,
    #[serde(deserialize_with = "list::deserialize")]
    #[schemars(with = "list::Written")]
    folders: Vec<String>,
}

/// Checked, and as `config show` prints it.
#[derive(Serialize, Clone, Default)]
pub(crate) struct SecretSettings {
    env: Vec<String>,
    folders: Vec<PathBuf>,
    #[serde(skip)]
    own: Vec<PathBuf>,
    #[serde(skip)]
    variables: BTreeMap<String, Secret>,
}

impl SecretSettings {
    /// `own` are the files that no source may refer to.
    pub(super) fn check(
        raw: RawSecrets,
        environment: &[(String, String)],
        own: &OwnFiles,
        faults: &mut Faults,
    ) -> Self {
        for pattern in &raw.env {
            let name = pattern.strip_suffix('*').unwrap_or(pattern);
            let plain = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let rule = format_args!(
                "must hold names of variables, or their beginnings followed by *, not {pattern:?}"
            );
            faults.require(plain && !name.is_empty(), "secrets.env", rule);
        }
        let folders: Vec<PathBuf> = raw.folders.into_iter().map(PathBuf::from).collect();
        for folder in &folders {
            own.keep_out_of(folder, "secrets.folders", faults);
        }
        let variables = environment
            .iter()
            .filter(|(name, _)| raw.env.iter().any(|pattern| names(pattern, name)))
            .map(|(name, value)| (name.clone(), Secret::new(value.as_str())))
            .collect();
        Self {
            env: raw.env,
            folders,
            own: own.paths(),
            variables,
        }
    }

    /// What the drivers obey.
    pub(crate) fn policy(&self) -> SecretPolicy {
        SecretPolicy::references(self.variables.clone(), self.folders.clone()).except(self.own.clone())
    }
}

/// Whether `pattern` means the variable `name`. The gateway's own settings are never meant.
fn names(pattern: &str, name: &str) -> bool {
    if name.starts_with("NEXUS_") && name.contains("__") {
        return false;
    }
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(env: &[&str], folders: &[&str]) -> Result<Vec<String>, String> {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let raw = RawSecrets {
            env: own(env),
            folders: own(folders),
        };
        let environment = [
            "DB_A",
            "DB_B",
            "OTHER",
            "NEXUS_AUTH__JWT__SECRET",
            "NEXUS_SECRET_A",
        ]
        .map(|name| (name.to_owned(), "value".to_owned()));
        let own = OwnFiles::new([PathBuf::from("/etc/nexus/keys")]);
        let mut faults = Faults::default();
        let settings = SecretSettings::check(raw, &environment, &own, &mut faults);
        let told = faults.into_result(|_| None).map_err(|error| error.to_string());
        told.map(|()| settings.variables.into_keys().collect())
    }

    #[test]
    fn only_what_is_listed_can_be_referred_to() {
        assert_eq!(check(&[], &[]), Ok(vec![]));
        assert_eq!(
            check(&["DB_*"], &[]),
            Ok(vec!["DB_A".to_owned(), "DB_B".to_owned()])
        );
        assert_eq!(check(&["OTHER", "MISSING"], &[]), Ok(vec!["OTHER".to_owned()]));
        assert_eq!(
            check(&["NEXUS_*"], &["/run/secrets"]),
            Ok(vec!["NEXUS_SECRET_A".to_owned()]),
            "never the gateway's own"
        );
    }

    #[test]
    fn what_would_give_too_much_is_refused() {
        for (env, folder, part) in [
            (&["*"][..], "/run", "secrets.env"),
            (&["A B"], "/run", "secrets.env"),
            (&[], "secrets", "absolute"),
            (&[], "/etc/nexus", "own files"),
            (&[], "/etc", "own files"),
        ] {
            let message = check(env, &[folder]).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }
}
