//! A new key takes over while the store is in use.

use std::path::PathBuf;
use std::sync::Arc;

use gateway_core::Secret;

use super::audit::record;
use super::{PASSWORD, Scratch, draft};
use crate::{KeyRing, KeyUse, Store, StoreError, StoreOptions, open};

/// A key ring in a file.
struct RingFile {
    path: PathBuf,
}

impl RingFile {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("nexus-keys-{}", uuid::Uuid::new_v4().simple()));
        KeyRing::generate_file(&path).unwrap();
        Self { path }
    }

    fn read(&self) -> KeyRing {
        KeyRing::load_file(&self.path).unwrap()
    }

    fn rotate(&self) {
        self.read()
            .with_new_key()
            .unwrap()
            .replace_file(&self.path)
            .unwrap();
    }
}

impl Drop for RingFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn opened(scratch: &Scratch, ring: KeyRing) -> Arc<dyn Store> {
    open(scratch.url(), ring, &StoreOptions::default()).await.unwrap()
}

async fn uses(store: &dyn Store) -> Vec<KeyUse> {
    store.key_uses().await.unwrap()
}

async fn reseal_all(store: &dyn Store) -> u64 {
    let mut done = 0;
    loop {
        match store.reseal().await.unwrap() {
            0 => return done,
            more => done += more,
        }
    }
}

pub(super) async fn everything_is_sealed_anew_a_little_at_a_time(scratch: Scratch) {
    let file = RingFile::new();
    let running = opened(&scratch, file.read()).await;
    for number in 0..120 {
        running.create(&draft(&format!("n{number}"))).await.unwrap();
    }
    file.rotate();
    let rotating = opened(&scratch, file.read()).await;
    let mut left = 120;
    while left > 0 {
        let done = rotating.reseal().await.unwrap();
        assert!((1..=50).contains(&done), "{done}");
        left -= done;
        let keys = uses(&*rotating).await;
        assert_eq!((keys[0].passwords, keys[1].passwords), (left, 120 - left));
        // Whoever has not heard of the new key finds it when it is needed.
        let snapshot = running.load_all().await.unwrap();
        assert!(
            snapshot
                .sources
                .iter()
                .all(|(_, password)| *password == Some(Secret::new(PASSWORD)))
        );
        // Nobody sees a change.
        assert!(snapshot.sources.iter().all(|(source, _)| source.version == 1));
    }
    assert_eq!(rotating.reseal().await.unwrap(), 0);
    let newest_only = opened(&scratch, file.read().newest_only()).await;
    assert_eq!(newest_only.load_all().await.unwrap().sources.len(), 120);
}

pub(super) async fn chains_are_authenticated_anew(scratch: Scratch) {
    let file = RingFile::new();
    let first = opened(&scratch, file.read()).await;
    first.append([record(1, "ann")].into()).await.unwrap();
    drop(first);
    let second = opened(&scratch, file.read()).await;
    second.append([record(2, "ann")].into()).await.unwrap();
    file.rotate();
    let rotating = opened(&scratch, file.read()).await;
    // Both ends of two chains, and their number.
    assert_eq!(uses(&*rotating).await[0].audit, 5);
    assert_eq!(reseal_all(&*rotating).await, 5);
    let keys = uses(&*rotating).await;
    assert_eq!((keys[0].audit, keys[1].audit), (0, 5));
    // The writer goes on where it was.
    second.append([record(3, "ann")].into()).await.unwrap();
    reseal_all(&*rotating).await;
    let newest_only = opened(&scratch, file.read().newest_only()).await;
    let verdict = newest_only.verify_audit(&|_| {}).await.unwrap();
    assert_eq!((verdict.chains, verdict.records), (2, 3));
    assert!(verdict.broken.is_empty());
}

pub(super) async fn what_was_altered_is_not_authenticated_anew(scratch: Scratch) {
    let file = RingFile::new();
    let store = opened(&scratch, file.read()).await;
    store
        .append([record(1, "ann"), record(2, "ann")].into())
        .await
        .unwrap();
    scratch
        .execute("UPDATE audit_chains SET head_seq = 1")
        .await
        .unwrap();
    file.rotate();
    let rotating = opened(&scratch, file.read()).await;
    reseal_all(&*rotating).await;
    let keys = uses(&*rotating).await;
    assert_eq!((keys[0].audit, keys[1].audit), (1, 2));
    let verdict = rotating.verify_audit(&|_| {}).await.unwrap();
    assert_eq!(verdict.broken.len(), 1);
}

pub(super) async fn a_replica_finds_the_new_key_by_itself(scratch: Scratch) {
    let file = RingFile::new();
    let old = opened(&scratch, file.read()).await;
    file.rotate();
    let new = opened(&scratch, file.read()).await;
    let created = new.create(&draft("a")).await.unwrap();
    assert_eq!(
        old.password(created.id).await.unwrap(),
        Some(Secret::new(PASSWORD))
    );
    // Told that keys have changed, it seals with the new one.
    new.announce_keys().await.unwrap();
    old.load_all().await.unwrap();
    old.create(&draft("b")).await.unwrap();
    let keys = uses(&*new).await;
    assert_eq!((keys[0].passwords, keys[1].passwords), (0, 2));
}

pub(super) async fn a_retired_key_seals_nothing(scratch: Scratch) {
    let file = RingFile::new();
    let old = opened(&scratch, file.read()).await;
    let stale = opened(&scratch, KeyRing::from_text(&file.read().to_text()).unwrap()).await;
    let source = old.create(&draft("a")).await.unwrap();
    file.rotate();
    let new = opened(&scratch, file.read()).await;
    reseal_all(&*new).await;
    new.retire_keys().await.unwrap();
    new.retire_keys().await.unwrap();
    // Whoever can read the new ring does so; whoever cannot is refused, and says why.
    old.create(&draft("b")).await.unwrap();
    old.update(source.id, &draft("a"), None).await.unwrap();
    let error = stale.create(&draft("c")).await.err();
    assert!(matches!(error, Some(StoreError::KeyRetired { .. })), "{error:?}");
    let keys = uses(&*new).await;
    assert!(keys[0].retired && !keys[0].is_needed(), "{keys:?}");
    assert_eq!(keys[1].passwords, 2);
}
