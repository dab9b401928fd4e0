//! What the documentation says is true.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gateway_core::{Engine, ErrorKind, Scope, StandardType};
use nexus_tests::{Outcome, Trials, gateway_binary};

pub(crate) fn register(trials: &mut Trials) {
    trials.plain("docs::errors", errors);
    trials.plain("docs::settings", settings);
    trials.plain("docs::openapi", openapi);
    trials.plain("docs::names", names);
    trials.plain("docs::links", links);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The first cells of the rows of the tables in `text` that are code.
fn first_cells(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            line.trim_matches('|')
                .split(" | ")
                .map(|cell| cell.trim().trim_matches('`'))
                .collect()
        })
        .collect()
}

/// The page lists exactly the codes there are, each with its status.
fn errors() -> Outcome {
    let text = read("docs/errors.md");
    let written: BTreeSet<(String, String)> = first_cells(&text)
        .iter()
        .map(|cells| (cells[0].to_owned(), cells[1].to_owned()))
        .collect();
    let real = ErrorKind::ALL
        .iter()
        .map(|kind| {
            (
                kind.code().to_owned(),
                gateway_http::codes::status(*kind).as_u16().to_string(),
            )
        })
        .collect();
    assert_eq!(written, real);
    Ok(())
}

/// The page lists exactly the settings there are, and the defaults it gives are those in force.
fn settings() -> Outcome {
    let folder = tempfile::tempdir()?;
    let show = std::process::Command::new(gateway_binary()?)
        .args(["config", "show"])
        .current_dir(folder.path())
        .env("NEXUS_AUTH__JWT__SECRET", nexus_tests::SECRET)
        .output()?;
    assert!(show.status.success(), "{}", String::from_utf8_lossy(&show.stderr));
    let shown = String::from_utf8(show.stdout)?;
    let page = read("docs/configuration.md");
    let rows = first_cells(&page);
    let (mut section, mut checked) = (String::new(), 0);
    for line in shown.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        }
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let name = format!("{section}.{key}");
        let row = rows
            .iter()
            .find(|row| row[0] == name)
            .unwrap_or_else(|| panic!("{name} is not documented"));
        // What depends on the machine or on other settings is described in words.
        if row[1].chars().next().is_some_and(|first| first.is_ascii_digit()) || row[1].contains("://") {
            assert_eq!(value.trim_matches('"'), row[1], "the default of {name}");
            checked += 1;
        }
    }
    assert!(checked >= 10, "only {checked} defaults were compared:\n{shown}");
    // Every documented key is known: an unknown one would be refused.
    for row in &rows {
        let variable = format!("NEXUS_{}", row[0].replace('.', "__").to_uppercase());
        let output = std::process::Command::new(gateway_binary()?)
            .args(["config", "check"])
            .current_dir(folder.path())
            .env(&variable, "\u{1}")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("unknown setting"), "{}: {said}", row[0]);
    }
    Ok(())
}

/// The committed description is what the binary prints.
fn openapi() -> Outcome {
    let output = std::process::Command::new(gateway_binary()?)
        .arg("openapi")
        .output()?;
    let printed = String::from_utf8(output.stdout)?;
    let committed = read("docs/openapi.json");
    assert!(
        printed == committed,
        "docs/openapi.json is stale: cargo run -- openapi > docs/openapi.json"
    );
    let page = read("docs/api.md");
    let description: serde_json::Value = serde_json::from_str(&printed)?;
    assert_eq!(description["openapi"], "3.1.0");
    for path in description["paths"].as_object().ok_or("no paths")?.keys() {
        let shown = page.contains(path.as_str())
            || page.contains(path.trim_start_matches("/health"))
            || page.contains(path.trim_end_matches("/test"));
        assert!(shown, "{path} is not in docs/api.md");
    }
    Ok(())
}

/// Every standard type, engine and scope is explained.
fn names() -> Outcome {
    let (api, security) = (read("docs/api.md"), read("docs/security.md"));
    for standard in StandardType::ALL {
        assert!(
            api.contains(&format!("`{standard}`")),
            "{standard} is not in docs/api.md"
        );
    }
    for engine in Engine::ALL {
        assert!(
            api.contains(&format!("`{engine}`")),
            "{engine} is not in docs/api.md"
        );
    }
    for scope in Scope::ALL {
        assert!(
            security.contains(&format!("| `{scope}` |")),
            "{scope} is not in docs/security.md"
        );
    }
    Ok(())
}

/// Links to files of the project lead somewhere.
fn links() -> Outcome {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/adr", "crates/gateway-sql", "crates/gateway-drivers"] {
        for entry in std::fs::read_dir(root().join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    for page in pages {
        let text = std::fs::read_to_string(&page)?;
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let file = target.split('#').next().unwrap_or(target);
            let path = page.parent().ok_or("no folder")?.join(file);
            assert!(path.exists(), "{} links to {target}", page.display());
        }
    }
    Ok(())
}
