//! The distribution's packages.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Engine;
use crate::shell::{self, say};

/// Programs other than servers that the tests and the benchmarks use, and their packages.
const TOOLS: [(&str, &str); 8] = [
    ("haproxy", "haproxy"),
    ("jq", "jq"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("prometheus", "prometheus"),
    ("sqlite3", "sqlite3"),
    ("valgrind", "valgrind"),
    ("wrk", "wrk"),
];

/// As root, installs the packages of those engines and tools whose programs are missing. Otherwise does nothing; [`find`]
/// then names what is missing.
pub(super) fn install(engines: &[Engine]) -> Result<()> {
    let servers = engines.iter().filter_map(|engine| wanted_package(*engine));
    let tools = TOOLS
        .iter()
        .filter(|(program, _)| locate(program).is_none())
        .map(|(_, package)| *package);
    let wanted: Vec<&str> = servers.chain(tools).chain(wanted_python()).collect();
    if wanted.is_empty() || !shell::is_root() || shell::which("apt-get", &[]).is_none() {
        return Ok(());
    }
    say(format!(
        "installing {} (as root, from the distribution)",
        wanted.join(" and ")
    ));
    shell::run(apt_get().arg("update"))?;
    shell::run(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(&wanted),
    )
    .with_context(|| format!("cannot install {}", wanted.join(" and ")))
}

fn wanted_package(engine: Engine) -> Option<&'static str> {
    let (program, package) = match engine {
        // See `mysql_install`.
        Engine::Mysql => return None,
        Engine::Mariadb => ("mariadbd", "mariadb-server"),
        Engine::Postgresql => ("initdb", "postgresql"),
    };
    locate(program).is_none().then_some(package)
}

/// Debian's Python comes without the part that makes environments.
fn wanted_python() -> Option<&'static str> {
    let complete = Command::new("python3")
        .args(["-c", "import ensurepip, venv"])
        .output()
        .is_ok_and(|output| output.status.success());
    (!complete).then_some("python3-venv")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        // The packages' scripts start no system server at the level of a single user.
        .env("RUNLEVEL", "1");
    command
}

/// A server's program, or what to do to have it.
pub(super) fn find(program: &str, engine: Engine) -> Result<PathBuf> {
    if let Some(path) = locate(program) {
        return Ok(path);
    }
    let package = match engine {
        Engine::Mysql => "mysql-server-core",
        Engine::Mariadb => "mariadb-server",
        Engine::Postgresql => "postgresql",
    };
    bail!(
        "the program `{program}` is missing: as root, `apt-get install {package}` (or run this as root), or put it on the \
         PATH, or set NEXUS_TEST_WITHOUT={}",
        engine.name()
    )
}

/// Looks on the path, then where Debian puts servers that it does not put there.
fn locate(program: &str) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    folders.sort();
    folders.reverse();
    folders.extend(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    shell::which(program, &folders)
}
