//! What ten thousand registered sources cost a gateway: the time of its start, its memory, and the routing of a statement.
//!
//! `cargo build --release -p nexus-gateway && NEXUS_TEST_BINARY=target/release/nexus-gateway cargo bench -p nexus-tests --bench
//! many_sources`

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "this is a benchmark; a panic is a failure with a place"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use gateway_core::{
    Engine, Grant, IdentifiedBy, Principal, Scope, Secret, SourceConfig, SourceDraft, SourceGrant,
    SourceStatus,
};
use gateway_drivers::Drivers;
use gateway_service::{
    AdmissionSettings, AuditSettings, Auditor, QueryService, QuerySettings, SlowQueries, SourceService,
};
use gateway_store::{KeyRing, Store, StoreOptions};
use nexus_tests::Gateway;
use reqwest::Method;
use slog::{Discard, Logger, o};

const MANY: usize = 10_000;
const STARTS: usize = 5;
const DECISIONS: usize = 200_000;
const TEXTS: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    for count in [1, MANY] {
        let place = folder.path().join(format!("{count}.db"));
        let store = fill(&place, count).await;
        routing(&store, count).await;
        drop(store);
        starts(&place, count).await;
    }
}

async fn fill(place: &Path, count: usize) -> Arc<dyn Store> {
    let keys = place.with_extension("db.keyring");
    let ring = KeyRing::generate_file(&keys).unwrap();
    let url = format!("sqlite://{}", place.display()).parse().unwrap();
    let store = gateway_store::open(&url, ring, &StoreOptions::default())
        .await
        .unwrap();
    for number in 0..count {
        let draft = SourceDraft {
            name: format!("source {number}"),
            engine: Engine::ALL[number % 3],
            description: "One of many".to_owned(),
            status: SourceStatus::Active,
            config: SourceConfig {
                host: Some(format!("db{number}.example.com")),
                database: Some("shop".to_owned()),
                username: Some("reader".to_owned()),
                ..SourceConfig::default()
            },
            password: Some(Secret::new(format!("password {number}"))),
        };
        store.create(&draft).await.unwrap();
    }
    store
}

/// From a caller who is known to a statement that is approved: all but the waiting.
async fn routing(store: &Arc<dyn Store>, count: usize) {
    let log = Logger::root(Discard, o!());
    let auditor = Auditor::start(Arc::clone(store), vec![], AuditSettings::default(), log.clone());
    let sources = Arc::new(SourceService::new(
        Arc::clone(store),
        Drivers::builtin(),
        auditor.clone(),
    ));
    let begun = Instant::now();
    sources.refresh().await.unwrap();
    let loading = begun.elapsed();
    let queries = QueryService::new(
        Arc::clone(&sources),
        auditor,
        Arc::new(ArcSwap::from_pointee(QuerySettings::default())),
        AdmissionSettings::default(),
        Arc::new(SlowQueries::new(log, None)),
    );
    let caller = Principal {
        subject: "bench".to_owned(),
        identified_by: IdentifiedBy::Token,
        grants: vec![Grant::new([Scope::Query].into_iter().collect(), SourceGrant::All)],
    };
    let ids: Vec<_> = store
        .load_all()
        .await
        .unwrap()
        .sources
        .into_iter()
        .map(|(source, _)| source.id)
        .collect();
    let texts: Vec<String> = (0..TEXTS)
        .map(|number| format!("SELECT a, b FROM t{number} WHERE id = ?"))
        .collect();
    let mut times = Vec::with_capacity(DECISIONS);
    for number in 0..DECISIONS {
        // A stride that meets every source, and each often enough to know its texts.
        let (source, text) = (ids[number * 7919 % ids.len().min(100)], &texts[number % TEXTS]);
        let begun = Instant::now();
        queries.check(&caller, source, text).unwrap().unwrap();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{count} sources: loaded in {loading:.1?}; a statement routed and approved in {:.1?} (p50), {:.1?} (p99)",
        at(0.5),
        at(0.99)
    );
}

async fn starts(place: &Path, count: usize) {
    let settings = format!("store.url = \"sqlite://{}\"\n", place.display());
    let (mut times, mut memory) = (Vec::new(), 0);
    for _ in 0..STARTS {
        let begun = Instant::now();
        let gateway = Gateway::start_with(&settings).await.unwrap();
        let answer = gateway.send(Method::GET, "/api/v1/drivers", None).await.unwrap();
        assert_eq!(answer.status, 200);
        times.push(begun.elapsed());
        memory = resident_mebibytes(gateway.pid().unwrap());
        gateway.stop().await.unwrap();
    }
    times.sort_unstable();
    let median: Duration = times[STARTS / 2];
    println!("{count} sources: first answer {median:.0?} after the start, then {memory} MiB resident");
}

fn resident_mebibytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes / 1024
}
