//! Every column type of every engine, on a round trip: what the gateway shows is compared byte by byte with what the
//! engine's own client shows of the same stored value.

mod answers;
mod cases;
mod clients;
mod documented;
mod forms;
mod parameters;
mod values;

use std::collections::BTreeSet;

use gateway_core::{DataSourceId, Engine, StandardType};
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use serde_json::json;

use answers::{Answers, unquoted};
use cases::{Cases, Group};

pub(crate) fn register(trials: &mut Trials) {
    documented::register(trials);
    forms::register(trials);
    parameters::register(trials);
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        trials.engine("types::round_trip", engine, |server| {
            round_trip(Database::Server(server))
        });
    }
    trials.simple("types::round_trip::sqlite", || async {
        round_trip(Database::file()?).await
    });
}

async fn round_trip(database: Database) -> Outcome {
    let cases = Cases::of(database.engine());
    store(&database, &cases).await?;
    let expected = clients::ask(&database, &cases).await?;
    let gateway = Gateway::start().await?;
    let source = gateway.register(&database).await?;
    let mut wrong = Vec::new();
    let mut natives = BTreeSet::new();
    for (group, expected) in cases.groups.iter().zip(expected) {
        match compare(&gateway, source, group, &expected).await {
            Ok((native, differences)) => {
                natives.insert((native, group.standard.as_str()));
                wrong.extend(differences);
            }
            Err(failure) => wrong.push(format!(
                "{}: {}",
                group.name,
                failure.message().unwrap_or_default()
            )),
        }
    }
    wrong.extend(documented::differences(database.engine(), &natives));
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    Ok(())
}

async fn store(database: &Database, cases: &Cases) -> Outcome {
    let mut statements = cases.preparation.clone();
    for group in &cases.groups {
        statements.push(format!("DROP TABLE IF EXISTS {}", group.table));
        statements.push(format!(
            "CREATE TABLE {} (id integer PRIMARY KEY, v {} NULL)",
            group.table, group.declared
        ));
        for (id, literal) in group.literals.iter().enumerate() {
            let value = if database.engine() == Engine::PostgreSql {
                format!("({literal})::{}", group.declared)
            } else {
                literal.clone()
            };
            statements.push(format!("INSERT INTO {} VALUES ({id}, {value})", group.table));
        }
    }
    let session = cases.session.iter().map(String::as_str);
    let all: Vec<&str> = session
        .clone()
        .chain(statements.iter().map(String::as_str))
        .collect();
    if database.execute(&all).await.is_ok() {
        return Ok(());
    }
    // Again, to tell which one fails.
    for statement in &statements {
        let run: Vec<&str> = session.clone().chain([statement.as_str()]).collect();
        let failed = |failure: Failed| format!("{statement}: {}", failure.message().unwrap_or_default());
        database.execute(&run).await.map_err(failed)?;
    }
    Ok(())
}

/// The native type, and what differs.
async fn compare(
    gateway: &Gateway,
    source: DataSourceId,
    group: &Group,
    expected: &[Option<String>],
) -> Result<(String, Vec<String>), Failed> {
    let sql = format!("SELECT v FROM {} ORDER BY id", group.table);
    let answers = Answers::collect(gateway, source, &sql, json!({})).await?;
    let column = &answers.columns[0];
    let mut wrong = Vec::new();
    let mut differ = |what: &str, seen: &dyn std::fmt::Debug, wanted: &dyn std::fmt::Debug| {
        wrong.push(format!("{} {what}: {seen:?} instead of {wanted:?}", group.name));
    };
    if column["type"] != group.standard.as_str() {
        differ("type", &column["type"], &group.standard.as_str());
    }
    for row in &answers.envelope {
        if row[0].as_deref().is_some_and(is_unsafe_number) {
            differ("digits", &row[0], &"a string");
        }
    }
    for (format, rows) in [
        ("json", &answers.envelope),
        ("ndjson", &answers.ndjson),
        ("csv", &answers.csv),
    ] {
        if rows.len() != expected.len() {
            differ(format, &rows.len(), &expected.len());
        }
        for ((seen, wanted), literal) in rows.iter().zip(expected).zip(&group.literals) {
            let fits = match (&seen[0], wanted) {
                (None, None) => true,
                (Some(seen), Some(wanted)) => is_same(group.standard, format, seen, wanted),
                // A JSON null that is stored looks like the absence of a value.
                (None, Some(wanted)) => group.standard == StandardType::Json && wanted == "null",
                (Some(_), None) => false,
            };
            if !fits {
                differ(&format!("{format} {literal}"), &seen[0], wanted);
            }
        }
    }
    Ok((
        column["nativeType"].as_str().unwrap_or_default().to_owned(),
        wrong,
    ))
}

fn is_same(standard: StandardType, format: &str, seen: &str, wanted: &str) -> bool {
    let seen = match standard {
        // Text that is no JSON is a string like any other text.
        StandardType::Json if is_json(wanted) => seen.to_owned(),
        _ if format == "csv" => seen.to_owned(),
        _ => unquoted(seen),
    };
    let seen = seen.as_str();
    match standard {
        // The shortest digits that read back as the same number; clients differ in how they write exponents.
        StandardType::Float => number::<f32>(seen).map(f32::to_bits) == number(wanted).map(f32::to_bits),
        StandardType::Double => number::<f64>(seen).map(f64::to_bits) == number(wanted).map(f64::to_bits),
        // A line is a row in NDJSON, so line breaks between tokens are spaces there; a reader of JSON sees neither.
        StandardType::Json | StandardType::Array | StandardType::Struct => {
            let wanted = match format {
                "ndjson" => wanted.replace(['\n', '\r'], " "),
                _ => wanted.to_owned(),
            };
            match format {
                "csv" => seen == wanted,
                _ => seen == wanted.trim(),
            }
        }
        _ => seen == wanted,
    }
}

/// Whether a reader that takes numerals for 64-bit floats would lose digits of this one.
fn is_unsafe_number(value: &str) -> bool {
    number::<i128>(value).is_some_and(|number| number.unsigned_abs() >= 1 << 53)
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
