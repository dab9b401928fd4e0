//! `keys list` and `keys status`: which keys there are, and what needs them.

use std::process::ExitCode;

use anyhow::Context;
use gateway_store::{AuditFile, KeyUse};

use crate::cli::{Common, NO};
use crate::config::Settings;
use crate::storage::{KeyCheck, existing_key_ring, open_existing};

pub(super) fn list(common: &Common) -> anyhow::Result<ExitCode> {
    let settings = common.settings()?;
    let ring = existing_key_ring(&settings.store.keyring)?;
    for key_id in ring.key_ids() {
        let note = if key_id == ring.sealing_key_id() {
            "  (seals)"
        } else {
            ""
        };
        println!("{key_id}{note}");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn status(common: &Common) -> anyhow::Result<ExitCode> {
    let settings = common.settings()?;
    let uses = actix_web::rt::System::new().block_on(uses(&settings))?;
    println!("{:<20} {:>9} {:>10}  state", "key", "passwords", "audit ends");
    for key in &uses {
        println!(
            "{:<20} {:>9} {:>10}  {}",
            key.key_id,
            key.passwords,
            key.audit,
            state(key)
        );
    }
    let lacking: Vec<&str> = uses
        .iter()
        .filter(|key| key.is_needed() && !key.in_ring)
        .map(|key| key.key_id.as_str())
        .collect();
    if lacking.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "the key ring lacks keys that are needed: {}; add them to it",
        lacking.join(", ")
    );
    Ok(ExitCode::from(NO))
}

async fn uses(settings: &Settings) -> anyhow::Result<Vec<KeyUse>> {
    let ring = existing_key_ring(&settings.store.keyring)?;
    let store = open_existing(&settings.store, ring, KeyCheck::Waived).await?;
    let mut uses = store.key_uses().await.context("reading what needs which key")?;
    count_file(settings, &mut uses)?;
    Ok(uses)
}

/// Counts the ends of the log in a file, which one key authenticates.
pub(super) fn count_file(settings: &Settings, uses: &mut Vec<KeyUse>) -> anyhow::Result<()> {
    let Some(options) = settings.audit.to.file() else {
        return Ok(());
    };
    let Some(key_id) = AuditFile::key_id(&options.path)? else {
        return Ok(());
    };
    match uses.iter_mut().find(|key| key.key_id == key_id) {
        Some(key) => key.audit += 1,
        None => uses.push(KeyUse {
            key_id,
            audit: 1,
            ..KeyUse::default()
        }),
    }
    Ok(())
}

fn state(key: &KeyUse) -> &'static str {
    match (key.in_ring, key.newest, key.retired) {
        (true, true, _) => "seals",
        (true, false, false) => "opens",
        (true, false, true) => "opens, retired",
        (false, _, _) => "NOT IN THE KEY RING",
    }
}
