//! Without a client library the program starts, says what is missing, and OCI refuses instead of crashing.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use oci_loader::{LoadError, load};

#[test]
fn a_program_needs_no_client_to_start() {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    assert!(maps.contains("libc.so"), "{maps}");
    assert!(
        !maps.contains("libclntsh"),
        "the dynamic linker brought the client along:\n{maps}"
    );
}

#[test]
fn sibyl_gets_an_error() {
    let Err(error) = sibyl::env() else {
        panic!("an environment without a client");
    };
    assert_eq!(error.to_string(), "Cannot create OCI environment");
    assert_eq!(sibyl::client_version(), (0, 0, 0, 0, 0));
}

#[test]
fn an_empty_folder_is_told_with_what_was_sought_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = load(Some(folder.path())).unwrap_err();
    let LoadError::NotFound {
        folder: told,
        attempts,
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(told.as_deref(), Some(folder.path()));
    let names: Vec<_> = attempts
        .iter()
        .map(|attempt| attempt.file.strip_prefix(folder.path()).unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "libclntsh.so",
            "libclntsh.so.23.1",
            "libclntsh.so.21.1",
            "libclntsh.so.19.1"
        ]
        .map(Path::new)
    );
    let text = error.to_string();
    for part in [
        &*folder.path().join("libclntsh.so.19.1").to_string_lossy(),
        "cannot open shared object file",
        "Oracle Instant Client",
        "oracle-instantclient-basic",
        "LD_LIBRARY_PATH",
    ] {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

#[test]
fn what_is_no_library_is_told_in_the_loaders_words() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("libclntsh.so"), [b'x'; 4096]).unwrap();
    let text = load(Some(folder.path())).unwrap_err().to_string();
    assert!(text.contains("invalid ELF header"), "{text}");
}

#[test]
fn a_library_without_the_functions_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    compile(
        folder.path(),
        "libclntsh.so",
        "int OCIClientVersion(void) { return 0; }",
        &[],
    );
    let error = load(Some(folder.path())).unwrap_err();
    let LoadError::FunctionsMissing { functions, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(functions.contains(&"OCIStmtFetch2") && !functions.contains(&"OCIClientVersion"));
    assert!(error.to_string().contains("OCIStmtFetch2"), "{error}");
    assert!(sibyl::env().is_err(), "half of a client is in use");
}

#[test]
fn what_the_library_needs_is_found_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let client = "int nnz(void); int OCIClientVersion(void) { return nnz(); }";
    compile(folder.path(), "libnnz99.so", "int nnz(void) { return 0; }", &[]);
    compile(folder.path(), "libclntsh.so", client, &["-L.", "-lnnz99"]);
    // Both are found, or else there would be no talk of functions.
    let error = load(Some(folder.path())).unwrap_err();
    assert!(matches!(error, LoadError::FunctionsMissing { .. }), "{error}");

    // In a process of its own, for this one has the library loaded by now.
    let alone = tempfile::tempdir().unwrap();
    symlink(
        folder.path().join("libclntsh.so"),
        alone.path().join("libclntsh.so"),
    )
    .unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "says_why", "--ignored", "--nocapture"])
        .env("OCI_LOADER_TEST_FOLDER", alone.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("libnnz99.so: cannot open shared object file"),
        "{said}"
    );
}

#[test]
#[ignore = "run by another test, in a process of its own"]
fn says_why() {
    let folder = env::var_os("OCI_LOADER_TEST_FOLDER").unwrap();
    println!("{}", load(Some(Path::new(&folder))).unwrap_err());
}

/// Makes a shared library of C code.
fn compile(folder: &Path, name: &str, code: &str, options: &[&str]) {
    fs::write(folder.join("code.c"), code).unwrap();
    let status = Command::new("cc")
        .current_dir(folder)
        .args([
            "-shared",
            "-fPIC",
            &format!("-Wl,-soname,{name}"),
            "-o",
            name,
            "code.c",
        ])
        .args(options)
        .status()
        .unwrap();
    assert!(status.success(), "cc ended with {status}");
}
