//! Several processes on one store.

use std::sync::Arc;

use gateway_core::{DataSourceId, Secret};

use super::{KEY_A, PASSWORD, Scratch, draft, opened, ring};
use crate::{StoreError, StoreOptions, open};

pub(super) async fn every_change_bumps_the_revision(scratch: Scratch) {
    let store = opened(&scratch).await;
    let mut last = store.revision().await.unwrap();
    let mut bumped = async |expected: u64| {
        let now = store.revision().await.unwrap();
        assert_eq!(now - last, expected);
        last = now;
    };
    let a = store.create(&draft("a")).await.unwrap();
    bumped(1).await;
    store.update(a.id, &draft("b"), None).await.unwrap();
    bumped(1).await;
    // What fails changes nothing.
    assert!(store.create(&draft("B")).await.is_err());
    assert!(store.update(a.id, &draft("c"), Some(9)).await.is_err());
    assert!(
        store
            .update(DataSourceId::new(), &draft("c"), None)
            .await
            .is_err()
    );
    assert!(store.delete(a.id, Some(9)).await.is_err());
    bumped(0).await;
    store.delete(a.id, None).await.unwrap();
    bumped(1).await;
    store.load_all().await.unwrap();
    store.ping().await.unwrap();
    bumped(0).await;
}

pub(super) async fn a_change_is_seen_by_others(scratch: Scratch) {
    let one = opened(&scratch).await;
    let two = opened(&scratch).await;
    let before = two.load_all().await.unwrap();
    assert!(before.sources.is_empty());
    let b = one.create(&draft("b")).await.unwrap();
    let a = one.create(&draft("A")).await.unwrap();
    assert_ne!(two.revision().await.unwrap(), before.revision);
    let after = two.load_all().await.unwrap();
    assert_eq!(after.revision, one.revision().await.unwrap());
    let password = Some(Secret::new(PASSWORD));
    assert_eq!(after.sources, [(a, password.clone()), (b, password)]);
}

pub(super) async fn one_of_many_conditional_changes_wins(scratch: Scratch) {
    let one = opened(&scratch).await;
    let two = opened(&scratch).await;
    let source = one.create(&draft("a")).await.unwrap();
    let attempts: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { &one } else { &two });
            tokio::spawn(async move {
                store
                    .update(source.id, &draft(&format!("n{number}")), Some(1))
                    .await
            })
        })
        .collect();
    let mut winners = Vec::new();
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(changed) => winners.push(changed),
            Err(StoreError::VersionMismatch { actual: 2, .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(one.get(source.id).await.unwrap().as_ref(), winners.first());
}

pub(super) async fn one_of_many_equal_names_wins(scratch: Scratch) {
    let store = opened(&scratch).await;
    let attempts: Vec<_> = ["Same", "same", "SAME", "sAME", "saME", "samE"]
        .into_iter()
        .map(|name| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.create(&draft(name)).await })
        })
        .collect();
    let mut created = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(_) => created += 1,
            Err(StoreError::NameTaken { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(created, 1);
}

pub(super) async fn many_may_start_at_once(scratch: Scratch) {
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = scratch.url().clone();
            tokio::spawn(async move { open(&url, ring(KEY_A), &StoreOptions::default()).await })
        })
        .collect();
    for start in starts {
        let store = start.await.unwrap().unwrap();
        store.ping().await.unwrap();
    }
}
