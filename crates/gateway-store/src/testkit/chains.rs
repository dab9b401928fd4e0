//! Whoever alters, removes or adds a record behind the store's back is found out, at either end of a chain too.

use std::sync::Arc;

use gateway_core::UnixMicros;

use super::audit::record;
use super::{KEY_B, Scratch, opened, ring};
use crate::{AuditVerdict, Store, StoreOptions, open};

/// A store with ten records in one chain.
async fn filled(scratch: &Scratch) -> Arc<dyn Store> {
    let store = opened(scratch).await;
    add(&*store, 10).await;
    store
}

async fn add(store: &dyn Store, count: u64) {
    let records = (0..count).map(|number| record(number, "ann")).collect();
    store.append(records).await.unwrap();
}

async fn verified(store: &dyn Store) -> AuditVerdict {
    store.verify_audit(&|_| {}).await.unwrap()
}

/// The place of the first fault, of the only chain that has one.
async fn fault(store: &dyn Store) -> (Option<i64>, Option<i64>, String) {
    let verdict = verified(store).await;
    let [broken] = verdict.broken.as_slice() else {
        panic!("{verdict:?}");
    };
    (broken.chain, broken.seq, broken.reason.clone())
}

pub(super) async fn an_untouched_log_holds(scratch: Scratch) {
    let one = filled(&scratch).await;
    let other = filled(&scratch).await;
    add(&*one, 1500).await;
    let told = std::sync::atomic::AtomicU64::new(0);
    let progress = |records| told.store(records, std::sync::atomic::Ordering::Relaxed);
    let verdict = other.verify_audit(&progress).await.unwrap();
    assert_eq!(
        verdict,
        AuditVerdict {
            chains: 2,
            records: 1520,
            unchained: 0,
            broken: Vec::new()
        }
    );
    assert_eq!(told.into_inner(), 1520);
}

pub(super) async fn every_changed_field_shows(scratch: Scratch) {
    let store = filled(&scratch).await;
    let target = "WHERE chain_seq = 4";
    for change in [
        "decided_at = decided_at + 1",
        "correlation_id = 'other'",
        "subject = 'bob'",
        "identified_by = NULL",
        "remote = '127.0.0.2'",
        "action = 'explain'",
        "target = 't'",
        "source = NULL",
        "statement = 'SELECT ''9 u'''",
        "digest = NULL",
        "parameters = '[2]'",
        "decision = 'refused'",
        "code = 'X'",
        "rule = 'x'",
        "row_count = 99",
        "byte_count = 1",
        "duration_us = 13",
        "event_count = 2",
        "chain_hash = digest",
    ] {
        let saved = "CREATE TABLE saved AS SELECT * FROM audit_records";
        scratch.execute(saved).await.unwrap();
        let update = format!("UPDATE audit_records SET {change} {target}");
        scratch.execute(&update).await.unwrap();
        let (chain, seq, reason) = fault(&*store).await;
        assert_eq!(
            (chain, seq, reason.as_str()),
            (Some(1), Some(4), "was altered"),
            "{change}"
        );
        for restore in [
            "DELETE FROM audit_records",
            "INSERT INTO audit_records SELECT * FROM saved",
            "DROP TABLE saved",
        ] {
            scratch.execute(restore).await.unwrap();
        }
        assert!(verified(&*store).await.broken.is_empty(), "{change}");
    }
}

pub(super) async fn every_removed_record_shows(scratch: Scratch) {
    let store = filled(&scratch).await;
    scratch
        .execute("CREATE TABLE saved AS SELECT * FROM audit_records")
        .await
        .unwrap();
    for seq in [1, 5, 10] {
        let delete = format!("DELETE FROM audit_records WHERE chain_seq = {seq}");
        scratch.execute(&delete).await.unwrap();
        let (chain, found, _) = fault(&*store).await;
        assert_eq!((chain, found), (Some(1), Some(seq)));
        let restore = format!("INSERT INTO audit_records SELECT * FROM saved WHERE chain_seq = {seq}");
        scratch.execute(&restore).await.unwrap();
        assert!(verified(&*store).await.broken.is_empty());
    }
    // Numbering the rest anew does not hide it.
    for change in [
        "DELETE FROM audit_records WHERE chain_seq = 10",
        "UPDATE audit_chains SET head_seq = 9",
    ] {
        scratch.execute(change).await.unwrap();
    }
    assert_eq!(fault(&*store).await.2, "the end of the chain was altered");
}

pub(super) async fn a_record_put_in_between_shows(scratch: Scratch) {
    let store = filled(&scratch).await;
    // With a place of its own beyond the end, and with one before the beginning.
    for seq in ["11", "0"] {
        let insert = format!(
            "INSERT INTO audit_records (id, decided_at, correlation_id, subject, action, decision, row_count, byte_count, \
             duration_us, chain, chain_seq, chain_hash) SELECT digest, decided_at, correlation_id, subject, action, decision, \
             row_count, byte_count, duration_us, chain, {seq}, chain_hash FROM audit_records WHERE chain_seq = 1"
        );
        // Sixteen bytes for an identifier.
        let insert = insert.replace("SELECT digest", "SELECT SUBSTR(digest, 1, 16)");
        scratch.execute(&insert).await.unwrap();
        assert_eq!(fault(&*store).await.2, "1 records are outside the chain's ends");
        let delete = format!("DELETE FROM audit_records WHERE chain_seq = {seq}");
        scratch.execute(&delete).await.unwrap();
    }
    assert!(verified(&*store).await.broken.is_empty());
}

pub(super) async fn a_whole_chain_cannot_go(scratch: Scratch) {
    let store = filled(&scratch).await;
    drop(filled(&scratch).await);
    scratch
        .execute("DELETE FROM audit_records WHERE chain = 2")
        .await
        .unwrap();
    assert_eq!(fault(&*store).await.0, Some(2));
    scratch
        .execute("DELETE FROM audit_chains WHERE chain = 2")
        .await
        .unwrap();
    let gone = fault(&*store).await;
    assert_eq!(gone, (Some(2), None, "the chain is gone".to_owned()));
    scratch
        .execute("UPDATE audit_ledger SET chains = 1")
        .await
        .unwrap();
    let counted = fault(&*store).await;
    assert_eq!(
        counted,
        (None, None, "the number of chains was altered".to_owned())
    );
    // A new chain does not make it good again.
    drop(filled(&scratch).await);
    assert_eq!(verified(&*store).await.broken.len(), 1);
}

pub(super) async fn a_chain_that_was_recomputed_shows(scratch: Scratch) {
    let store = filled(&scratch).await;
    // Another key ring stands for somebody who knows how chains are made, and has no key of ours.
    let options = StoreOptions {
        check_keys: false,
        ..StoreOptions::default()
    };
    let foreign = open(scratch.url(), ring(KEY_B), &options).await.unwrap();
    add(&*foreign, 5).await;
    let verdict = verified(&*store).await;
    let [ledger, chain] = verdict.broken.as_slice() else {
        panic!("{verdict:?}");
    };
    assert_eq!((ledger.chain, chain.chain), (None, Some(2)));
    let reason = &chain.reason;
    assert!(reason.contains("which the key ring lacks"), "{reason}");
}

pub(super) async fn what_is_forgotten_leaves_the_rest_whole(scratch: Scratch) {
    let store = filled(&scratch).await;
    for (moment, removed, left) in [(1_000_003, 3, 7), (1_000_004, 1, 6)] {
        assert_eq!(
            store.forget_audit(UnixMicros(moment), 100).await.unwrap(),
            removed
        );
        let verdict = verified(&*store).await;
        assert_eq!((verdict.records, verdict.broken.len()), (left, 0));
    }
    // What retention did not remove is missed at the beginning, too.
    scratch
        .execute("DELETE FROM audit_records WHERE chain_seq = 5")
        .await
        .unwrap();
    assert_eq!(fault(&*store).await.1, Some(5));
    scratch
        .execute("UPDATE audit_chains SET first_seq = 5")
        .await
        .unwrap();
    assert_eq!(fault(&*store).await.2, "the beginning of the chain was altered");
}

pub(super) async fn a_record_that_was_made_to_look_old_is_not_forgotten(scratch: Scratch) {
    let store = filled(&scratch).await;
    scratch
        .execute("UPDATE audit_records SET decided_at = 1")
        .await
        .unwrap();
    assert_eq!(store.forget_audit(UnixMicros(2), 100).await.unwrap(), 0);
    assert_eq!(fault(&*store).await.1, Some(1));
}

pub(super) async fn a_changed_end_does_not_stop_the_log(scratch: Scratch) {
    let store = filled(&scratch).await;
    scratch
        .execute("UPDATE audit_chains SET head_seq = 8")
        .await
        .unwrap();
    add(&*store, 3).await;
    let verdict = verified(&*store).await;
    assert_eq!((verdict.chains, verdict.records), (1, 3));
    assert_eq!(verdict.broken[0].chain, Some(1));
}
