//! The keys that seal credentials.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub(crate) const KEY_BYTES: usize = 32;
const MAX_ID_CHARS: usize = 64;

/// One or more keys, each with an identifier. The last one seals; all of them open, so that a new key can be added while
/// what older ones sealed is still there.
///
/// In text, each line is `identifier:key`, the key being the base64 form of 32 random bytes; empty lines and lines that
/// begin with `#` are skipped, and a comma may stand for a line's end (for environment variables). Identifiers are 1 to 64
/// characters of `A-Z a-z 0-9 . _ -`. `Debug` shows the identifiers only.
///
/// ```
/// use gateway_store::KeyRing;
/// let ring = KeyRing::generate()?;
/// let again = KeyRing::from_text(&ring.to_text())?;
/// assert_eq!(ring.sealing_key_id(), again.sealing_key_id());
/// # Ok::<(), gateway_store::KeyRingError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    /// Never empty.
    keys: Vec<Key>,
    /// The file it was read from, where newer keys may be found later.
    origin: Option<PathBuf>,
}

#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) bytes: Zeroizing<[u8; KEY_BYTES]>,
}

/// Why a key ring cannot be had. No message quotes a line of it.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// It holds no key.
    #[error("the key ring holds no key")]
    Empty,
    /// A line is not `identifier:key`.
    #[error("line {line} of the key ring: {reason}")]
    Malformed {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// Everybody on the machine may read or change the file.
    #[error(
        "the key ring {path} is open to every account of this machine (mode {mode:03o}); run: chmod 600 {path}"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file is there already.
    #[error("the key ring {path} exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("the key ring {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Somebody else is changing it.
    #[error("another process is changing the key ring {path}")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

impl KeyRing {
    /// A ring with one new key.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::NoRandomness`].
    pub fn generate() -> Result<Self, KeyRingError> {
        Ok(Self {
            keys: vec![new_key()?],
            origin: None,
        })
    }

    /// This ring with one new key, which seals from here on.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::NoRandomness`].
    pub fn with_new_key(&self) -> Result<Self, KeyRingError> {
        let mut ring = self.clone();
        ring.keys.push(new_key()?);
        Ok(ring)
    }

    /// The ring with the key that seals and no other.
    #[must_use]
    pub fn newest_only(&self) -> Self {
        Self {
            keys: self.keys.last().cloned().into_iter().collect(),
            origin: self.origin.clone(),
        }
    }

    /// The file it was read from.
    #[must_use]
    pub fn origin(&self) -> Option<&Path> {
        self.origin.as_deref()
    }

    /// Reads the text form, for example from an environment variable.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::Empty`] or [`KeyRingError::Malformed`].
    pub fn from_text(text: &str) -> Result<Self, KeyRingError> {
        let mut keys: Vec<Key> = Vec::new();
        for (index, line) in text.split(['\n', ',']).enumerate() {
            let line_number = index + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = parse_key(line).map_err(|reason| KeyRingError::Malformed {
                line: line_number,
                reason,
            })?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(KeyRingError::Malformed {
                    line: line_number,
                    reason: "its identifier occurs twice",
                });
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeyRingError::Empty);
        }
        Ok(Self { keys, origin: None })
    }

    /// The text form. Handle it like a password.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for key in &self.keys {
            let encoded = Zeroizing::new(STANDARD.encode(key.bytes.as_ref()));
            text.push_str(&key.id);
            text.push(':');
            text.push_str(&encoded);
            text.push('\n');
        }
        text
    }

    /// Reads a file in the text form. A file that accounts beyond its owner and group may read is refused; the group is
    /// allowed because that is how orchestrators hand secrets to a process.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::Exposed`], [`KeyRingError::File`], or as [`KeyRing::from_text`].
    pub fn load_file(path: &Path) -> Result<Self, KeyRingError> {
        let failed = |error| file_failed(path, error);
        let file = File::open(path).map_err(failed)?;
        refuse_exposed(path, &file.metadata().map_err(failed)?)?;
        let text = Zeroizing::new(io::read_to_string(file).map_err(failed)?);
        Ok(Self {
            origin: Some(path.to_owned()),
            ..Self::from_text(&text)?
        })
    }

    /// Makes a ring with one new key and writes it to a new file that only its owner may read. The file appears whole or
    /// not at all, and an existing one is never replaced: its loss would be the loss of every stored password.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::Exists`] or [`KeyRingError::File`].
    pub fn generate_file(path: &Path) -> Result<Self, KeyRingError> {
        let ring = Self {
            origin: Some(path.to_owned()),
            ..Self::generate()?
        };
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyRingError::Exists {
                path: path.to_owned(),
            },
            _ => file_failed(path, error),
        };
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", ring.sealing_key_id()));
        let draft = PathBuf::from(draft);
        let written = write_private(&draft, &ring.to_text()).and_then(|()| fs::hard_link(&draft, path));
        let removed = fs::remove_file(&draft);
        written.and(removed).map_err(failed)?;
        Ok(ring)
    }

    /// The identifier of the key that seals.
    #[must_use]
    pub fn sealing_key_id(&self) -> &str {
        self.keys.last().map_or("", |key| key.id.as_str())
    }

    /// The identifiers of all keys, the sealing one last.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    pub(crate) fn sealing_key(&self) -> Option<&Key> {
        self.keys.last()
    }

    pub(crate) fn key(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyRing")
            .field(&self.key_ids().collect::<Vec<_>>())
            .finish()
    }
}

fn new_key() -> Result<Key, KeyRingError> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    let mut id = [0; 4];
    getrandom::fill(bytes.as_mut()).map_err(|_| KeyRingError::NoRandomness)?;
    getrandom::fill(&mut id).map_err(|_| KeyRingError::NoRandomness)?;
    let id = format!("k{:08x}", u32::from_be_bytes(id));
    Ok(Key { id, bytes })
}

pub(crate) fn file_failed(path: &Path, error: io::Error) -> KeyRingError {
    KeyRingError::File {
        path: path.to_owned(),
        error,
    }
}

fn parse_key(line: &str) -> Result<Key, &'static str> {
    let (id, encoded) = line
        .split_once(':')
        .ok_or("it is not of the form identifier:key")?;
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if id.is_empty() || id.len() > MAX_ID_CHARS || !id.chars().all(is_allowed) {
        return Err("an identifier is 1 to 64 characters of A-Z a-z 0-9 . _ -");
    }
    let decoded = Zeroizing::new(
        STANDARD
            .decode(encoded.trim())
            .map_err(|_| "the key is not base64")?,
    );
    let bytes: [u8; KEY_BYTES] = decoded
        .as_slice()
        .try_into()
        .map_err(|_| "a key is the base64 form of exactly 32 bytes")?;
    Ok(Key {
        id: id.to_owned(),
        bytes: Zeroizing::new(bytes),
    })
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyRingError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o007 == 0 {
        return Ok(());
    }
    Err(KeyRingError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), KeyRingError> {
    Ok(())
}

pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
