//! docs/types.md says what the round trip saw.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gateway_core::{Engine, StandardType};
use nexus_tests::Trials;

pub(super) fn register(trials: &mut Trials) {
    trials.plain("types::every_standard_type_is_documented", || {
        let page = page();
        let rows = rows(&page, "Forms");
        for standard in StandardType::ALL {
            assert!(rows.contains_key(standard.as_str()), "{standard} has no row");
        }
        Ok(())
    });
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/types.md");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Of the tables in a section: what the first cell names as code, with the rest of the row.
fn rows<'a>(page: &'a str, section: &str) -> BTreeMap<&'a str, &'a str> {
    let (_, rest) = page
        .split_once(&format!("\n## {section}\n"))
        .unwrap_or_else(|| panic!("docs/types.md has no section {section}"));
    let text = rest.split("\n## ").next().unwrap_or(rest);
    let cells = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once(" | "));
    cells
        .flat_map(|(names, rest)| {
            names
                .split('`')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(move |name| (name, rest))
        })
        .collect()
}

/// What differs between the page and the native types, each with its standard type, that an engine has reported.
pub(super) fn differences(engine: Engine, seen: &BTreeSet<(String, &'static str)>) -> Vec<String> {
    let page = page();
    let (section, other) = match engine {
        Engine::PostgreSql => ("PostgreSQL", None),
        Engine::MySql => ("MySQL and MariaDB", Some("MariaDB only")),
        Engine::MariaDb => ("MySQL and MariaDB", Some("MySQL only")),
        Engine::Sqlite | Engine::Oracle => ("SQLite", None),
    };
    let rows = rows(&page, section);
    let mut wrong = Vec::new();
    for (native, standard) in seen {
        let base = native.split('(').next().unwrap_or(native);
        // Types that users make have names of their own.
        let kind = match *standard {
            "ARRAY" => "any array",
            "STRUCT" => "any composite",
            _ => "any other",
        };
        let row = rows
            .get(base)
            .or_else(|| rows.get(kind))
            .copied()
            .unwrap_or_default();
        let cell = row.split(" | ").next().unwrap_or_default();
        if !cell.contains(&format!("`{standard}`")) {
            wrong.push(format!(
                "docs/types.md: `{native}` is {standard}, the page says {row:?}"
            ));
        }
    }
    for (native, row) in rows {
        let is_elsewhere = other.is_some_and(|only| row.contains(only));
        let is_seen = native.starts_with("any ")
            || seen
                .iter()
                .any(|(known, _)| known.split('(').next() == Some(native));
        if !is_seen && !is_elsewhere {
            wrong.push(format!("docs/types.md: `{native}` was never seen"));
        }
    }
    wrong
}
