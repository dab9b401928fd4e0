//! Where settings come from: a file, the environment over it, flags over both.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use figment::providers::{Format, Serialized, Toml, Yaml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile};

use super::Settings;
use super::faults::Faults;
use super::raw::Raw;
use super::reading::{self, insert};

/// Looked for in the working folder if no file is named.
const DEFAULT_FILE: &str = "nexus.toml";

const PREFIX: &str = "NEXUS_";

/// A setting given on the command line: the flag, the key, the value.
pub(crate) type Flag = (&'static str, &'static str, String);

/// Reads the settings. `NEXUS_SECTION__KEY` in `environment` overrides `section.key` of the file, and `flags` override both.
///
/// # Errors
///
/// If a file cannot be read; everything that is wrong with the settings, keys that are not known and values that are not
/// permitted, all at once.
pub(crate) fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[Flag],
) -> anyhow::Result<Settings> {
    let file = file_in_use(file);
    let in_file = file.as_deref().map(read_file).transpose()?.unwrap_or_default();
    let environment: Vec<_> = environment.into_iter().collect();
    let mut given = environment.clone();
    given.extend(
        flags
            .iter()
            .map(|(_, key, value)| (variable_of(key), value.clone())),
    );
    let over = from_environment(&given)?;
    let merged = Figment::from(Serialized::from(&in_file, Profile::Default))
        .merge(Serialized::from(over, Profile::Default))
        .extract::<Dict>()?;
    let mut faults = Faults::default();
    let raw: Raw = reading::read(&merged, &mut faults)?;
    let settings = Settings::check(raw, &environment, file.clone(), &mut faults);
    faults.into_result(|key| {
        let flag = flags.iter().find(|(_, known, _)| *known == key);
        flag.map(|(flag, ..)| (*flag).to_owned())
            .or_else(|| variable_in(&environment, key))
            .or_else(|| {
                file.as_ref()
                    .filter(|_| has(&in_file, key))
                    .map(|file| file.display().to_string())
            })
    })?;
    settings.context("the settings could not be put together")
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

fn read_file(file: &Path) -> anyhow::Result<Dict> {
    if !file.is_file() {
        bail!("there is no file {}", file.display());
    }
    let yaml = file
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    let figment = if yaml {
        Figment::from(Yaml::file_exact(file))
    } else {
        Figment::from(Toml::file_exact(file))
    };
    Ok(figment.extract()?)
}

/// The nested settings that the variables name. Variables without a double underscore are not ours.
fn from_environment(environment: &[(String, String)]) -> anyhow::Result<Dict> {
    let mut root = Dict::new();
    for (name, text) in environment {
        let Some(keys) = keys_of(name) else { continue };
        insert(&mut root, &keys, interpret(text))
            .with_context(|| format!("the environment variable {name} contradicts another"))?;
    }
    Ok(root)
}

fn keys_of(variable: &str) -> Option<Vec<String>> {
    let path = variable.strip_prefix(PREFIX).filter(|path| path.contains("__"))?;
    Some(path.split("__").map(str::to_lowercase).collect())
}

/// The variable that says something of `key`, which may be a section.
fn variable_in(environment: &[(String, String)], key: &str) -> Option<String> {
    let says = |name: &str| keys_of(name).is_some_and(|keys| is_at(&keys.join("."), key));
    environment
        .iter()
        .map(|(name, _)| name)
        .find(|name| says(name))
        .cloned()
}

/// Whether `path` is `key` or within it.
fn is_at(path: &str, key: &str) -> bool {
    path.strip_prefix(key)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn has(dict: &Dict, key: &str) -> bool {
    let mut within = Some(dict);
    let mut found = false;
    for part in key.split('.') {
        let value = within.and_then(|dict| dict.get(part));
        found = value.is_some();
        within = value.and_then(Value::as_dict);
    }
    found
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
        match load(Some(&path), environment(pairs), &[]) {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}").replace(&path.display().to_string(), "FILE"),
        }
    }

    #[test]
    fn the_environment_overrides_the_file_and_flags_override_both() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nexus.yaml");
        std::fs::write(&path, "server:\n  listen: 127.0.0.1:1\nquery:\n  timeout: 7s\n").unwrap();
        let pairs = environment(&[
            SECRET,
            ("NEXUS_SERVER__LISTEN", "127.0.0.1:2"),
            ("NEXUS_TEST_X", "1"),
        ]);
        let settings = load(Some(&path), pairs.clone(), &[]).unwrap();
        assert_eq!(settings.server.listen.port(), 2);
        assert_eq!(settings.query.max_timeout.as_secs(), 7);
        let flag = ("--listen", "server.listen", "127.0.0.1:3".to_owned());
        let settings = load(Some(&path), pairs, &[flag]).unwrap();
        assert_eq!(settings.server.listen.port(), 3);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let message = error_of("[server]\nlsten = \"127.0.0.1:1\"\n", &[SECRET]);
        assert_eq!(
            message,
            "unknown setting server.lsten; did you mean server.listen? (FILE)"
        );
        let message = error_of("", &[SECRET, ("NEXUS_QUERY__MAXROWS", "5")]);
        assert_eq!(
            message,
            "unknown setting query.maxrows; did you mean query.max_rows? (NEXUS_QUERY__MAXROWS)"
        );
    }

    #[test]
    fn all_faults_are_told_at_once_each_with_where_it_comes_from() {
        let file = "[server]\nlsten = \"127.0.0.1:1\"\nworkers = 0\n[log]\nlevel = \"loud\"\nformat = 7\n\
                    [query]\ntimeout = \"soon\"\n[sevrer]\n[fetch]\nper_caller = 0\n";
        let message = error_of(file, &[SECRET, ("NEXUS_LIMITS__BURST", "0")]);
        for part in [
            "8 faults\n",
            "\n  - unknown setting server.lsten; did you mean server.listen? (FILE)",
            "\n  - unknown setting sevrer; did you mean server? (FILE)",
            "\n  - server.workers must be between 1 and 512 (FILE)",
            "\n  - log.level must be error, warn, info or debug, not \"loud\" (FILE)",
            "\n  - log.format: ",
            "\n  - query.timeout: ",
            "\n  - fetch.per_caller must be above 0 (FILE)",
            "\n  - limits.burst must be above 0; to switch the limit off set limits.rate = 0 (NEXUS_LIMITS__BURST)",
        ] {
            assert!(message.contains(part), "{part:?} is not in {message}");
        }
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
