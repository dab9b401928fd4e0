//! The audit log's settings: as they are written, checked, and shown.

use std::path::PathBuf;
use std::time::Duration;

use gateway_service::{AuditSettings, Durability, OnFailure, StatementRecord};
use gateway_store::AuditFileOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::faults::Faults;
use super::schema::{names_of, one_of};
use super::{duration, list};

/// What was written.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Audit {
    queue: Option<usize>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    retention: Option<Duration>,
    #[schemars(extend("enum" = names_of(DURABILITIES)))]
    durability: Option<String>,
    #[schemars(extend("enum" = names_of(ON_FAILURE)))]
    on_failure: Option<String>,
    #[schemars(extend("enum" = names_of(STATEMENTS)))]
    statements: Option<String>,
    parameters: Option<bool>,
    #[serde(deserialize_with = "names")]
    #[schemars(with = "list::Written", extend("items" = one_of([TO_STORE, TO_FILE])))]
    to: Option<Vec<String>>,
    file: Option<PathBuf>,
    file_max_bytes: Option<u64>,
    file_keep: Option<u32>,
    file_sync: Option<bool>,
}

/// How the log is kept, and where.
pub(crate) struct AuditLogSettings {
    pub(crate) service: AuditSettings,
    pub(crate) to: AuditTargets,
}

impl Default for AuditLogSettings {
    fn default() -> Self {
        Self {
            service: AuditSettings::default(),
            to: AuditTargets::Store,
        }
    }
}

/// Where records are written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuditTargets {
    Store,
    File(AuditFileOptions),
    Both(AuditFileOptions),
}

impl AuditTargets {
    /// The file, if there is one.
    pub(crate) fn file(&self) -> Option<&AuditFileOptions> {
        match self {
            Self::Store => None,
            Self::File(options) | Self::Both(options) => Some(options),
        }
    }
}

const DURABILITIES: [(&str, Durability); 2] =
    [("queued", Durability::Queued), ("written", Durability::Written)];

const ON_FAILURE: [(&str, OnFailure); 2] = [("refuse", OnFailure::Refuse), ("count", OnFailure::Count)];

const STATEMENTS: [(&str, StatementRecord); 3] = [
    ("text", StatementRecord::Text),
    ("digest", StatementRecord::Digest),
    ("both", StatementRecord::Both),
];

const TO_STORE: &str = "store";
const TO_FILE: &str = "file";

const MAX_BYTES: u64 = 64 << 20;
const KEEP: u32 = 10;

impl Audit {
    pub(super) fn check(self, faults: &mut Faults) -> AuditLogSettings {
        let defaults = AuditSettings::default();
        let queue = self.queue.unwrap_or(defaults.queue);
        faults.require(
            (1..=1_000_000).contains(&queue),
            "audit.queue",
            "must be between 1 and 1000000",
        );
        let retention = self.retention.unwrap_or(defaults.retention);
        faults.require(!retention.is_zero(), "audit.retention", "must be above 0");
        let durability = faults.choose(
            "audit.durability",
            self.durability.as_deref().unwrap_or("queued"),
            DURABILITIES,
        );
        let on_failure = faults.choose(
            "audit.on_failure",
            self.on_failure.as_deref().unwrap_or("refuse"),
            ON_FAILURE,
        );
        let statements = faults.choose(
            "audit.statements",
            self.statements.as_deref().unwrap_or("text"),
            STATEMENTS,
        );
        AuditLogSettings {
            service: AuditSettings {
                queue,
                retention,
                durability,
                on_failure,
                statements,
                parameters: self.parameters.unwrap_or(defaults.parameters),
            },
            to: self.targets(durability, faults),
        }
    }

    fn targets(self, durability: Durability, faults: &mut Faults) -> AuditTargets {
        let names = self.to.unwrap_or_else(|| vec![TO_STORE.to_owned()]);
        let (mut to_store, mut to_file) = (false, false);
        for name in &names {
            match name.as_str() {
                TO_STORE => to_store = true,
                TO_FILE => to_file = true,
                other => faults.require(
                    false,
                    "audit.to",
                    format_args!("may name store and file, not {other:?}"),
                ),
            }
        }
        faults.require(to_store || to_file, "audit.to", "must name store, file, or both");
        if !to_file {
            faults.require(
                self.file.is_none(),
                "audit.file",
                "is set, but audit.to does not name file",
            );
            return AuditTargets::Store;
        }
        let options = AuditFileOptions {
            path: self.file.unwrap_or_else(|| {
                faults.add_missing("audit.file", "audit.to names file: say which with audit.file");
                PathBuf::new()
            }),
            max_bytes: self.file_max_bytes.unwrap_or(MAX_BYTES),
            keep: self.file_keep.unwrap_or(KEEP),
            sync: self.file_sync.unwrap_or(true),
        };
        faults.require(
            options.max_bytes >= 1024,
            "audit.file_max_bytes",
            "must be at least 1024",
        );
        faults.require(options.keep <= 10_000, "audit.file_keep", "must be at most 10000");
        faults.require(
            options.sync || durability == Durability::Queued,
            "audit.file_sync",
            "must not be false with audit.durability = \"written\": what is not synced does not survive a loss of power",
        );
        if to_store {
            AuditTargets::Both(options)
        } else {
            AuditTargets::File(options)
        }
    }
}

/// A list of names; the environment gives it with commas.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(Some(match Written::deserialize(deserializer)? {
        Written::List(names) => names,
        Written::Text(text) => text.split(',').map(|name| name.trim().to_owned()).collect(),
    }))
}

/// What is printed.
#[derive(Serialize)]
pub(super) struct ShownAudit {
    queue: usize,
    retention: String,
    durability: &'static str,
    on_failure: &'static str,
    statements: &'static str,
    parameters: bool,
    to: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    file_max_bytes: u64,
    file_keep: u32,
    file_sync: bool,
}

impl From<&AuditLogSettings> for ShownAudit {
    fn from(settings: &AuditLogSettings) -> Self {
        let service = &settings.service;
        let file = settings.to.file();
        Self {
            queue: service.queue,
            retention: duration::show(service.retention),
            durability: match service.durability {
                Durability::Queued => "queued",
                Durability::Written => "written",
            },
            on_failure: match service.on_failure {
                OnFailure::Refuse => "refuse",
                OnFailure::Count => "count",
            },
            statements: match service.statements {
                StatementRecord::Text => "text",
                StatementRecord::Digest => "digest",
                StatementRecord::Both => "both",
            },
            parameters: service.parameters,
            to: match settings.to {
                AuditTargets::Store => vec!["store"],
                AuditTargets::File(_) => vec!["file"],
                AuditTargets::Both(_) => vec!["store", "file"],
            },
            file: file.map(|options| options.path.display().to_string()),
            file_max_bytes: file.map_or(MAX_BYTES, |options| options.max_bytes),
            file_keep: file.map_or(KEEP, |options| options.keep),
            file_sync: file.is_none_or(|options| options.sync),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> anyhow::Result<AuditLogSettings> {
        let mut faults = Faults::default();
        let settings = toml::from_str::<Audit>(text)?.check(&mut faults);
        faults.into_result(|_| None)?;
        Ok(settings)
    }

    #[test]
    fn targets_are_read_from_lists_and_from_text() {
        let both = checked("to = ['store', 'file']\nfile = 'a'").unwrap();
        let text = checked("to = 'store,file'\nfile = 'a'").unwrap();
        assert_eq!(both.to, text.to);
        assert_eq!(both.to.file().map(|file| file.keep), Some(KEEP));
        assert_eq!(checked("").unwrap().to, AuditTargets::Store);
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for (text, part) in [
            ("to = ['file']", "audit.file"),
            ("to = []", "must name"),
            ("to = ['syslog']", "syslog"),
            ("file = 'a'", "does not name file"),
            ("durability = 'maybe'", "queued or written"),
            ("on_failure = 'ignore'", "refuse or count"),
            ("statements = 'none'", "text, digest or both"),
            (
                "to = 'file'\nfile = 'a'\nfile_sync = false\ndurability = 'written'",
                "file_sync",
            ),
        ] {
            let error = checked(text).err().map(|error| error.to_string());
            assert!(
                error.as_deref().is_some_and(|error| error.contains(part)),
                "{text}: {error:?}"
            );
        }
    }
}
