//! What PostgreSQL's own grammar (the crate `pg_query`) sees in a statement, in the terms of [`gateway_sql::Survey`].
//!
//! ```text
//! cargo test --manifest-path crates/gateway-sql/second-opinion/Cargo.toml
//! cargo run --manifest-path crates/gateway-sql/second-opinion/Cargo.toml --example jsonl < statements.jsonl
//! ```
//!
//! The build needs a C compiler, and libclang with its headers (Debian: `libclang-dev`). It takes about a minute.

use std::collections::BTreeSet;

use gateway_core::{Engine, StatementKind};
use gateway_sql::{Level, Policy, Survey, Validator};
use serde_json::Value;

/// What both see is compared; these are left out on both sides. The grammar knows them by their words and gives some of
/// them nodes of their own; none has an effect.
const SPELLED_LIKE_CALLS: &str = "any all array btrim cast ceil ceiling coalesce collation current_catalog current_date current_role \
    current_schema current_time current_timestamp current_user exists extract floor greatest grouping is_normalized \
    json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value \
    least like_escape localtime localtimestamp ltrim merge_action normalize nullif overlaps overlay pg_collation_for position row rtrim \
    session_user similar_to_escape some substr substring system_user timezone trim unnest user xmlattributes xmlconcat xmlelement \
    xmlexists xmlforest xmlparse xmlpi xmlroot xmlserialize xmltable";

/// How many statements PostgreSQL reads in a text, and what it sees in the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Statements.
    pub statements: usize,
    /// The tag of the first one's node.
    pub kind: String,
    /// Functions that are called.
    pub functions: BTreeSet<String>,
    /// Tables that are named.
    pub relations: BTreeSet<String>,
}

/// Reads `text` with PostgreSQL's grammar; nothing if it does not parse.
#[must_use]
pub fn read(text: &str) -> Option<Reading> {
    let parsed = pg_query::parse(text, pg_query::ParserOptions::default()).ok()?;
    let tree = serde_json::to_value(&parsed.protobuf).ok()?;
    let statements = tree["stmts"].as_array()?;
    let first = statements.first()?;
    let node = tag(&first["stmt"]["node"]);
    let mut reading = Reading {
        statements: statements.len(),
        kind: node.map(|(tag, _)| tag.to_owned()).unwrap_or_default(),
        functions: BTreeSet::new(),
        relations: BTreeSet::new(),
    };
    if let Some(("ExplainStmt", explain)) = node {
        let inner = tag(&explain["query"]["node"]).map_or("", |(tag, _)| tag);
        reading.kind = format!("ExplainStmt {inner}");
    }
    walk(first, &mut reading);
    Some(reading)
}

/// The tag and the body of a node.
fn tag(node: &Value) -> Option<(&str, &Value)> {
    let (tag, body) = node.as_object()?.iter().next()?;
    Some((tag, body))
}

fn walk(value: &Value, reading: &mut Reading) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, reading)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "FuncCall" => {
                        reading.functions.insert(names(&field["funcname"]));
                    }
                    // A method of sampling is a function; the two of the standard are words of ours.
                    "RangeTableSample" => {
                        let method = names(&field["method"]);
                        if !["bernoulli", "system"].contains(&method.as_str()) {
                            reading.functions.insert(method);
                        }
                    }
                    "RangeVar" => {
                        let parts: Vec<&str> = ["catalogname", "schemaname", "relname"]
                            .iter()
                            .filter_map(|part| field[part].as_str())
                            .filter(|part| !part.is_empty())
                            .collect();
                        reading.relations.insert(parts.join("."));
                    }
                    _ => {}
                }
                walk(field, reading);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A list of nodes that are strings, with dots between.
fn names(list: &Value) -> String {
    let parts: Vec<&str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|part| part["node"]["String"]["sval"].as_str())
        .collect();
    parts.join(".")
}

/// What comes of putting the two side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    /// The validator refuses the text.
    Refused,
    /// The validator approves what PostgreSQL's grammar does not know.
    Unknown,
    /// Both see the same.
    Same,
    /// They differ, in this.
    Different(String),
}

/// Compares what the two see in `text`. The functions themselves are not judged, so that more can be compared.
#[must_use]
pub fn opinion(text: &str) -> Opinion {
    let validator = Validator::new(Engine::PostgreSql, Policy::default().with_level(Level::Standard));
    let (Ok(survey), Ok(approved)) = (validator.survey(text), validator.approve(text)) else {
        return Opinion::Refused;
    };
    // PostgreSQL's own spelling of the caller's placeholders.
    let mut own = text.to_owned();
    for placeholder in approved.placeholders().iter().rev() {
        own.replace_range(placeholder.span.clone(), " $1 ");
    }
    match read(&own) {
        None => Opinion::Unknown,
        Some(reading) => compare(&survey, &reading).map_or(Opinion::Same, Opinion::Different),
    }
}

fn compare(survey: &Survey, reading: &Reading) -> Option<String> {
    if reading.statements != 1 {
        return Some(format!("{} statements", reading.statements));
    }
    let kind = match survey.kind {
        StatementKind::Query => "SelectStmt",
        StatementKind::Show => "VariableShowStmt",
        StatementKind::Explain => "ExplainStmt SelectStmt",
        StatementKind::Describe => "nothing",
    };
    if kind != reading.kind {
        return Some(format!("{kind} is a {}", reading.kind));
    }
    let functions = difference("functions", &calls(&survey.functions), &calls(&reading.functions));
    functions.or_else(|| difference("relations", &tables(&survey.relations), &reading.relations))
}

/// PostgreSQL takes these words for calls in FROM, too.
fn tables(names: &BTreeSet<String>) -> BTreeSet<String> {
    let is_call = |name: &str| {
        [
            "user",
            "current_user",
            "session_user",
            "current_role",
            "current_catalog",
            "current_date",
        ]
        .contains(&name)
    };
    names.iter().filter(|name| !is_call(name)).cloned().collect()
}

/// The names that are compared.
fn calls(names: &BTreeSet<String>) -> BTreeSet<String> {
    let is_left_out = |name: &str| {
        let name = name.strip_prefix("pg_catalog.").unwrap_or(name);
        SPELLED_LIKE_CALLS.split_whitespace().any(|word| word == name)
    };
    names.iter().filter(|name| !is_left_out(name)).cloned().collect()
}

fn difference(what: &str, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let only =
        |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join(" ");
    Some(format!(
        "{what}: only we see [{}], only PostgreSQL sees [{}]",
        only(ours, theirs),
        only(theirs, ours)
    ))
}
