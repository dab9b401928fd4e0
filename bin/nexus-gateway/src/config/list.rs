//! Lists, which the environment can only give as one text with commas.

use serde::Deserialize;
use serde::de::Deserializer;

use super::schema::written_as;

written_as!(
    /// What [`deserialize`] reads.
    Written,
    {"type": ["array", "string"], "items": {"type": "string"}}
);

/// For `#[serde(deserialize_with)]`.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::List(list) => list,
        Written::Text(text) => text
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
    })
}

/// The same for a list that can be left out.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    deserialize(deserializer).map(Some)
}
