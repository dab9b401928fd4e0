//! Everything that is wrong with the settings, told at once.

use std::collections::BTreeSet;
use std::fmt;

/// What was found wrong so far.
///
/// A check notes what is wrong and goes on with something usable in its place, so that the next fault is found, too; what it
/// returns is used only if there was none.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<Fault>,
    /// Sections with a key that was not understood: what seems to be missing there may be what that key was meant for.
    misread: BTreeSet<String>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    /// `section.key`, or a section.
    key: String,
    /// What is wrong and what would be right, the key included.
    text: String,
}

impl Faults {
    /// Notes a fault at `key`; `text` says all of it.
    pub(super) fn add(&mut self, key: &str, text: impl Into<String>) {
        let fault = Fault {
            key: key.to_owned(),
            text: text.into(),
        };
        if !self.found.contains(&fault) {
            self.found.push(fault);
        }
    }

    /// [`Faults::add`] for a key that could not be read at all.
    pub(super) fn add_misread(&mut self, key: &str, text: impl Into<String>) {
        self.misread.insert(section(key).to_owned());
        self.add(key, text);
    }

    /// [`Faults::add`] for something that is not there, unless a key that was not understood may have been meant for it.
    pub(super) fn add_missing(&mut self, key: &str, text: impl Into<String>) {
        if !self.misread.contains(section(key)) {
            self.add(key, text);
        }
    }

    /// Notes a fault unless `holds`; `rule` goes on after the key: `must be above 0`.
    pub(super) fn require(&mut self, holds: bool, key: &str, rule: impl fmt::Display) {
        if !holds {
            self.add(key, format!("{key} {rule}"));
        }
    }

    /// The value of `outcome`, or its error noted at `key`.
    pub(super) fn take_at<T>(&mut self, key: &str, outcome: Result<T, impl fmt::Display>) -> Option<T> {
        outcome
            .map_err(|error| self.add(key, format!("{key}: {error:#}")))
            .ok()
    }

    /// [`Faults::take_at`] for an error that names its key itself.
    pub(crate) fn take<T>(&mut self, outcome: anyhow::Result<T>) -> Option<T> {
        outcome.map_err(|error| self.add("", format!("{error:#}"))).ok()
    }

    /// The one of `choices` that has the name `written`.
    pub(super) fn choose<T: Copy, const N: usize>(
        &mut self,
        key: &str,
        written: &str,
        choices: [(&str, T); N],
    ) -> T {
        const { assert!(N > 1, "one choice is none") };
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == written) {
            return *choice;
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let (last, others) = (names[N - 1], names[..N - 1].join(", "));
        self.require(
            false,
            key,
            format_args!("must be {others} or {last}, not {written:?}"),
        );
        choices[0].1
    }

    /// An error that tells all of it, each with where its value comes from according to `origin`; nothing if there is none.
    ///
    /// # Errors
    ///
    /// If anything was found.
    pub(crate) fn into_result(self, origin: impl Fn(&str) -> Option<String>) -> Result<(), UnusableSettings> {
        if self.found.is_empty() {
            return Ok(());
        }
        let told = self.found.into_iter().map(|fault| match origin(&fault.key) {
            Some(origin) => format!("{} ({origin})", fault.text),
            None => fault.text,
        });
        Err(UnusableSettings(told.collect()))
    }
}

fn section(key: &str) -> &str {
    key.split_once('.').map_or(key, |(section, _)| section)
}

/// What is wrong with the settings, fault by fault.
#[derive(Debug)]
pub(crate) struct UnusableSettings(Vec<String>);

impl fmt::Display for UnusableSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return f.write_str(only);
        }
        write!(f, "{} faults", self.0.len())?;
        self.0.iter().try_for_each(|text| write!(f, "\n  - {text}"))
    }
}

impl std::error::Error for UnusableSettings {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_once_with_its_origin() {
        let mut faults = Faults::default();
        faults.require(false, "a.b", "must be above 0");
        faults.require(false, "a.b", "must be above 0");
        faults.require(true, "a.c", "must be above 0");
        assert_eq!(faults.choose("a.d", "z", [("x", 1), ("y", 2)]), 1);
        assert_eq!(faults.choose("a.d", "y", [("x", 1), ("y", 2)]), 2);
        let told = faults.into_result(|key| (key == "a.d").then(|| "here".to_owned()));
        assert_eq!(
            told.unwrap_err().to_string(),
            "2 faults\n  - a.b must be above 0\n  - a.d must be x or y, not \"z\" (here)"
        );
    }

    #[test]
    fn what_a_misspelt_key_was_meant_for_is_not_called_missing() {
        let mut faults = Faults::default();
        faults.add_misread("auth.jwt.secrt", "unknown setting auth.jwt.secrt");
        faults.add_missing("auth.jwt", "no way to authenticate callers");
        faults.add_missing("store.keyring", "no keys");
        assert_eq!(faults.found.len(), 2);
    }
}
