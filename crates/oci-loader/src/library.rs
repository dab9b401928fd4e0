//! Finding the library, and loading it.

#![expect(unsafe_code, reason = "loads a foreign library and asks it for its version")]

use std::ffi::{OsStr, c_int};
use std::fs;
use std::path::{Path, PathBuf};

use libloading::Library;

use crate::error::{Attempt, LoadError};
use crate::functions;
use crate::version::Version;

/// The names that the library goes by: the one for development, which not every package has, then those of the releases.
const NAMES: [&str; 4] = [
    "libclntsh.so",
    "libclntsh.so.23.1",
    "libclntsh.so.21.1",
    "libclntsh.so.19.1",
];

/// What the names of the libraries begin with that come along with the client and that it needs.
const COMPANIONS: [&str; 6] = [
    "libclntshcore.so",
    "libipc1.so",
    "libmql1.so",
    "libnnz",
    "libociei.so",
    "libociicus.so",
];

/// A client library in use.
#[derive(Debug)]
pub struct Client {
    version: Version,
    file: PathBuf,
    /// Kept, so that what the table points to stays. Never read.
    _library: Library,
    _companions: Vec<Library>,
}

impl Client {
    /// The library's own version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The file that was loaded, under the name it was asked for: without a folder, unless one was given.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }
}

/// Loads the first of the names that can be loaded, and binds the functions to it.
pub(crate) fn open(folder: Option<&Path>) -> Result<Client, LoadError> {
    // The loader looks for what a library needs in its own places, not beside it; but it takes what has been loaded before.
    let companions = folder.map(load_companions).unwrap_or_default();
    let mut attempts = Vec::new();
    for name in NAMES {
        let file = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        let library = match load(&file) {
            Ok(library) => library,
            Err(error) => {
                attempts.push(Attempt {
                    file,
                    reason: error.to_string(),
                });
                continue;
            }
        };
        let version = version_of(&library, &file)?;
        functions::bind(&library, &file)?;
        return Ok(Client {
            version,
            file,
            _library: library,
            _companions: companions,
        });
    }
    Err(LoadError::NotFound {
        folder: folder.map(Path::to_owned),
        attempts,
    })
}

/// Loads the companions that are in `folder`, in whatever order works. One that cannot be loaded is left to the library
/// itself, whose failure says more.
fn load_companions(folder: &Path) -> Vec<Library> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut waiting: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| is_companion(&entry.file_name()))
        .map(|entry| entry.path())
        .collect();
    waiting.sort();
    let mut loaded = Vec::new();
    loop {
        let before = waiting.len();
        waiting.retain(|file| match load(file) {
            Ok(library) => {
                loaded.push(library);
                false
            }
            Err(_) => true,
        });
        if waiting.is_empty() || waiting.len() == before {
            return loaded;
        }
    }
}

fn is_companion(name: &OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| name.contains(".so") && COMPANIONS.iter().any(|prefix| name.starts_with(prefix)))
}

fn load(file: &Path) -> Result<Library, libloading::Error> {
    // SAFETY: the library's initialisers run. They are Oracle's, from a place that the operator chose, and are made to be
    // loaded into a running program.
    unsafe { Library::new(file) }
}

fn version_of(library: &Library, file: &Path) -> Result<Version, LoadError> {
    const NAME: &str = "OCIClientVersion";
    type ClientVersion =
        unsafe extern "C" fn(*mut c_int, *mut c_int, *mut c_int, *mut c_int, *mut c_int) -> c_int;
    // SAFETY: the type is that of Oracle's header oci.h.
    let function = unsafe { library.get::<ClientVersion>(NAME.as_bytes()) }.map_err(|_| {
        LoadError::FunctionsMissing {
            file: file.to_owned(),
            functions: vec![NAME],
        }
    })?;
    let mut parts = [0; 5];
    let [release, update, revision, increment, extension] = &mut parts;
    // SAFETY: five pointers to integers that live beyond the call, and nothing else is asked for.
    unsafe { function(release, update, revision, increment, extension) };
    Ok(Version(parts))
}
