//! The real servers, as `cargo xtask testbed` describes them in the environment.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gateway_core::Engine;
use tokio::process::Command;

/// A running server, with its data in database `nexus`.
#[derive(Debug, Clone)]
pub struct Server {
    /// What it is.
    pub engine: Engine,
    /// Address with the gateway's own account, which has all rights in databases `nexus` and `nexus_…`:
    /// `mysql://user:password@host:port/nexus` (also for MariaDB) or `postgresql://…`.
    pub url: String,
    /// The same with an account that may only SELECT.
    pub reader_url: String,
    /// The same with an account that may do everything.
    pub admin_url: String,
    pid_file: PathBuf,
    start: PathBuf,
    tls: Option<PathBuf>,
}

impl Server {
    /// The same server, used with the account that may only SELECT.
    #[must_use]
    pub fn as_reader(&self) -> Self {
        Self {
            url: self.reader_url.clone(),
            ..self.clone()
        }
    }

    /// The same server, used with the account that may do everything.
    #[must_use]
    pub fn as_admin(&self) -> Self {
        Self {
            url: self.admin_url.clone(),
            ..self.clone()
        }
    }

    /// Its address, such as `127.0.0.1:5432`.
    #[must_use]
    pub fn address(&self) -> &str {
        let place = self
            .url
            .rsplit_once('@')
            .map_or(self.url.as_str(), |(_, place)| place);
        place.split('/').next().unwrap_or(place)
    }

    /// The same server, reached by the gateway through `port` of this machine.
    #[must_use]
    pub fn through(&self, port: u16) -> Self {
        Self {
            url: self.url.replacen(self.address(), &format!("127.0.0.1:{port}"), 1),
            ..self.clone()
        }
    }

    /// The folder with its certificate.
    ///
    /// # Errors
    ///
    /// If the test bed was started before its servers had one.
    pub fn tls_folder(&self) -> io::Result<&Path> {
        self.tls
            .as_deref()
            .ok_or_else(|| io::Error::other("this test bed has no certificates: take it down and up again"))
    }

    /// Keeps trials that need the server alone away, those of other runs included, until the file is dropped. For a trial that
    /// uses several servers; one that uses a single one has this done ([`Trials::engine`](crate::Trials::engine)).
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn share(&self) -> io::Result<File> {
        let file = File::open(&self.start)?;
        file.lock_shared()?;
        Ok(file)
    }

    /// Keeps all other trials away from the server, those of other runs included, until the file is dropped.
    pub(crate) fn take_alone(&self) -> io::Result<File> {
        let file = File::open(&self.start)?;
        file.lock()?;
        Ok(file)
    }

    /// Kills the server as a crash would (SIGKILL). Only for trials that have it alone
    /// ([`Trials::engine_alone`](crate::Trials::engine_alone)).
    ///
    /// # Errors
    ///
    /// If the server is not up or the signal cannot be sent.
    pub async fn kill(&self) -> io::Result<()> {
        let pid = &self.pid()?;
        // A machine that crashes takes a server's helper processes along; orphans at work would keep its data in use.
        let children = children_of(pid)?;
        // The shell's own `kill`: the program of that name is not on every machine. A helper may end before its turn.
        let script =
            r#"kill -s KILL "$0" && for helper; do kill -s KILL "$helper" 2>/dev/null || true; done"#;
        run(Command::new("sh").args(["-c", script, pid]).args(children)).await
    }

    /// Stops the server as an operator does who does not wait for its sessions to leave; returns when it has ended. Only for
    /// trials that have it alone.
    ///
    /// # Errors
    ///
    /// If the server is not up, the signal cannot be sent, or it has not ended after a minute.
    pub async fn stop(&self) -> io::Result<()> {
        let pid = self.pid()?;
        let signal = match self.engine {
            Engine::PostgreSql => "INT",
            _ => "TERM",
        };
        run(Command::new("sh").args(["-c", r#"kill -s "$0" "$1""#, signal, &pid])).await?;
        let asked = Instant::now();
        while Path::new("/proc").join(&pid).exists() {
            if asked.elapsed() > Duration::from_secs(60) {
                return Err(io::Error::other(format!("{} does not stop", self.engine)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Stops the server's processes in their tracks (SIGSTOP): it holds its connections, takes new ones as far as the kernel
    /// does, and says nothing. Only for trials that have it alone.
    ///
    /// # Errors
    ///
    /// If the server is not up or the signal cannot be sent.
    pub async fn freeze(&self) -> io::Result<Frozen> {
        let pid = self.pid()?;
        // The parent first, so that it starts no more.
        run(Command::new("sh").args(["-c", r#"kill -s STOP "$0""#, &pid])).await?;
        let mut frozen = Frozen(vec![pid.clone()]);
        frozen.0.extend(children_of(&pid)?);
        // A helper may end before its turn.
        let script = r#"for helper; do kill -s STOP "$helper" 2>/dev/null || true; done"#;
        run(Command::new("sh").args(["-c", script, "sh"]).args(&frozen.0[1..])).await?;
        Ok(frozen)
    }

    fn pid(&self) -> io::Result<String> {
        let text = fs::read_to_string(&self.pid_file)?;
        Ok(text.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Starts the server again, on the same port and data; returns when it takes connections, at once if it does.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn start(&self) -> io::Result<()> {
        run(&mut Command::new(&self.start)).await
    }
}

/// A server whose processes are stopped; dropped, they go on.
pub struct Frozen(Vec<String>);

impl Drop for Frozen {
    fn drop(&mut self) {
        let script = r#"for one; do kill -s CONT "$one" 2>/dev/null || true; done"#;
        let thawed = std::process::Command::new("sh")
            .args(["-c", script, "sh"])
            .args(&self.0)
            .status();
        if let Err(error) = thawed {
            eprintln!("the server stays stopped: {error}");
        }
    }
}

/// The processes that `parent` started, as the kernel lists them.
fn children_of(parent: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // A process may end while we look.
        let Ok(status) = fs::read_to_string(format!("/proc/{name}/status")) else {
            continue;
        };
        let ours = status
            .lines()
            .any(|line| line.strip_prefix("PPid:").is_some_and(|id| id.trim() == parent));
        if ours {
            found.push(name);
        }
    }
    Ok(found)
}

async fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output().await?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
}

/// Whether a server that a trial needs is there.
#[derive(Debug, Clone)]
pub enum Requirement {
    /// It is.
    Present(Server),
    /// It was left out on purpose, by `NEXUS_TEST_WITHOUT`; the trial is reported as ignored.
    Skipped,
    /// It is not; the trial fails and says how to get it.
    Missing(String),
}

/// Looks for the server of an engine in the environment.
///
/// ```
/// use gateway_core::Engine;
/// use nexus_tests::{Requirement, requirement};
/// // No test server speaks SQLite: it is a library.
/// assert!(matches!(requirement(Engine::Sqlite), Requirement::Missing(_)));
/// ```
#[must_use]
pub fn requirement(engine: Engine) -> Requirement {
    look_up(engine, |name| env::var(name).ok())
}

fn look_up(engine: Engine, variable: impl Fn(&str) -> Option<String>) -> Requirement {
    let left_out = variable("NEXUS_TEST_WITHOUT").unwrap_or_default();
    if left_out.split(',').any(|name| name.trim() == engine.as_str()) {
        return Requirement::Skipped;
    }
    let get = |what: &str| {
        let name = format!("NEXUS_TEST_{}_{what}", engine.as_str().to_uppercase());
        variable(&name).ok_or(name)
    };
    let server: Result<Server, String> = (|| {
        Ok(Server {
            engine,
            url: get("URL")?,
            reader_url: get("READER_URL")?,
            admin_url: get("ADMIN_URL")?,
            pid_file: get("PIDFILE")?.into(),
            start: get("START")?.into(),
            tls: get("TLS").ok().map(PathBuf::from),
        })
    })();
    match server {
        Ok(server) => Requirement::Present(server),
        Err(name) => Requirement::Missing(missing(engine, &name)),
    }
}

fn missing(engine: Engine, variable: &str) -> String {
    format!(
        "this test needs a {engine} server and {variable} is not set: run `cargo xtask test`, or `eval \"$(cargo xtask \
         testbed env)\"` after `cargo xtask testbed up`, or set NEXUS_TEST_WITHOUT={engine}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_present_skipped_or_missing() {
        let all = |name: &str| (name != "NEXUS_TEST_WITHOUT").then(|| name.to_owned());
        assert!(matches!(
            look_up(Engine::MySql, all),
            Requirement::Present(server) if server.url == "NEXUS_TEST_MYSQL_URL"
        ));
        let without = |_: &str| Some("oracle, mysql".to_owned());
        assert!(matches!(look_up(Engine::MySql, without), Requirement::Skipped));
        assert!(matches!(
            look_up(Engine::MySql, |_| None),
            Requirement::Missing(text) if text.contains("NEXUS_TEST_MYSQL_URL") && text.contains("cargo xtask test")
        ));
    }
}
