//! Puts an empty `libclntsh.a` where the linker looks, so that sibyl's `-lclntsh` is met without Oracle's library.
//!
//! The functions themselves come from `src/functions.rs`. An archive leaves no trace in the program: there is no `DT_NEEDED`
//! for the client, so that the program starts without it.

use std::path::PathBuf;
use std::{env, fs, io};

/// What a Unix archive without members consists of.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(folder.join("libclntsh.a"), EMPTY_ARCHIVE)?;
    println!("cargo::rustc-link-search=native={}", folder.display());
    Ok(())
}
