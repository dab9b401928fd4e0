//! Every function that a server's catalogue names is decided, and every name that was decided is known or has its reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

/// The lists of functions that are held against catalogues together.
struct Family {
    catalogues: &'static [&'static str],
    lists: &'static [Lists],
    reasons: &'static str,
}

/// What one engine permits and denies, and the catalogues that may know its names.
struct Lists {
    allow: &'static [&'static str],
    deny: &'static [&'static str],
    catalogue: &'static str,
}

const FAMILIES: [Family; 2] = [
    Family {
        catalogues: &["mysql", "mariadb"],
        lists: &[
            Lists {
                allow: &["mysql_common", "mysql"],
                deny: &["mysql_common", "mysql"],
                catalogue: "mysql",
            },
            Lists {
                allow: &["mysql_common", "mariadb"],
                deny: &["mysql_common", "mariadb"],
                catalogue: "mariadb",
            },
        ],
        reasons: "mysql",
    },
    Family {
        catalogues: &["sqlite"],
        lists: &[Lists {
            allow: &["sqlite"],
            deny: &["sqlite"],
            catalogue: "sqlite",
        }],
        reasons: "sqlite",
    },
];

fn words(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    text.lines()
        .filter_map(|line| line.split('#').next())
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect()
}

fn catalogue(name: &str) -> BTreeSet<String> {
    let names = words(&format!("tests/catalogue/{name}.txt"));
    assert!(names.len() > 100, "{name}");
    names
}

fn list(names: &[&str], kind: &str) -> BTreeSet<String> {
    names
        .iter()
        .flat_map(|name| words(&format!("src/rules/functions/{name}.{kind}.txt")))
        .collect()
}

/// The names behind `sign` in a file of reasons.
fn reasons(name: &str, sign: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/catalogue/{name}.reasons.txt")),
    )
    .unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix(sign))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect()
}

/// Whether an entry, which may end in `*`, stands for `name`.
fn covers(entry: &str, name: &str) -> bool {
    match entry.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => entry == name,
    }
}

#[test]
fn every_function_of_the_catalogues_is_decided() {
    for family in &FAMILIES {
        let undecided: BTreeSet<String> = family
            .lists
            .iter()
            .flat_map(|lists| {
                let (allow, deny) = (list(lists.allow, "allow"), list(lists.deny, "deny"));
                catalogue(lists.catalogue).into_iter().filter(move |name| {
                    !allow.contains(name) && !deny.iter().any(|entry| covers(entry, name))
                })
            })
            .collect();
        // Also the other way: a reason that nothing needs is stale.
        assert_eq!(undecided, reasons(family.reasons, "- "), "{}", family.reasons);
    }
}

#[test]
fn every_decision_is_about_a_function_of_the_catalogues_or_has_its_reason() {
    for family in &FAMILIES {
        let known: BTreeSet<String> = family
            .catalogues
            .iter()
            .flat_map(|name| catalogue(name))
            .collect();
        let unknown: BTreeSet<String> = family
            .lists
            .iter()
            .flat_map(|lists| {
                list(lists.allow, "allow")
                    .into_iter()
                    .chain(list(lists.deny, "deny"))
            })
            .filter(|entry| !known.iter().any(|name| covers(entry, name)))
            .collect();
        assert_eq!(unknown, reasons(family.reasons, "+ "), "{}", family.reasons);
    }
}

#[test]
fn nothing_is_permitted_and_denied() {
    for lists in FAMILIES.iter().flat_map(|family| family.lists) {
        let deny = list(lists.deny, "deny");
        for name in list(lists.allow, "allow") {
            assert!(
                !deny.iter().any(|entry| covers(entry, &name)),
                "{}: {name}",
                lists.catalogue
            );
        }
    }
}
