//! The interface against its own description, by schemathesis: no failure of ours, no status that is not described, no
//! answer of another shape, for whatever it makes up.

use std::path::Path;

use gateway_core::{DataSourceId, Scope, SourceGrant};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials, python_program};
use reqwest::Method;
use serde_json::{Value, json};

/// Requests that it makes up for each operation, besides the examples and the bounds of each field.
const EXAMPLES: &str = "15";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("contract::schemathesis", schemathesis);
}

async fn schemathesis() -> Outcome {
    let gateway = Gateway::start_with("limits.rate = 0\n").await?;
    let database = Database::file()?;
    let (queried, changed) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    let folder = tempfile::tempdir()?;
    let description = gateway
        .answer(gateway.bare_request(Method::GET, "/openapi.json"))
        .await?;
    let mut description = description.body;
    name_what_is_there(&mut description, queried, changed);
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, description.to_string())?;
    std::fs::write(folder.path().join("schemathesis.toml"), RULES)?;
    let token = gateway.token(Scope::Admin.as_str(), SourceGrant::All)?;
    run(folder.path(), &file, gateway.url(), &token).await?;
    // It is as well as before.
    let answer = gateway.query(queried, "SELECT 1", json!({})).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    for line in gateway.log().lines() {
        assert!(
            !line.contains("INTERNAL_ERROR") && !line.contains("panicked"),
            "{line}"
        );
    }
    Ok(())
}

/// A connection test reaches for whatever address was made up, and says so with 503.
const RULES: &str = "\
[[operations]]
include-path-regex = \"/test$\"
[operations.checks]
not_a_server_error.enabled = false
";

/// Puts the ids of real sources where the description has examples, so that requests reach more than "no such source". What
/// changes sources gets another than what queries them.
fn name_what_is_there(description: &mut Value, queried: DataSourceId, changed: DataSourceId) {
    let request = &mut description["components"]["schemas"]["QueryRequest"]["properties"];
    request["dataSourceId"] = json!({"type": "string", "enum": [queried.to_string()]});
    for (path, item) in description["paths"].as_object_mut().into_iter().flatten() {
        for operation in item.as_object_mut().into_iter().flatten() {
            for parameter in list_of(operation.1, "parameters") {
                if path.contains("datasources") && parameter["name"] == "id" {
                    parameter["schema"] = json!({"type": "string", "enum": [changed.to_string()]});
                }
            }
        }
    }
}

/// The list `name` of a value, or nothing.
fn list_of<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value
        .get_mut(name)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

async fn run(folder: &Path, description: &Path, url: &str, token: &str) -> Outcome {
    let mut program = python_program("schemathesis")?;
    program
        .current_dir(folder)
        .arg("run")
        .arg(description)
        .args(["--url", url])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "all", "--exclude-checks", EXCLUDED])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", EXAMPLES])
        // The same requests every time.
        .args(["--seed", "1", "--generation-deterministic"])
        .args(["--warnings", "off", "--no-color"]);
    let output = program.output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout).replace(token, "…");
    Err(Failed::from(format!(
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    )))
}

/// What JSON Schema cannot say (that a name is free, that a statement may be read) is refused as it should be.
const EXCLUDED: &str = "positive_data_acceptance";
