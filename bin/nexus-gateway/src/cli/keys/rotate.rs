//! `keys rotate`: seal everything with a new key, while gateways run.
//!
//! Every step can be cut off and run again. The order matters: the new key is in the ring before anything is sealed with it,
//! and an old one leaves the ring only when nothing needs it and nothing can come to need it any more.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;
use gateway_core::{AuditAction, AuditDecision, AuditId, AuditRecord, IdentifiedBy};
use gateway_store::{AuditFile, KeyRing, KeyUse, RingLock, Store};

use super::status::count_file;
use crate::cli::Common;
use crate::cli::progress::Progress;
use crate::config::{KeyRingSource, Settings};
use crate::storage::{KeyCheck, existing_key_ring, open_existing};

/// How long running gateways have to use the new key: they look at the store every half second, and at a log in a file once
/// a minute.
const SETTLE: Duration = Duration::from_secs(90);

/// After so many looks at something that stays as it is, it was altered.
const STUCK: u32 = 5;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// What to do with which keys.
#[derive(Args)]
pub(in crate::cli) struct Rotate {
    #[command(flatten)]
    common: Common,
    /// Add a new key to the key ring and stop there, so that the file can be brought to every machine first.
    #[arg(long, conflicts_with = "retire")]
    add_only: bool,
    /// In the end, remove from the key ring every key but the newest.
    #[arg(long)]
    retire: bool,
}

/// A key ring whose file nobody else changes.
struct HeldRing {
    ring: KeyRing,
    file: Option<(PathBuf, RingLock)>,
}

impl HeldRing {
    fn take(source: &KeyRingSource) -> anyhow::Result<Self> {
        let file = match source {
            KeyRingSource::Text(_) => None,
            KeyRingSource::File(path) | KeyRingSource::Beside(path) => {
                Some((path.clone(), KeyRing::lock_file(path)?))
            }
        };
        // Read under the lock: what was read before might be old.
        let ring = existing_key_ring(source)?;
        Ok(Self { ring, file })
    }

    fn add_key(&mut self) -> anyhow::Result<()> {
        let Some((path, _)) = &self.file else {
            bail!(
                "everything is sealed with the newest key of store.keyring, {}. It is not a file, so no key can be added to \
                 it here: make one with `nexus-gateway keys generate FILE`, put its line at the end of store.keyring, \
                 restart every gateway with that, and run this again",
                self.ring.sealing_key_id()
            );
        };
        let grown = self.ring.with_new_key()?;
        grown.replace_file(path)?;
        self.ring = KeyRing::load_file(path)?;
        println!(
            "added the key {} to {}",
            self.ring.sealing_key_id(),
            path.display()
        );
        println!("keep a copy of it in a safe place: without it the stored passwords are lost");
        Ok(())
    }

    fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }
}

impl Rotate {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let settings = self.common.settings()?;
        actix_web::rt::System::new().block_on(self.rotate(&settings))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn rotate(&self, settings: &Settings) -> anyhow::Result<()> {
        let mut held = HeldRing::take(&settings.store.keyring)?;
        let mut store = open_existing(&settings.store, held.ring.clone(), KeyCheck::Required).await?;
        let uses = store.key_uses().await?;
        let unfinished = behind(&uses) > 0;
        let only_retire = self.retire && held.ring.key_ids().count() > 1;
        if self.add_only {
            held.add_key()?;
            println!("bring the file to every machine of the gateway, then run `nexus-gateway keys rotate`");
            return Ok(());
        }
        if unfinished {
            println!(
                "sealing with the key {}, which is there already",
                held.ring.sealing_key_id()
            );
        } else if !only_retire {
            held.add_key()?;
            store = open_existing(&settings.store, held.ring.clone(), KeyCheck::Required).await?;
        }
        store.announce_keys().await?;
        let resealed = reseal(&*store).await?;
        println!(
            "sealed {resealed} things with the key {}",
            held.ring.sealing_key_id()
        );
        let left = settle(&store, settings).await?;
        if self.retire {
            retire(&store, settings, &held, &left).await?;
        } else if !left.is_empty() {
            println!("{}", explain(&left));
        }
        record(&*store, held.ring.sealing_key_id()).await
    }
}

/// How many things are sealed with other keys than the newest.
fn behind(uses: &[KeyUse]) -> u64 {
    let old = uses.iter().filter(|key| !key.newest);
    old.map(|key| key.passwords + key.audit).sum()
}

async fn reseal(store: &dyn Store) -> anyhow::Result<u64> {
    let all = behind(&store.key_uses().await?);
    let progress = Progress::of("sealed anew");
    let mut done = 0;
    loop {
        match store.reseal().await? {
            0 => return Ok(done),
            more => done += more,
        }
        progress.show(done, Some(all.max(done)));
    }
}

/// Waits until running gateways authenticate with the new key, too; the keys that are still needed besides it.
async fn settle(store: &Arc<dyn Store>, settings: &Settings) -> anyhow::Result<Vec<KeyUse>> {
    let begun = Instant::now();
    let mut stuck = 0;
    loop {
        let resealed = reseal(&**store).await?;
        renew_file(store, settings);
        let mut uses = store.key_uses().await?;
        // What a gateway seals with an old key is sealed anew; what was altered is not, and waiting would not help.
        stuck = if resealed == 0 && behind(&uses) > 0 {
            stuck + 1
        } else {
            0
        };
        count_file(settings, &mut uses)?;
        let left: Vec<KeyUse> = uses
            .into_iter()
            .filter(|key| !key.newest && key.is_needed())
            .collect();
        if left.is_empty() || stuck == STUCK || begun.elapsed() > SETTLE {
            return Ok(left);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Has a log in a file authenticated with the newest key, if no gateway has it open, which would do it by itself.
fn renew_file(store: &Arc<dyn Store>, settings: &Settings) {
    let Some(options) = settings.audit.to.file() else {
        return;
    };
    if matches!(AuditFile::key_id(&options.path), Ok(Some(_))) {
        // Opening it writes its head; a failure shows in what is counted next.
        drop(AuditFile::open(options.clone(), store.keys()));
    }
}

async fn retire(
    store: &Arc<dyn Store>,
    settings: &Settings,
    held: &HeldRing,
    left: &[KeyUse],
) -> anyhow::Result<()> {
    ensure!(left.is_empty(), "no key was removed: {}", explain(left));
    // From here on nobody seals a password with an old key; what was under way is sealed anew.
    store.retire_keys().await?;
    let left = settle(store, settings).await?;
    ensure!(left.is_empty(), "no key was removed: {}", explain(&left));
    let newest = held.ring.sealing_key_id();
    let old: Vec<&str> = held.ring.key_ids().filter(|key| *key != newest).collect();
    match held.path() {
        _ if old.is_empty() => {}
        Some(path) => {
            held.ring.newest_only().replace_file(path)?;
            println!("removed from {}: {}", path.display(), old.join(", "));
            println!("keep them as long as you keep copies of the store from before now");
            store.announce_keys().await?;
        }
        None => println!(
            "nothing needs these keys any more, take them out of store.keyring: {}",
            old.join(", ")
        ),
    }
    Ok(())
}

fn explain(left: &[KeyUse]) -> String {
    let each = left.iter().map(|key| {
        format!(
            "{} ({} passwords, {} audit ends)",
            key.key_id, key.passwords, key.audit
        )
    });
    format!(
        "still needed are {}. Either a gateway runs whose key ring lacks the newest key, or the audit log was altered, which \
         `nexus-gateway audit verify` would show",
        each.collect::<Vec<_>>().join(", ")
    )
}

/// Puts the rotation on record.
async fn record(store: &dyn Store, key_id: &str) -> anyhow::Result<()> {
    let record = AuditRecord {
        correlation_id: AuditId::new().to_string(),
        subject: "command line".to_owned(),
        identified_by: Some(IdentifiedBy::Nothing),
        target: Some(key_id.to_owned()),
        decision: AuditDecision::Allowed,
        ..AuditRecord::blank(AuditAction::KeysRotate)
    };
    store
        .append([record].into())
        .await
        .context("putting the rotation on record")
}
