//! The tasks behind the queue: one writes it, one removes what has reached its age.

use std::sync::{Arc, Weak};
use std::time::Duration;

use gateway_core::{AuditAction, AuditDecision, AuditRecord, ErrorKind, UnixMicros};
use gateway_store::{AuditSink, Store};
use slog::{Logger, error, info, warn};
use tokio::sync::mpsc;

use super::{Durability, Entry, Shared};
use crate::meters;

/// Records written at once.
const BATCH: usize = 500;

/// For how long records come together before they are written, unless somebody waits for them. Each write is a transaction that
/// is made to last; most of what it costs does not depend on how many records are in it.
const GATHERING: Duration = Duration::from_millis(20);

/// A queue with fewer places might be full before then.
const LEAST_TO_GATHER: usize = 1000;

/// How long to wait before a failed write is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// How often records that have reached their age are looked for.
const FORGET_EVERY: Duration = Duration::from_mins(10);

/// Records removed by one statement, so that none takes long.
const FORGET_AT_ONCE: u32 = 5000;

/// Writes what waits, as long as there is anybody who could add to it. Everything that has come meanwhile is written
/// together, so that the cost of making it last is shared.
pub(super) async fn write(
    mut inbox: mpsc::Receiver<Entry>,
    sinks: Vec<Arc<dyn AuditSink>>,
    shared: Arc<Shared>,
    log: Logger,
) {
    let settings = shared.settings;
    let gathers = settings.durability == Durability::Queued && settings.queue >= LEAST_TO_GATHER;
    let mut entries = Vec::with_capacity(BATCH);
    while inbox.recv_many(&mut entries, BATCH).await > 0 {
        if gathers && entries.len() < BATCH {
            gather(&mut inbox, &mut entries).await;
        }
        let mut waiting = Vec::new();
        let mut records = Vec::with_capacity(entries.len() + 1);
        if let Some(lost) = shared.take_lost() {
            error!(log, "audit records were lost: there was no more room for them to wait"; "count" => lost);
            records.push(lost_record(lost));
        }
        for entry in entries.drain(..) {
            match entry {
                Entry::Record { record, done } => {
                    records.push(*record);
                    waiting.extend(done);
                }
                Entry::Flush(done) => waiting.push(done),
            }
        }
        let count = records.len() as u64;
        append(&sinks, records.into(), &log).await;
        metrics::counter!(meters::AUDIT_RECORDS).increment(count);
        for done in waiting {
            // Whoever waited may have given up.
            let _ = done.send(());
        }
    }
}

/// Adds to `entries` what comes within a moment. Whoever adds to the queue meanwhile wakes nobody.
async fn gather(inbox: &mut mpsc::Receiver<Entry>, entries: &mut Vec<Entry>) {
    if entries.iter().any(|entry| matches!(entry, Entry::Flush(_))) {
        return;
    }
    tokio::time::sleep(GATHERING).await;
    while entries.len() < BATCH
        && let Ok(entry) = inbox.try_recv()
    {
        entries.push(entry);
    }
}

/// Says, in the log itself, that it has a gap.
fn lost_record(count: u64) -> AuditRecord {
    AuditRecord {
        action: AuditAction::RecordsLost,
        decision: AuditDecision::Failed,
        code: Some(ErrorKind::Overloaded.code().to_owned()),
        subject: "nexus-gateway".to_owned(),
        count,
        ..AuditRecord::blank(AuditAction::RecordsLost)
    }
}

/// Tries until every sink has the records; meanwhile the queue fills.
async fn append(sinks: &[Arc<dyn AuditSink>], records: Arc<[AuditRecord]>, log: &Logger) {
    let mut failing = false;
    let mut left: Vec<&Arc<dyn AuditSink>> = sinks.iter().collect();
    loop {
        let mut refused = Vec::new();
        for sink in left {
            match meters::timed("append_audit", sink.append(Arc::clone(&records))).await {
                Ok(()) => {}
                Err(error) => {
                    metrics::counter!(meters::AUDIT_FAILURES).increment(1);
                    if !failing {
                        failing = true;
                        warn!(log, "audit records cannot be written; they wait"; "error" => %error);
                    }
                    refused.push(sink);
                }
            }
        }
        if refused.is_empty() {
            break;
        }
        left = refused;
        tokio::time::sleep(RETRY).await;
    }
    if failing {
        info!(log, "audit records are written again");
    }
}

/// Removes records that have reached their age, for as long as the store is in use.
pub(super) async fn forget(store: Weak<dyn Store>, retention: Duration, log: Logger) {
    let mut ticks = tokio::time::interval(FORGET_EVERY);
    let retention = i64::try_from(retention.as_micros()).unwrap_or(i64::MAX);
    loop {
        ticks.tick().await;
        let Some(store) = store.upgrade() else { return };
        let moment = UnixMicros(UnixMicros::now().0.saturating_sub(retention));
        loop {
            match store.forget_audit(moment, FORGET_AT_ONCE).await {
                Ok(removed) if removed >= u64::from(FORGET_AT_ONCE) => {}
                Ok(_) => break,
                Err(error) => {
                    warn!(log, "old audit records cannot be removed"; "error" => %error);
                    break;
                }
            }
        }
    }
}
