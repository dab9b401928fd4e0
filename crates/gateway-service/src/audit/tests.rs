//! What waits, what is refused and what is lost while records cannot be written.

use std::task::Poll;

use async_trait::async_trait;
use gateway_store::{KeyRing, StoreError, StoreOptions, StoreUrl};
use slog::{Discard, o};
use tokio::sync::Semaphore;

use gateway_core::trace::Trace;

use super::*;

/// A sink that takes a batch for each permit it is given.
struct Gate {
    permits: Semaphore,
    taken: Mutex<Vec<AuditRecord>>,
}

impl Gate {
    fn closed() -> Arc<Self> {
        Arc::new(Self {
            permits: Semaphore::new(0),
            taken: Mutex::default(),
        })
    }

    fn open(&self) {
        self.permits.add_permits(1000);
    }

    fn taken(&self) -> Vec<AuditRecord> {
        self.taken.lock().unwrap().clone()
    }
}

#[async_trait]
impl AuditSink for Gate {
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError> {
        self.permits.acquire().await.unwrap().forget();
        self.taken.lock().unwrap().extend(records.iter().cloned());
        Ok(())
    }
}

struct Bench {
    auditor: Auditor,
    gate: Arc<Gate>,
    _folder: tempfile::TempDir,
}

async fn bench(settings: AuditSettings) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite {
        path: folder.path().join("store.db"),
    };
    let ring = KeyRing::generate().unwrap();
    let store = gateway_store::open(&url, ring, &StoreOptions::default())
        .await
        .unwrap();
    let gate = Gate::closed();
    let sinks: Vec<Arc<dyn AuditSink>> = vec![Arc::clone(&gate) as _];
    let auditor = Auditor::start(store, sinks, settings, Logger::root(Discard, o!()));
    Bench {
        auditor,
        gate,
        _folder: folder,
    }
}

fn caller() -> Caller {
    Caller {
        principal: Arc::new(Principal {
            subject: "ann".to_owned(),
            identified_by: IdentifiedBy::ApiKey,
            grants: Vec::new(),
        }),
        correlation_id: "c".to_owned(),
        remote: Some("10.0.0.1".to_owned()),
        trace: Trace::default(),
    }
}

/// Opens and closes records until no more can be opened; how many that were.
async fn fill(auditor: &Auditor) -> usize {
    let mut opened = 0;
    while let Ok(record) = auditor.open(&caller(), AuditAction::Query) {
        record.close(Ok(())).await.unwrap();
        opened += 1;
        assert!(opened < 10_000, "the queue has no end");
    }
    opened
}

const WITHIN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn what_finds_no_room_is_refused() {
    let bench = bench(AuditSettings {
        queue: 4,
        ..AuditSettings::default()
    })
    .await;
    let opened = fill(&bench.auditor).await;
    assert!(opened >= 4);
    bench.gate.open();
    assert!(bench.auditor.flush(WITHIN).await);
    let taken = bench.gate.taken();
    assert_eq!(taken.len(), opened);
    assert!(
        taken
            .iter()
            .all(|record| record.decision == AuditDecision::Allowed
                && record.identified_by == Some(IdentifiedBy::ApiKey))
    );
}

#[tokio::test]
async fn what_is_lost_is_counted_in_the_log_itself() {
    let bench = bench(AuditSettings {
        queue: 4,
        on_failure: OnFailure::Count,
        ..AuditSettings::default()
    })
    .await;
    for _ in 0..100 {
        let record = bench.auditor.open(&caller(), AuditAction::Query).unwrap();
        record.close(Ok(())).await.unwrap();
    }
    bench.gate.open();
    assert!(bench.auditor.flush(WITHIN).await);
    let taken = bench.gate.taken();
    let (lost, kept): (Vec<_>, Vec<_>) = taken
        .iter()
        .partition(|record| record.action == AuditAction::RecordsLost);
    let lost: u64 = lost.iter().map(|record| record.count).sum();
    assert!(lost > 0);
    assert_eq!(kept.len() as u64 + lost, 100);
}

#[tokio::test]
async fn an_answer_waits_until_its_record_is_written() {
    let bench = bench(AuditSettings {
        durability: Durability::Written,
        ..AuditSettings::default()
    })
    .await;
    let record = bench.auditor.open(&caller(), AuditAction::Query).unwrap();
    let mut closing = Box::pin(record.close(Ok(())));
    // Whatever else is ready has its turn; the answer is not.
    for _ in 0..100 {
        tokio::task::yield_now().await;
        let waiting =
            std::future::poll_fn(|context| Poll::Ready(closing.as_mut().poll(context).is_pending()));
        assert!(waiting.await);
    }
    bench.gate.open();
    closing.await.unwrap();
    assert_eq!(bench.gate.taken().len(), 1);
}

#[tokio::test]
async fn a_record_without_an_outcome_says_that_it_was_cancelled() {
    let bench = bench(AuditSettings::default()).await;
    drop(bench.auditor.open(&caller(), AuditAction::Explain).unwrap());
    bench.gate.open();
    assert!(bench.auditor.flush(WITHIN).await);
    let taken = bench.gate.taken();
    assert_eq!(taken[0].decision, AuditDecision::Cancelled);
    assert_eq!(taken[0].code.as_deref(), Some("QUERY_CANCELLED"));
}

#[tokio::test]
async fn a_flood_of_failed_logins_leaves_room_for_work() {
    let bench = bench(AuditSettings {
        queue: 20,
        ..AuditSettings::default()
    })
    .await;
    for number in 0..10_000_u32 {
        bench.auditor.refused_login(RefusedLogin {
            remote: Some(format!("10.0.{}.{}", number / 250 % 250, number % 250)),
            correlation_id: "c".to_owned(),
            tried: IdentifiedBy::Token,
            claimed: None,
            reason: "The token has expired".to_owned(),
        });
    }
    // Half of the queue is left.
    for _ in 0..10 {
        let record = bench.auditor.open(&caller(), AuditAction::Query).unwrap();
        record.close(Ok(())).await.unwrap();
    }
    // One flush has room for as many summaries as half of the queue; the rest waits for the next.
    bench.gate.open();
    let mut counted = 0;
    for _ in 0..200 {
        assert!(bench.auditor.flush(WITHIN).await);
        let taken = bench.gate.taken();
        let logins = taken.iter().filter(|record| record.action == AuditAction::Login);
        counted = logins.map(|record| record.count).sum();
    }
    assert_eq!(counted, 10_000);
    let taken = bench.gate.taken();
    let first = taken.iter().find(|record| record.action == AuditAction::Login);
    let first = first.unwrap();
    assert_eq!(first.rule.as_deref(), Some("The token has expired"));
    assert_eq!(first.code.as_deref(), Some("UNAUTHORIZED"));
}

#[tokio::test]
async fn settings_that_are_taken_over_are_on_record() {
    let bench = bench(AuditSettings::default()).await;
    bench.gate.open();
    bench
        .auditor
        .settings_taken_over(Some(Path::new("/etc/nexus/nexus.toml")));
    assert!(bench.auditor.flush(Duration::from_secs(30)).await);
    let [record] = bench.gate.taken().try_into().unwrap();
    assert_eq!(
        (record.action, record.subject.as_str(), record.decision),
        (AuditAction::SettingsReload, SYSTEM, AuditDecision::Allowed)
    );
    assert_eq!(record.target.as_deref(), Some("/etc/nexus/nexus.toml"));
}
