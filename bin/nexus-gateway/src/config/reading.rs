//! From what was written to settings of the right shape, key by key, so that each that does not fit is told.

use anyhow::bail;
use figment::providers::Serialized;
use figment::value::{Dict, Value};
use figment::{Figment, Profile};

use super::faults::Faults;
use super::raw::Raw;

/// Reads what fits of `written`, and notes the rest as faults.
///
/// # Errors
///
/// If what fits one by one does not fit together, which cannot be.
pub(super) fn read(written: &Dict, faults: &mut Faults) -> anyhow::Result<Raw> {
    let mut fitting = Dict::new();
    let mut each = Vec::new();
    leaves(&mut Vec::new(), written, &mut each);
    for (path, value) in each {
        let mut alone = Dict::new();
        insert(&mut alone, &path, value.clone())?;
        match extract(alone) {
            Ok(_) => insert(&mut fitting, &path, value)?,
            Err(error) => {
                for error in *error {
                    let key = path.join(".");
                    faults.add_misread(&key, explain(&error, &key));
                }
            }
        }
    }
    Ok(extract(fitting)?)
}

/// Every setting is optional, so one alone can be read as if it were all of them.
fn extract(settings: Dict) -> Result<Raw, Box<figment::Error>> {
    let figment = Figment::from(Serialized::from(settings, Profile::Default));
    figment.extract().map_err(Box::new)
}

/// The values in `dict` and where they are. A section without anything in it counts as one: its name may be wrong.
fn leaves(at: &mut Vec<String>, dict: &Dict, found: &mut Vec<(Vec<String>, Value)>) {
    for (key, value) in dict {
        at.push(key.clone());
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => leaves(at, inner, found),
            _ => found.push((at.clone(), value.clone())),
        }
        at.pop();
    }
}

/// Puts a value where `keys` lead to.
pub(super) fn insert(into: &mut Dict, keys: &[String], value: Value) -> anyhow::Result<()> {
    match keys {
        [] => Ok(()),
        [last] => {
            into.insert(last.clone(), value);
            Ok(())
        }
        [first, rest @ ..] => {
            let entry = into
                .entry(first.clone())
                .or_insert_with(|| Value::from(Dict::new()));
            match entry {
                Value::Dict(_, inner) => insert(inner, rest, value),
                _ => bail!("{first} is both a value and a section"),
            }
        }
    }
}

/// An unknown key gets the nearest known one named.
fn explain(error: &figment::Error, key: &str) -> String {
    let figment::error::Kind::UnknownField(unknown, known) = &error.kind else {
        return format!("{key}: {}", error.kind);
    };
    // The path may end in the unknown key itself.
    let sections = error
        .path
        .strip_suffix(std::slice::from_ref(unknown))
        .unwrap_or(&error.path);
    let section: String = sections.iter().map(|key| format!("{key}.")).collect();
    let nearest = known
        .iter()
        .map(|key| (strsim::damerau_levenshtein(unknown, key), key))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match nearest {
        Some((_, key)) => format!("unknown setting {section}{unknown}; did you mean {section}{key}?"),
        None => format!(
            "unknown setting {section}{unknown}; known here are {}",
            known.join(", ")
        ),
    }
}
