//! Every fault befalls the gateway's own store, on MySQL: queries go on, changes are refused and work again soon, and no record
//! is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Failed, Gateway, Outcome, Trials, run_gateway};
use reqwest::Method;
use serde_json::json;

use super::load::Load;
use super::sources::{PATIENCE, SOON, busy, none_is_unusual};
use super::table::Fault;
use super::target::Target;
use super::whole::{held, is_alive, until_at_rest};

/// The longest that a change may take while the store is away.
const CHANGE: Duration = Duration::from_secs(15);

pub(super) fn register(trials: &mut Trials) {
    for fault in Fault::ALL {
        let name = format!("chaos::store::{fault:?}").to_lowercase();
        let trial = move |server| async move {
            let target = Target::server(server).await?;
            let outcome = course(fault, &target).await;
            let removed = target.remove().await;
            outcome.and(removed)
        };
        if fault.needs_the_server_alone() {
            trials.engine_alone(&name, Engine::MySql, trial);
        } else {
            trials.engine(&name, Engine::MySql, trial);
        }
    }
}

/// What became of a change.
#[derive(Debug, Clone)]
struct Change {
    code: String,
    begun: Instant,
    took: Duration,
}

async fn course(fault: Fault, store: &Target) -> Outcome {
    store.make_store().await?;
    let folder = tempfile::tempdir()?;
    let keys = folder.path().join("keys");
    gateway_store::KeyRing::generate_file(&keys)?;
    let settings = format!(
        "limits.per_caller = 1000\n[store]\nurl = \"{}\"\nkeyring_file = \"{}\"\n",
        store.store_url(),
        keys.display()
    );
    let gateway = Arc::new(Gateway::start_with(&settings).await?);
    let file = Target::file().await?;
    let source = gateway.register_as(&file.source()).await?;
    let before = held(&gateway)?;
    let load = Load::start(&gateway, source, Engine::Sqlite);
    let is_over = Arc::<AtomicBool>::default();
    let changes = Arc::<Mutex<Vec<Change>>>::default();
    let changing = tokio::spawn(change(
        Arc::clone(&gateway),
        source,
        Arc::clone(&is_over),
        Arc::clone(&changes),
    ));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let grip = store.inflict(fault).await?;
    tokio::time::sleep(fault.lasts()).await;
    store.heal(fault, grip).await?;
    if fault == Fault::PasswordChanged {
        store.set_password("first").await?;
    }
    let recovery = until_well(&gateway, &changes, Instant::now()).await?;
    is_over.store(true, Ordering::SeqCst);
    changing.await??;
    // Who only queries has not noticed anything.
    let seen = load.stop().await?;
    none_is_unusual(&seen)?;
    let changes = lock(&changes).clone();
    let refused: Vec<_> = changes.iter().filter(|change| !change.code.is_empty()).collect();
    let longest = changes.iter().map(|change| change.took).max().unwrap_or_default();
    println!(
        "{fault:?} of the store: {} queries; {} changes, {} refused, the longest took {longest:.1?}; well after {recovery:.1?}",
        seen.len(),
        changes.len(),
        refused.len()
    );
    for change in refused {
        assert!(
            matches!(
                change.code.as_str(),
                "CONNECTION_ERROR" | "TIMEOUT_ERROR" | "OVERLOADED"
            ),
            "{change:?}"
        );
    }
    assert!(longest < CHANGE + busy(), "{longest:?}");
    until_at_rest(&gateway, source, &file, Some(before)).await?;
    is_on_record(&gateway, seen.len()).await?;
    is_alive(&gateway).await
}

/// Changes the source's description again and again.
async fn change(
    gateway: Arc<Gateway>,
    source: DataSourceId,
    is_over: Arc<AtomicBool>,
    changes: Arc<Mutex<Vec<Change>>>,
) -> Outcome {
    let path = format!("/api/v1/datasources/{source}");
    for number in 0.. {
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        let begun = Instant::now();
        let patch = json!({"description": format!("change {number}")});
        let answer = gateway.send(Method::PATCH, &path, Some(&patch)).await?;
        let code = match answer.status {
            200 => String::new(),
            _ => answer.code().to_owned(),
        };
        lock(&changes).push(Change {
            code,
            begun,
            took: begun.elapsed(),
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Waits until changes are made and the gateway calls itself ready.
async fn until_well(
    gateway: &Gateway,
    changes: &Mutex<Vec<Change>>,
    healed: Instant,
) -> Result<Duration, Failed> {
    loop {
        let is_made = lock(changes)
            .last()
            .is_some_and(|change| change.begun > healed && change.code.is_empty());
        let ready = gateway.send(Method::GET, "/health/ready", None).await?;
        if is_made && ready.status == 200 {
            let took = healed.elapsed();
            assert!(took < SOON + busy(), "{took:?}");
            return Ok(took);
        }
        if healed.elapsed() > PATIENCE {
            return Err(format!(
                "the store does not come back: {:?}, {}",
                lock(changes).last(),
                ready.text
            )
            .into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Every query is on record, and the chain holds.
async fn is_on_record(gateway: &Gateway, queries: usize) -> Outcome {
    let asked = Instant::now();
    loop {
        let metrics = gateway.send(Method::GET, "/metrics", None).await?.text;
        let figure = |name: &str| {
            let line = metrics
                .lines()
                .find_map(|line| line.strip_prefix(name)?.trim().parse::<usize>().ok());
            line.unwrap_or(0)
        };
        assert_eq!(figure("nexus_audit_records_lost_total"), 0);
        if figure("nexus_audit_queue_waiting") == 0 && figure("nexus_audit_records_total") >= queries {
            break;
        }
        assert!(asked.elapsed() < PATIENCE, "{queries} queries: {metrics}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let verified = run_gateway(&gateway.folder().join("nexus.toml"), &["audit", "verify"]).await?;
    assert_eq!(verified.code, Some(0), "{}", verified.said);
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
