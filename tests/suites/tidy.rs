//! The house rules that a compiler does not check: which crate may see which, and how files look.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};
use nexus_tests::{Outcome, Trials};

/// The most lines a source file may have.
const MAX_LINES: usize = 400;

/// Which crate of the workspace may depend on which others. Siblings never see each other, and only the program that
/// wires everything together sees all.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("gateway-core", &[]),
    ("gateway-sql", &["gateway-core"]),
    ("oci-loader", &[]),
    ("gateway-drivers", &["gateway-core", "oci-loader"]),
    ("gateway-store", &["gateway-core"]),
    (
        "gateway-service",
        &["gateway-core", "gateway-sql", "gateway-drivers", "gateway-store"],
    ),
    ("gateway-http", &["gateway-core", "gateway-service"]),
    ("gateway-telemetry", &["gateway-core"]),
    (
        "nexus-gateway",
        &[
            "gateway-core",
            "gateway-sql",
            "gateway-drivers",
            "gateway-store",
            "gateway-service",
            "gateway-http",
            "gateway-telemetry",
        ],
    ),
    ("xtask", &[]),
    ("fake-oci", &[]),
    ("nexus-tests", &["gateway-core", "gateway-http"]),
];

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    trials.plain("tidy::crate_edges", crate_edges);
    trials.plain("tidy::every_file_says_what_it_is_for", first_lines);
    trials.plain("tidy::files_are_short", lengths);
}

fn crate_edges() -> Outcome {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()?;
    let members: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    assert_eq!(
        members,
        allowed.keys().copied().collect(),
        "crates of the workspace and of the table in this test"
    );
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if dependency.kind != DependencyKind::Normal || !members.contains(name) {
                continue;
            }
            if !allowed[package.name.as_str()].contains(&name) {
                wrong.push(format!("{} -> {name}", package.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "dependencies that the architecture forbids: {wrong:?}"
    );
    Ok(())
}

fn first_lines() -> Outcome {
    let wrong: Vec<_> = sources()?
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "files whose first line is no `//!`: {wrong:#?}");
    Ok(())
}

fn lengths() -> Outcome {
    let wrong: Vec<_> = sources()?
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .collect();
    assert!(
        wrong.is_empty(),
        "files of more than {MAX_LINES} lines: {wrong:#?}"
    );
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Path and text of every Rust file of the workspace.
fn sources() -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["crates", "bin", "tests"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                found.push((path, text));
            }
        }
    }
    Ok(found)
}
