//! MySQL's server program: Debian's stable release has none, its `sid` suite has.
//!
//! The packages of `sid` are never installed. They are unpacked, with everything they need down to the C library, into
//! a private folder, and the server runs through that folder's own loader. Neither step needs root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{self, say};
use crate::{interrupt, paths};

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Written last into a complete folder.
const MARKER: &str = ".complete";
/// What the dependencies name and a server that is never installed does not need.
const NOT_NEEDED: [&str; 5] = ["perl", "libperl", "libgdbm", "libdb5", "libc-gconv"];

/// The start of the server's command line, up to the options that tell it where its own files are.
pub(super) fn server() -> Result<Vec<String>> {
    if let Some(root) = unpacked()? {
        return argv_in(&root);
    }
    if let Some(program) = installed() {
        return Ok(vec![program.display().to_string(), "--no-defaults".to_owned()]);
    }
    argv_in(&download()?)
}

/// A MySQL of at least version 8 on the path (MariaDB uses the same name).
fn installed() -> Option<PathBuf> {
    let program = shell::which("mysqld", &["/usr/sbin".into()])?;
    let version = shell::output(Command::new(&program).arg("--version")).ok()?;
    (!version.contains("MariaDB")).then_some(program)
}

fn unpacked() -> Result<Option<PathBuf>> {
    let Ok(entries) = fs::read_dir(paths::cache()?) else {
        return Ok(None);
    };
    let newest = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.join(MARKER).exists())
        .max();
    Ok(newest)
}

fn argv_in(root: &Path) -> Result<Vec<String>> {
    let (triplet, loader) = match std::env::consts::ARCH {
        "x86_64" => ("x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
        "aarch64" => ("aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
        other => bail!("no MySQL is known for the processor type {other}"),
    };
    let root = root.display();
    let libraries = format!("{root}/usr/lib/{triplet}");
    Ok(vec![
        format!("{libraries}/{loader}"),
        "--library-path".to_owned(),
        libraries,
        format!("{root}/usr/sbin/mysqld"),
        "--no-defaults".to_owned(),
        format!("--basedir={root}/usr"),
        format!("--lc-messages-dir={root}/usr/share/mysql"),
        format!("--character-sets-dir={root}/usr/share/mysql/charsets"),
    ])
}

fn download() -> Result<PathBuf> {
    let mirror = mirror()?;
    let cache = paths::cache()?;
    fs::create_dir_all(&cache).with_context(|| format!("cannot make {}", cache.display()))?;
    let work = cache.join(format!("unfinished-{}", shell::random_hex(4)?));
    fs::create_dir(&work)?;
    let result = download_into(&work, &mirror, &cache);
    fs::remove_dir_all(&work)?;
    result
}

fn download_into(work: &Path, mirror: &str, cache: &Path) -> Result<PathBuf> {
    say("MySQL: reading the package list of Debian's sid suite (17 MB)");
    write_apt_settings(work, mirror)?;
    shell::run(apt(work, "apt-get").arg("update"))?;
    let plan = shell::output(apt(work, "apt-get").args([
        "--simulate",
        "install",
        "mysql-server-core",
        "mysql-client-core",
    ]))?;
    let packages = needed_packages(&plan);
    let version = packages
        .iter()
        .find(|package| package.name == "mysql-server-core")
        .map(|package| package.version.clone())
        .context("Debian's sid suite has no mysql-server-core at present")?;
    interrupt::check()?;
    say(format!(
        "MySQL {version}: downloading {} packages (about 60 MB)",
        packages.len()
    ));
    let debs = work.join("debs");
    fs::create_dir(&debs)?;
    let mut fetch = apt(work, "apt-get");
    fetch.arg("download").current_dir(&debs);
    fetch.args(
        packages
            .iter()
            .map(|package| format!("{}={}", package.name, package.version)),
    );
    shell::run(&mut fetch)?;
    interrupt::check()?;
    say(format!("MySQL {version}: unpacking into {}", cache.display()));
    let root = work.join("root");
    fs::create_dir(&root)?;
    for deb in fs::read_dir(&debs)? {
        shell::run(Command::new("dpkg-deb").arg("-x").arg(deb?.path()).arg(&root))?;
    }
    fs::write(root.join(MARKER), &version)?;
    let home = cache.join(format!("mysql-{}", version.replace([':', '/'], "_")));
    if home.exists() {
        return Ok(home);
    }
    fs::rename(&root, &home)?;
    Ok(home)
}

struct Package {
    name: String,
    version: String,
}

/// The packages of a simulated installation, from its lines `Inst name (version …)`.
fn needed_packages(plan: &str) -> Vec<Package> {
    plan.lines()
        .filter_map(|line| line.strip_prefix("Inst "))
        .filter_map(|line| line.split_once(" ("))
        .filter(|(name, _)| !NOT_NEEDED.iter().any(|prefix| name.starts_with(prefix)))
        .filter_map(|(name, rest)| {
            let version = rest.split(' ').next()?;
            Some(Package {
                name: name.to_owned(),
                version: version.to_owned(),
            })
        })
        .collect()
}

/// The Debian mirror this machine's own package sources name.
fn mirror() -> Result<String> {
    let sources = shell::output(Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]))
        .unwrap_or_default();
    sources
        .lines()
        .map(|line| line.trim_end_matches('/'))
        .find(|uri| uri.ends_with("/debian"))
        .map(str::to_owned)
        .context(
            "no MySQL server found, and no Debian mirror in this machine's package sources to take one from: put a \
             MySQL 8.4 or newer `mysqld` on the PATH, or set NEXUS_TEST_WITHOUT=mysql",
        )
}

/// Settings under which apt works in a private folder only and believes that nothing is installed. Signatures are
/// checked as ever; the date is not, as mirrors that are refreshed rarely serve lists older than `sid` means them to be.
fn write_apt_settings(work: &Path, mirror: &str) -> Result<()> {
    for dir in ["state", "lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(work.join(dir))?;
    }
    fs::write(work.join("status"), "")?;
    let signed = if Path::new(KEYRING).exists() {
        format!("[signed-by={KEYRING}] ")
    } else {
        String::new()
    };
    fs::write(
        work.join("sources.list"),
        format!("deb {signed}{mirror} sid main\n"),
    )?;
    let at = work.display();
    let settings = format!(
        r#"Dir::State "{at}/state";
Dir::State::Lists "{at}/lists";
Dir::State::status "{at}/status";
Dir::Cache "{at}/cache";
Dir::Etc::SourceList "{at}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "";
APT::Update::Post-Invoke "";
Acquire::Check-Valid-Until "false";
APT::Update::Post-Invoke-Success "";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
"#
    );
    fs::write(work.join("apt.conf"), settings)?;
    Ok(())
}

fn apt(work: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env("APT_CONFIG", work.join("apt.conf"))
        .env("LC_ALL", "C");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_the_packages_to_unpack() {
        let plan = "Inst libc6 (2.43-7 Debian:unstable [amd64])\nInst perl-base (5.42 Debian:unstable [amd64])\n\
            Inst mysql-server-core (9.7.4-2 Debian:unstable [amd64])\nConf libc6 (2.43-7 Debian:unstable [amd64])\n";
        let names: Vec<_> = needed_packages(plan)
            .into_iter()
            .map(|p| p.name + "=" + &p.version)
            .collect();
        assert_eq!(names, ["libc6=2.43-7", "mysql-server-core=9.7.4-2"]);
    }
}
