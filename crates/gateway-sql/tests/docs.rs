//! The page on SQL names every rule, and no other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use gateway_sql::Rule;

#[test]
fn every_rule_has_its_row() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sql-support.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (_, section) = text.split_once("## What is refused").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let written: BTreeSet<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let real: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(written, real);
}

/// Every list is described, and every list that is described exists.
#[test]
fn every_list_of_functions_is_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("../../docs/sql-support.md")).unwrap();
    for entry in std::fs::read_dir(root.join("src/rules/functions")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // The deny lists of MySQL and MariaDB are named together.
        assert!(
            text.contains(&name) || (name.ends_with(".deny.txt") && text.contains("`….deny.txt`")),
            "{name}"
        );
    }
}
