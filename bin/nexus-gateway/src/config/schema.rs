//! What may be written, as a JSON Schema: its structure from the types that read it, its words from the settings' page.

use std::collections::HashMap;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::raw::Raw;

/// Every setting's row: key, default, effect.
const PAGE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/configuration.md"
));

/// Makes a type that stands for a form of writing.
macro_rules! written_as {
    ($(#[$what:meta])* $name:ident, $schema:tt) => {
        $(#[$what])*
        pub(super) struct $name;

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

pub(super) use written_as;

/// The names that a table of choices has.
pub(super) fn names_of<T, const N: usize>(choices: [(&'static str, T); N]) -> [&'static str; N] {
    choices.map(|(name, _)| name)
}

/// A text that is one of `names`.
pub(super) fn one_of<const N: usize>(names: [&'static str; N]) -> Value {
    json!({"type": "string", "enum": names.as_slice()})
}

/// The schema of a settings file, in the draft that editors understand. It says what a key is and what it may be; which values
/// go together, only a check can tell.
pub(crate) fn schema() -> Schema {
    schema_of::<Raw>()
}

fn schema_of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(without_absence));
    let mut schema = settings
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<T>();
    schema.insert("title".to_owned(), "Settings of Nexus Gateway".into());
    schema.remove("description");
    if let Some(Value::Object(sections)) = schema.get_mut("properties") {
        describe(sections, "", &effects());
    }
    schema
}

/// A setting without a value is left away: nothing is ever null, and no default is. Formats are names of Rust's types.
fn without_absence(schema: &mut Schema) {
    schema.remove("default");
    schema.remove("format");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
}

/// Puts each key's words beside it. A section has none, but the words of the type that reads it are of no use either.
fn describe(keys: &mut Map<String, Value>, section: &str, effects: &HashMap<&str, String>) {
    for (key, schema) in keys {
        let name = format!("{section}{key}");
        let Value::Object(schema) = schema else { continue };
        schema.remove("description");
        if let Some(effect) = effects.get(name.as_str()) {
            schema.insert("description".to_owned(), effect.as_str().into());
        }
        if let Some(Value::Object(within)) = schema.get_mut("properties") {
            describe(within, &format!("{name}."), effects);
        }
    }
}

/// What the page says of each setting: its effect and its default.
fn effects() -> HashMap<&'static str, String> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| {
        let (key, rest) = row.split_once("` | ")?;
        let (default, effect) = rest.split_once("| ")?;
        let effect = without_links(effect.trim_end_matches([' ', '|']));
        Some(match default.trim() {
            "" => (key, effect),
            default => (key, format!("{effect}. Default: {default}")),
        })
    })
    .collect()
}

/// Links lead to pages that are not there where the schema is.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, target)) = rest.split_once("](") {
        let (Some((words_before, words)), Some((_, after))) =
            (before.rsplit_once('['), target.split_once(')'))
        else {
            break;
        };
        plain.push_str(words_before);
        plain.push_str(words);
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of `schema` that hold a value, each with its schema.
    fn leaves(at: &str, schema: &Value, found: &mut Vec<(String, Value)>) {
        for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
            let name = format!("{at}{key}");
            if schema["type"] == "object" {
                assert_eq!(schema["additionalProperties"], false, "{name}");
                leaves(&format!("{name}."), schema, found);
            } else {
                found.push((name, schema.clone()));
            }
        }
    }

    #[test]
    fn every_setting_is_there_once_with_its_words() {
        let schema = schema().to_value();
        assert_eq!(schema["additionalProperties"], false);
        let mut found = Vec::new();
        leaves("", &schema, &mut found);
        let mut page: Vec<_> = effects().into_keys().collect();
        page.sort_unstable();
        let mut keys: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, page);
        for (name, schema) in &found {
            let words = schema["description"].as_str().unwrap_or_default();
            assert!(!words.is_empty() && !words.contains("]("), "{name}: {words}");
            assert!(
                schema["type"] != "null" && !schema.to_string().contains("null"),
                "{schema}"
            );
        }
    }

    #[test]
    fn links_leave_their_words() {
        assert_eq!(
            without_links("see [a page](x.md#y), `[1]` and [b](z)"),
            "see a page, `[1]` and b"
        );
    }
}
