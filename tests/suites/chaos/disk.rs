//! The disk of the audit file is full: what must be on record is refused, and goes on when there is room; nothing is torn.
//!
//! The file is in a small file system that only the gateway sees, in a mount namespace of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::Engine;
use nexus_tests::{Failed, Gateway, Outcome, Trials, run_gateway};

use super::load::{Load, Seen};
use super::sources::{PATIENCE, SOON, busy};
use super::target::Target;
use super::whole::{held, is_alive, until_at_rest};

pub(super) fn register(trials: &mut Trials) {
    trials.simple("chaos::disk_full", disk_full);
}

/// A gateway with a disk of its own.
struct Scene {
    gateway: Arc<Gateway>,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn start() -> Result<Self, Failed> {
        const MOUNT: &str = "mount -t tmpfs -o size=512k tmpfs \"$0\" && exec \"$@\"";
        let folder = tempfile::tempdir()?;
        let path = folder.path().display().to_string();
        let arguments = ["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, &path];
        let settings = format!(
            "limits.per_caller = 1000\nstore.url = \"sqlite://{{folder}}/nexus.db\"\n[audit]\nto = [\"file\"]\nfile = \
             \"{path}/audit\"\nqueue = 20\n"
        );
        let gateway = Arc::new(Gateway::start_through("unshare", &arguments, &settings).await?);
        Ok(Self { gateway, folder })
    }

    /// A file on that disk, as this process sees it.
    fn path(&self, name: &str) -> Result<PathBuf, Failed> {
        let pid = self.gateway.pid().ok_or("it has ended")?;
        let inside = self.folder.path().strip_prefix("/")?;
        Ok(Path::new("/proc")
            .join(pid.to_string())
            .join("root")
            .join(inside)
            .join(name))
    }

    /// Takes all the room that is left; the system's own words for what stopped it.
    fn fill(&self) -> Result<std::io::ErrorKind, Failed> {
        use std::io::Write;
        let mut ballast = std::fs::File::create(self.path("ballast")?)?;
        loop {
            if let Err(error) = ballast.write_all(&[0; 4096]) {
                return Ok(error.kind());
            }
        }
    }

    /// The records are what was written, from the first to the last.
    async fn is_sound(&self) -> Outcome {
        let copy = tempfile::tempdir()?;
        for name in ["audit", "audit.head"] {
            std::fs::copy(self.path(name)?, copy.path().join(name))?;
        }
        let settings = std::fs::read_to_string(self.gateway.folder().join("nexus.toml"))?;
        let (there, here) = (
            self.folder.path().display().to_string(),
            copy.path().display().to_string(),
        );
        let config = self.gateway.folder().join("copy.toml");
        std::fs::write(&config, settings.replace(&there, &here))?;
        let verified = run_gateway(&config, &["audit", "verify"]).await?;
        assert_eq!(verified.code, Some(0), "{}", verified.said);
        Ok(())
    }
}

async fn disk_full() -> Outcome {
    let scene = Scene::start().await?;
    let (gateway, file) = (&scene.gateway, Target::file().await?);
    let source = gateway.register_as(&file.source()).await?;
    let before = held(gateway)?;
    let load = Load::start(gateway, source, Engine::Sqlite);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(scene.fill()?, std::io::ErrorKind::StorageFull);
    until(|| load.seen().iter().any(|one| one.code == "OVERLOADED")).await?;
    let full = Instant::now();
    // All are refused now, whatever they want.
    until(|| load.seen().iter().filter(|one| one.begun > full).count() > 20).await?;
    std::fs::remove_file(scene.path("ballast")?)?;
    let room = Instant::now();
    until(|| {
        load.usual_since(room)
            .is_some_and(|since| since.elapsed() > Duration::from_millis(500))
    })
    .await?;
    let recovery = load.usual_since(room).map_or(Duration::MAX, |since| since - room);
    let seen = load.stop().await?;
    let refused: Vec<&Seen> = seen.iter().filter(|one| !one.is_usual()).collect();
    for one in &refused {
        assert!(one.code == "OVERLOADED" && one.retry_after.is_some(), "{one:?}");
    }
    println!(
        "disk full: {} requests, {} refused; served again after {recovery:.1?}",
        seen.len(),
        refused.len()
    );
    assert!(recovery < SOON + busy(), "{recovery:?}");
    until_at_rest(gateway, source, &file, Some(before)).await?;
    scene.is_sound().await?;
    is_alive(gateway).await
}

async fn until(holds: impl Fn() -> bool) -> Outcome {
    let asked = Instant::now();
    while !holds() {
        if asked.elapsed() > PATIENCE {
            return Err("waited in vain".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
