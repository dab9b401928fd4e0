//! The rules a data source must obey before it is stored.

use std::time::Duration;

use crate::{Engine, Secret, SourceConfig, SourceRules, SourceStatus};

/// A rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's path on the wire, for example `config.port`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A data source as an owner describes it, not yet checked or stored.
#[derive(Debug, Clone)]
pub struct SourceDraft {
    /// Name.
    pub name: String,
    /// Engine.
    pub engine: Engine,
    /// Free text.
    pub description: String,
    /// Whether it takes queries.
    pub status: SourceStatus,
    /// Where it is and how it is used.
    pub config: SourceConfig,
    /// Password to store; `None` keeps the stored one on a change.
    pub password: Option<Secret>,
}

const MAX_NAME_CHARS: usize = 200;
const MAX_DESCRIPTION_CHARS: usize = 2000;
const MAX_TEXT_CHARS: usize = 1000;
/// Those of clusters name many addresses.
const MAX_DESCRIPTOR_CHARS: usize = 8000;
const MAX_POOL: u32 = 1000;
const MAX_TIMEOUT: Duration = Duration::from_hours(24);

impl SourceDraft {
    /// Every rule that the draft breaks; empty if it may be stored.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        self.check_labels(&mut found);
        self.check_address(&mut found);
        self.check_tls(&mut found);
        self.check_pool(&mut found);
        found
    }

    fn check_labels(&self, found: &mut Vec<FieldProblem>) {
        let mut add = |field, message: String| found.push(FieldProblem { field, message });
        if self.name.trim().is_empty() {
            add("name", "must not be empty".into());
        } else if self.name != self.name.trim() {
            add("name", "must not begin or end with white space".into());
        }
        if self.name.chars().count() > MAX_NAME_CHARS {
            add("name", format!("must have at most {MAX_NAME_CHARS} characters"));
        }
        if self.name.chars().any(char::is_control) {
            add("name", "must not contain control characters".into());
        }
        if self.description.chars().count() > MAX_DESCRIPTION_CHARS {
            add(
                "description",
                format!("must have at most {MAX_DESCRIPTION_CHARS} characters"),
            );
        }
    }

    fn check_address(&self, found: &mut Vec<FieldProblem>) {
        let config = &self.config;
        if self.engine == Engine::Sqlite {
            require(found, "config.path", config.path.as_deref());
            for (field, value) in [
                ("config.host", config.host.as_deref()),
                ("config.database", config.database.as_deref()),
                ("config.username", config.username.as_deref()),
            ] {
                refuse(found, field, value, "a SQLite source has only config.path");
            }
            if config.port.is_some() {
                refuse(
                    found,
                    "config.port",
                    Some("port"),
                    "a SQLite source has only config.path",
                );
            }
            if self.password.is_some() {
                refuse(
                    found,
                    "config.password",
                    Some("password"),
                    "a SQLite file has no accounts",
                );
            }
            return;
        }
        refuse(
            found,
            "config.path",
            config.path.as_deref(),
            "only a SQLite source has a path",
        );
        if config.port == Some(0) {
            found.push(FieldProblem {
                field: "config.port",
                message: "must be between 1 and 65535".into(),
            });
        }
        if self.engine == Engine::Oracle {
            self.check_oracle_address(found);
        } else {
            require(found, "config.host", config.host.as_deref());
            for (field, value) in [
                ("config.serviceName", config.service_name.as_deref()),
                ("config.sid", config.sid.as_deref()),
                ("config.connectDescriptor", config.connect_descriptor.as_deref()),
            ] {
                refuse(found, field, value, "belongs to Oracle sources only");
            }
        }
        if self.engine == Engine::PostgreSql {
            require(found, "config.database", config.database.as_deref());
        }
        require(found, "config.username", config.username.as_deref());
    }

    fn check_oracle_address(&self, found: &mut Vec<FieldProblem>) {
        let config = &self.config;
        if let Some(descriptor) = &config.connect_descriptor {
            check_length(
                found,
                "config.connectDescriptor",
                descriptor,
                MAX_DESCRIPTOR_CHARS,
            );
            let port = config.port.map(|_| "port");
            for (field, value) in [
                ("config.host", config.host.as_deref()),
                ("config.port", port),
                ("config.serviceName", config.service_name.as_deref()),
                ("config.sid", config.sid.as_deref()),
            ] {
                refuse(found, field, value, "the connect descriptor says it");
            }
            return;
        }
        require(found, "config.host", config.host.as_deref());
        if config.service_name.is_some() == config.sid.is_some() {
            found.push(FieldProblem {
                field: "config.serviceName",
                message: "give exactly one of serviceName, sid and connectDescriptor".into(),
            });
        }
    }

    fn check_tls(&self, found: &mut Vec<FieldProblem>) {
        let config = &self.config;
        let alone = match (&config.tls_cert, &config.tls_key) {
            (Some(_), None) => Some("config.tlsKey"),
            (None, Some(_)) => Some("config.tlsCert"),
            _ => None,
        };
        found.extend(alone.map(|field| FieldProblem {
            field,
            message: "is required: tlsCert and tlsKey go together".into(),
        }));
    }

    fn check_pool(&self, found: &mut Vec<FieldProblem>) {
        let config = &self.config;
        if config.max_pool_size == 0 || config.max_pool_size > MAX_POOL {
            found.push(FieldProblem {
                field: "config.maxPoolSize",
                message: format!("must be between 1 and {MAX_POOL}"),
            });
        }
        for (field, value) in [
            ("config.connectTimeoutMs", config.connect_timeout),
            ("config.acquireTimeoutMs", config.acquire_timeout),
            ("config.queryTimeoutMs", config.query_timeout),
            ("config.idleTimeoutMs", config.idle_timeout),
            ("config.maxLifetimeMs", config.max_lifetime),
        ] {
            if value.is_zero() || value > MAX_TIMEOUT {
                found.push(FieldProblem {
                    field,
                    message: format!("must be between 1 and {}", MAX_TIMEOUT.as_millis()),
                });
            }
        }
        if config.timezone != "UTC" {
            found.push(FieldProblem {
                field: "config.timezone",
                message: "must be \"UTC\": sessions are pinned to it so that instants are unambiguous".into(),
            });
        }
        found.extend(SourceRules::read(&config.options).err());
        if self.engine != Engine::Oracle && config.options.contains_key("driver") {
            found.push(FieldProblem {
                field: "config.options",
                message: "driver belongs to Oracle sources only".into(),
            });
        }
    }
}

fn require(found: &mut Vec<FieldProblem>, field: &'static str, value: Option<&str>) {
    match value {
        None => found.push(FieldProblem {
            field,
            message: "is required for this type".into(),
        }),
        Some(text) => check_text(found, field, text),
    }
}

fn refuse(found: &mut Vec<FieldProblem>, field: &'static str, value: Option<&str>, why: &str) {
    if value.is_some() {
        found.push(FieldProblem {
            field,
            message: format!("does not apply: {why}"),
        });
    }
}

fn check_length(found: &mut Vec<FieldProblem>, field: &'static str, text: &str, most: usize) {
    if text.chars().count() > most {
        found.push(FieldProblem {
            field,
            message: format!("must have at most {most} characters"),
        });
    }
}

fn check_text(found: &mut Vec<FieldProblem>, field: &'static str, text: &str) {
    if text.trim().is_empty() {
        found.push(FieldProblem {
            field,
            message: "must not be empty".into(),
        });
    } else if text.chars().count() > MAX_TEXT_CHARS {
        check_length(found, field, text, MAX_TEXT_CHARS);
    } else if text.chars().any(char::is_control) {
        found.push(FieldProblem {
            field,
            message: "must not contain control characters".into(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(engine: Engine, config: SourceConfig) -> SourceDraft {
        SourceDraft {
            name: "n".into(),
            engine,
            description: String::new(),
            status: SourceStatus::Active,
            config,
            password: None,
        }
    }

    fn fields(draft: &SourceDraft) -> Vec<&'static str> {
        draft
            .problems()
            .into_iter()
            .map(|problem| problem.field)
            .collect()
    }

    #[test]
    fn the_client_is_chosen_for_oracle_only() {
        let config = SourceConfig {
            host: Some("db".into()),
            username: Some("u".into()),
            database: Some("d".into()),
            options: [("driver".to_owned(), "oci".to_owned())].into(),
            ..SourceConfig::default()
        };
        assert_eq!(
            fields(&draft(Engine::PostgreSql, config.clone())),
            ["config.options"]
        );
        let config = SourceConfig {
            service_name: Some("s".into()),
            database: None,
            ..config
        };
        assert!(fields(&draft(Engine::Oracle, config)).is_empty());
    }

    #[test]
    fn each_engine_names_the_fields_it_needs() {
        let empty = SourceConfig::default();
        assert_eq!(fields(&draft(Engine::Sqlite, empty.clone())), ["config.path"]);
        assert_eq!(
            fields(&draft(Engine::MySql, empty.clone())),
            ["config.host", "config.username"]
        );
        assert_eq!(
            fields(&draft(Engine::PostgreSql, empty)),
            ["config.host", "config.database", "config.username"]
        );
    }

    #[test]
    fn out_of_range_figures_are_named() {
        let config = SourceConfig {
            path: Some("a.db".into()),
            max_pool_size: 0,
            query_timeout: Duration::ZERO,
            ..SourceConfig::default()
        };
        assert_eq!(
            fields(&draft(Engine::Sqlite, config)),
            ["config.maxPoolSize", "config.queryTimeoutMs"]
        );
    }
}
