//! The data files: one an engine, in the engine's own SQL.

use gateway_core::{Engine, StandardType};

/// What is stored and compared on one engine.
pub(super) struct Cases {
    /// Run once.
    pub(super) preparation: Vec<String>,
    /// Run at the beginning of every session that stores something.
    pub(super) session: Vec<String>,
    pub(super) groups: Vec<Group>,
}

/// Values of one column type.
pub(super) struct Group {
    /// For messages.
    pub(super) name: String,
    /// The type as it is declared, with all that may follow it.
    pub(super) declared: String,
    pub(super) standard: StandardType,
    /// What the engine's client is asked for; `v` is the value.
    pub(super) expression: String,
    pub(super) table: String,
    pub(super) literals: Vec<String>,
}

impl Cases {
    pub(super) fn of(engine: Engine) -> Self {
        match engine {
            Engine::PostgreSql => Self::parse(&[include_str!("postgresql.sql")], "tt.", "v"),
            Engine::MySql => Self::parse(
                &[include_str!("mysql_and_mariadb.sql"), include_str!("mysql.sql")],
                "tt_",
                "v",
            ),
            Engine::MariaDb => Self::parse(
                &[include_str!("mysql_and_mariadb.sql"), include_str!("mariadb.sql")],
                "tt_",
                "v",
            ),
            Engine::Sqlite => Self::parse(&[include_str!("sqlite.sql")], "tt_", "v"),
            Engine::Oracle => panic!("no server to compare with"),
        }
    }

    fn parse(files: &[&str], prefix: &str, plain: &str) -> Self {
        let mut cases = Self {
            preparation: Vec::new(),
            session: Vec::new(),
            groups: Vec::new(),
        };
        for line in files.iter().flat_map(|file| file.lines()) {
            if let Some(statement) = line.strip_prefix("--! ") {
                cases.preparation.push(statement.to_owned());
            } else if let Some(statement) = line.strip_prefix("--@ ") {
                cases.session.push(statement.to_owned());
            } else if let Some(header) = line.strip_prefix("--# ") {
                let table = format!("{prefix}t{}", cases.groups.len());
                cases.groups.push(Group::parse(header, table, plain));
            } else if !line.trim().is_empty() && !line.starts_with("--") {
                let group = cases.groups.last_mut().expect("a literal belongs to a type");
                group.literals.push(line.to_owned());
            }
        }
        cases
    }
}

impl Group {
    fn parse(header: &str, table: String, plain: &str) -> Self {
        let (declared, rest) = header.split_once(" => ").expect("type => STANDARD : expression");
        let (standard, expression) = rest.split_once(" : ").unwrap_or((rest, "{}"));
        let standard = StandardType::ALL
            .into_iter()
            .find(|known| known.as_str() == standard.trim())
            .unwrap_or_else(|| panic!("{header}: no such standard type"));
        Self {
            name: format!("{declared} ({table})"),
            declared: declared.to_owned(),
            standard,
            expression: expression.replace("{}", plain),
            table,
            literals: Vec::new(),
        }
    }
}
