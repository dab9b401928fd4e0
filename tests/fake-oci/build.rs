//! Compiles the client: a shared library of its own, which nothing here links to.

use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=client");
    let (Some(rustc), Some(target), Some(folder)) = (
        env::var_os("RUSTC"),
        env::var_os("TARGET"),
        env::var_os("OUT_DIR"),
    ) else {
        return Err(io::Error::other("runs under cargo only"));
    };
    let mut command = Command::new(rustc);
    command
        .args([
            "--crate-name=clntsh",
            "--crate-type=cdylib",
            "--edition=2024",
            "--target",
        ])
        .arg(target)
        .args(["-Cpanic=abort", "-o"])
        .arg(PathBuf::from(folder).join("libclntsh.so"))
        .arg("client/lib.rs");
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        command.arg("-C").arg({
            let mut option = std::ffi::OsString::from("linker=");
            option.push(linker);
            option
        });
    }
    let status = command.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("rustc ended with {status}")))
    }
}
