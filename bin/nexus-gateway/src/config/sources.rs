//! Where settings come from: a file, then the environment over it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use figment::providers::{Format, Serialized, Toml, Yaml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile};

use super::Settings;
use super::raw::Raw;

/// Looked for in the working folder if no file is named.
const DEFAULT_FILE: &str = "nexus.toml";

const PREFIX: &str = "NEXUS_";

/// Reads the settings. `NEXUS_SECTION__KEY` in `environment` overrides `section.key` of the file.
///
/// # Errors
///
/// If a file cannot be read, a key is unknown, or a value is not permitted.
pub(crate) fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> anyhow::Result<Settings> {
    let mut figment = Figment::new();
    let file = file_in_use(file);
    if let Some(file) = &file {
        if !file.is_file() {
            bail!("there is no file {}", file.display());
        }
        figment = merge_file(figment, file);
    }
    let environment: Vec<_> = environment.into_iter().collect();
    figment = figment.merge(Serialized::from(
        from_environment(&environment)?,
        Profile::Default,
    ));
    let raw: Raw = figment.extract().map_err(explain)?;
    Settings::check(raw, &environment, file)
}

/// The variable that sets `section.key`.
pub(crate) fn variable_of(key: &str) -> String {
    PREFIX.to_owned() + &key.replace('.', "__").to_uppercase()
}

/// The file that [`load`] reads: the one named, or the usual one if it is there.
pub(crate) fn file_in_use(named: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.is_file());
    named.map(Path::to_path_buf).or_else(usual)
}

fn merge_file(figment: Figment, file: &Path) -> Figment {
    let yaml = file
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    if yaml {
        figment.merge(Yaml::file_exact(file))
    } else {
        figment.merge(Toml::file_exact(file))
    }
}

/// The nested settings that the variables name. Variables without a double underscore are not ours.
fn from_environment(environment: &[(String, String)]) -> anyhow::Result<Dict> {
    let mut root = Dict::new();
    for (name, text) in environment {
        let Some(path) = name.strip_prefix(PREFIX).filter(|path| path.contains("__")) else {
            continue;
        };
        let keys: Vec<String> = path.split("__").map(str::to_lowercase).collect();
        insert(&mut root, &keys, interpret(text))
            .with_context(|| format!("the environment variable {name} contradicts another"))?;
    }
    Ok(root)
}

fn insert(into: &mut Dict, keys: &[String], value: Value) -> anyhow::Result<()> {
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

/// A variable's text as the boolean or number that it looks like.
fn interpret(text: &str) -> Value {
    if let Ok(flag) = text.parse::<bool>() {
        return Value::from(flag);
    }
    match text.parse::<u64>() {
        Ok(number) => Value::from(number),
        Err(_) => Value::from(text),
    }
}

/// An unknown key gets the nearest known one named.
fn explain(error: figment::Error) -> anyhow::Error {
    let figment::error::Kind::UnknownField(unknown, known) = &error.kind else {
        return anyhow::Error::msg(error.to_string());
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
        Some((_, key)) => anyhow::anyhow!("unknown setting {section}{unknown}; did you mean {section}{key}?"),
        None => anyhow::anyhow!(
            "unknown setting {section}{unknown}; known here are {}",
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    const SECRET: (&str, &str) = ("NEXUS_AUTH__JWT__SECRET", "0123456789abcdef0123456789abcdef");

    fn error_of(file: &str, pairs: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nexus.toml");
        std::fs::write(&path, file).unwrap();
        match load(Some(&path), environment(pairs)) {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nexus.yaml");
        std::fs::write(&path, "server:\n  listen: 127.0.0.1:1\nquery:\n  timeout: 7s\n").unwrap();
        let pairs = environment(&[
            SECRET,
            ("NEXUS_SERVER__LISTEN", "127.0.0.1:2"),
            ("NEXUS_TEST_X", "1"),
        ]);
        let settings = load(Some(&path), pairs).unwrap();
        assert_eq!(settings.server.listen.port(), 2);
        assert_eq!(settings.query.max_timeout.as_secs(), 7);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let message = error_of("[server]\nlsten = \"127.0.0.1:1\"\n", &[SECRET]);
        assert_eq!(
            message,
            "unknown setting server.lsten; did you mean server.listen?"
        );
        let message = error_of("", &[SECRET, ("NEXUS_QUERY__MAXROWS", "5")]);
        assert_eq!(
            message,
            "unknown setting query.maxrows; did you mean query.max_rows?"
        );
    }

    #[test]
    fn unusable_values_say_what_would_be_right() {
        for (file, pairs, part) in [
            ("", &[][..], "no way to authenticate callers"),
            ("[auth.jwt]\nsecret = \"short\"", &[], "at least 32 bytes"),
            (
                "[auth]\nenabled = false\n[server]\nlisten = \"0.0.0.0:1\"",
                &[],
                "loopback",
            ),
            (
                "[store]\nurl = \"mysql://u:secretpw@h/d\"",
                &[SECRET],
                "keys generate",
            ),
            ("[query]\ntimeout = \"soon\"", &[SECRET], "not a duration"),
            ("[log]\nlevel = \"loud\"", &[SECRET], "log.level must be"),
        ] {
            let message = error_of(file, pairs);
            assert!(message.contains(part), "{file:?} gave {message:?}");
            assert!(!message.contains("secretpw"));
        }
    }
}
