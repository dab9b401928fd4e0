//! `audit`: prove that the audit log is as it was written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use gateway_store::{AuditVerdict, BrokenChain, verify_audit_file};

use super::progress::Progress;
use super::{Common, NO};
use crate::config::{AuditTargets, Settings};
use crate::storage::{KeyCheck, existing_key_ring, open_existing};

/// Look after the audit log.
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Follow every chain of records from one end to the other. Exits with 1 and names the first record that is missing or
    /// was altered, if there is one.
    Verify(Verify),
}

/// What to verify.
#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    common: Common,
    /// Verify this file only, and those that were put aside from it. Default: wherever the settings have records written.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
}

impl Audit {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(verify) => verify.run(),
        }
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<ExitCode> {
        let settings = self.common.settings()?;
        let mut holds = true;
        let named = self.file.as_deref();
        if named.is_none() && !matches!(settings.audit.to, AuditTargets::File(_)) {
            let verdict = actix_web::rt::System::new().block_on(verify_store(&settings))?;
            holds &= say("the store", &verdict);
        }
        let configured = settings.audit.to.file().map(|options| options.path.as_path());
        if let Some(file) = named.or(configured) {
            holds &= say(&file.display().to_string(), &verify_file(&settings, file)?);
        }
        Ok(if holds {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(NO)
        })
    }
}

async fn verify_store(settings: &Settings) -> anyhow::Result<AuditVerdict> {
    let ring = existing_key_ring(&settings.store.keyring)?;
    let store = open_existing(&settings.store, ring, KeyCheck::Waived).await?;
    let progress = Progress::of("records verified");
    Ok(store.verify_audit(&|done| progress.show(done, None)).await?)
}

fn verify_file(settings: &Settings, file: &Path) -> anyhow::Result<AuditVerdict> {
    let ring = existing_key_ring(&settings.store.keyring)?;
    let progress = Progress::of("lines verified");
    Ok(verify_audit_file(file, &ring, &|done| progress.show(done, None))?)
}

/// Says what was found; whether all is well.
fn say(place: &str, verdict: &AuditVerdict) -> bool {
    let AuditVerdict {
        chains,
        records,
        unchained,
        broken,
    } = verdict;
    if broken.is_empty() {
        println!("{place}: holds; {records} records in {chains} chains verified");
    } else {
        println!("{place}: BROKEN; {records} records verified, {chains} chains hold");
    }
    for fault in broken {
        println!("{place}: {}", describe(fault));
    }
    if *unchained > 0 {
        println!("{place}: nothing can be said of {unchained} records from before there were chains");
    }
    broken.is_empty()
}

fn describe(fault: &BrokenChain) -> String {
    let mut parts = Vec::new();
    parts.extend(fault.chain.map(|chain| format!("chain {chain}")));
    parts.extend(fault.seq.map(|seq| format!("number {seq}")));
    parts.extend(fault.record.map(|id| format!("record {id}")));
    if parts.is_empty() {
        return fault.reason.clone();
    }
    format!("{}: {}", parts.join(", "), fault.reason)
}
