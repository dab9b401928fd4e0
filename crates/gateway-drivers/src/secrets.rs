//! Secrets that are kept elsewhere: `env:NAME` and `file:/path` in place of the secret itself.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use gateway_core::{FieldProblem, Secret};

use crate::DriverError;
use crate::folders::{Folders, Unfound};

/// Longest secret in a file: a private key with its comments is smaller.
const MAX_BYTES: u64 = 64 << 10;

/// Whether secrets may be references, and to what.
///
/// Whoever may register a source decides where its secret is sent. So nothing can be referred to that is not listed here.
#[derive(Clone, Default)]
pub struct SecretPolicy(Option<Permitted>);

#[derive(Clone)]
struct Permitted {
    variables: BTreeMap<String, Secret>,
    folders: Folders,
}

/// How a secret is given.
enum Form<'a> {
    Itself(&'a str),
    Variable(&'a str),
    File(&'a Path),
}

impl SecretPolicy {
    /// Secrets are what they are: a text that looks like a reference is none.
    #[must_use]
    pub const fn literal() -> Self {
        Self(None)
    }

    /// Secrets may be references to these variables and to files in these folders. `plain:` before a text makes it the
    /// secret itself, whatever it looks like.
    #[must_use]
    pub const fn references(variables: BTreeMap<String, Secret>, folders: Vec<PathBuf>) -> Self {
        Self(Some(Permitted {
            variables,
            folders: Folders::new(folders),
        }))
    }

    /// The same, but these files are never read, in whatever folder and by whatever name: the gateway's own.
    #[must_use]
    pub fn except(mut self, files: Vec<PathBuf>) -> Self {
        if let Some(permitted) = &mut self.0 {
            permitted.folders.except(files);
        }
        self
    }

    /// What is wrong with the reference in `field`, as far as its text tells.
    #[must_use]
    pub fn problem(&self, field: &'static str, secret: &Secret) -> Option<FieldProblem> {
        let permitted = self.0.as_ref()?;
        let message = match form(secret.expose()) {
            Form::Itself(_) => return None,
            Form::Variable(name) if permitted.variables.contains_key(name) => return None,
            Form::Variable(_) => {
                "refers to a variable that is not set or not permitted (setting secrets.env); write plain:… if it is the \
                 secret itself"
            }
            Form::File(path) if permitted.folders.may_hold(path) => return None,
            Form::File(_) => {
                "refers to a file in a folder that is not permitted (setting secrets.folders); write plain:… if it is the \
                 secret itself"
            }
        };
        Some(FieldProblem {
            field,
            message: message.to_owned(),
        })
    }

    /// [`SecretPolicy::problem`] for what is stored in the open, and so must be a reference.
    #[must_use]
    pub fn problem_in_the_open(&self, field: &'static str, reference: &str) -> Option<FieldProblem> {
        let reference = Secret::new(reference);
        match form(reference.expose()) {
            Form::Itself(_) if self.0.is_some() => Some(FieldProblem {
                field,
                message: "must be file:/path or env:NAME: it is not stored sealed, so it must not be the secret itself"
                    .to_owned(),
            }),
            _ => self.problem(field, &reference),
        }
    }

    /// The secret behind `stored`, read now: a file that has changed counts from the next connection on.
    ///
    /// # Errors
    ///
    /// [`DriverError::Secret`] with the name of what was referred to if that is permitted, and never its content.
    pub(crate) async fn resolve(&self, stored: &Secret) -> Result<Secret, DriverError> {
        let Some(permitted) = &self.0 else {
            return Ok(stored.clone());
        };
        match form(stored.expose()) {
            Form::Itself(text) => Ok(Secret::new(text)),
            Form::Variable(name) => permitted
                .variables
                .get(name)
                .cloned()
                .ok_or_else(|| failure("env:…", "is not set or not permitted (setting secrets.env)")),
            Form::File(path) => {
                let refused =
                    |shown: &str| failure(shown, "is not in a permitted folder (setting secrets.folders)");
                if !permitted.folders.may_hold(path) {
                    return Err(refused("file:…"));
                }
                let shown = format!("file:{}", path.display());
                let (path, folders) = (path.to_owned(), permitted.folders.clone());
                match tokio::task::spawn_blocking(move || read(&path, &folders)).await {
                    Ok(Ok(secret)) => Ok(secret),
                    Ok(Err(Unread::Outside)) => Err(refused(&shown)),
                    Ok(Err(Unread::Because(why))) => Err(failure(&shown, why)),
                    Err(_) => Err(failure(&shown, "cannot be read")),
                }
            }
        }
    }
}

fn form(text: &str) -> Form<'_> {
    if let Some(name) = text.strip_prefix("env:") {
        return Form::Variable(name);
    }
    if let Some(path) = text.strip_prefix("file:") {
        return Form::File(Path::new(path));
    }
    Form::Itself(text.strip_prefix("plain:").unwrap_or(text))
}

enum Unread {
    Outside,
    Because(&'static str),
}

fn read(path: &Path, folders: &Folders) -> Result<Secret, Unread> {
    const UNREADABLE: Unread = Unread::Because("cannot be read");
    let real = folders.find(path).map_err(|unfound| match unfound {
        Unfound::Forbidden => Unread::Outside,
        Unfound::Missing(_) => UNREADABLE,
    })?;
    if !real.is_file() {
        return Err(UNREADABLE);
    }
    let file = std::fs::File::open(real).map_err(|_| UNREADABLE)?;
    let mut text = zeroize::Zeroizing::new(String::new());
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|_| UNREADABLE)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Unread::Because("is larger than a secret may be"));
    }
    // Editors and `echo` leave a line break that is no part of it.
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// What is not permitted may be no reference at all but a password that looks like one, so `shown` has not got it.
fn failure(shown: &str, problem: &'static str) -> DriverError {
    DriverError::Secret {
        reference: shown.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(folder: &Path) -> SecretPolicy {
        let variables = BTreeMap::from([("A".to_owned(), Secret::new("of a variable"))]);
        SecretPolicy::references(variables, vec![folder.to_owned()])
    }

    async fn resolved(policy: &SecretPolicy, text: &str) -> Result<String, String> {
        let resolved = policy.resolve(&Secret::new(text)).await;
        resolved
            .map(|secret| secret.expose().to_owned())
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn references_lead_to_what_is_permitted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let inside = root.join("inside");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(inside.join("one"), "of a file\r\n").unwrap();
        std::fs::write(inside.join("large"), vec![b'x'; 70_000]).unwrap();
        std::fs::write(root.join("other"), "hidden content").unwrap();
        std::os::unix::fs::symlink(root.join("other"), inside.join("link")).unwrap();
        let policy = policy(&inside);
        let at = |name: &str| format!("file:{}/{name}", inside.display());
        for (text, secret) in [
            ("as it is", "as it is"),
            ("env:A", "of a variable"),
            (&at("one"), "of a file"),
            ("plain:env:A", "env:A"),
            ("plain:plain:x", "plain:x"),
        ] {
            assert_eq!(resolved(&policy, text).await.as_deref(), Ok(secret), "{text}");
            assert_eq!(policy.problem("f", &Secret::new(text)), None, "{text}");
        }
        for (text, seen_at_once) in [
            ("env:B".to_owned(), true),
            (format!("file:{}/other", root.display()), true),
            (at("../other"), true),
            ("file:one".to_owned(), true),
            (at("link"), false),
            (at("missing"), false),
            (at("large"), false),
            (format!("file:{}", inside.display()), false),
        ] {
            let message = resolved(&policy, &text).await.unwrap_err();
            // What is not permitted may be a password that only looks like a reference.
            assert_eq!(message.contains(&text), !seen_at_once, "{message}");
            assert!(!message.contains("hidden"), "{message}");
            assert_eq!(
                policy.problem("f", &Secret::new(text.as_str())).is_some(),
                seen_at_once,
                "{text}"
            );
        }
        assert_eq!(
            resolved(&SecretPolicy::literal(), "env:A").await.as_deref(),
            Ok("env:A")
        );
    }
}
