//! Passwords are sealed, and a store is refused whose passwords the ring does not open.

use gateway_core::Secret;

use super::{KEY_A, KEY_B, OTHER_KEY_A, PASSWORD, Scratch, draft, opened, ring};
use crate::{KeyRing, StoreError, StoreOptions, open};

pub(super) async fn passwords_are_sealed_at_rest(scratch: Scratch) {
    let store = opened(&scratch).await;
    let created = store.create(&draft("a")).await.unwrap();
    assert!(!format!("{created:?}").contains(PASSWORD));
    let snapshot = store.load_all().await.unwrap();
    assert!(!format!("{snapshot:?}").contains(PASSWORD));
    for column in ["name", "description", "config", "password"] {
        let values = scratch
            .bytes(&format!("SELECT {column} FROM data_sources"))
            .await
            .unwrap();
        assert!(!values.is_empty());
        let found = values.iter().any(|value| {
            value
                .windows(PASSWORD.len())
                .any(|part| part == PASSWORD.as_bytes())
        });
        assert!(!found, "in column {column}");
    }
}

pub(super) async fn a_password_does_not_open_for_another_source(scratch: Scratch) {
    let store = opened(&scratch).await;
    let victim = store.create(&draft("victim")).await.unwrap();
    let other = store.create(&draft("other")).await.unwrap();
    scratch
        .execute(
            "UPDATE data_sources SET password = (SELECT password FROM (SELECT password FROM data_sources \
             WHERE name = 'victim') AS taken) WHERE name = 'other'",
        )
        .await
        .unwrap();
    let moved = store.password(other.id).await;
    assert!(matches!(moved, Err(StoreError::Credential { id, .. }) if id == other.id));
    let all = store.load_all().await;
    assert!(matches!(all, Err(StoreError::Credential { id, .. }) if id == other.id));
    assert_eq!(
        store.password(victim.id).await.unwrap(),
        Some(Secret::new(PASSWORD))
    );
}

pub(super) async fn a_ring_without_the_key_is_refused(scratch: Scratch) {
    opened(&scratch).await.create(&draft("a")).await.unwrap();
    let error = open_with(&scratch, ring(KEY_B)).await.err().unwrap();
    assert!(
        matches!(&error, StoreError::MissingKeys { missing } if *missing == [("a".to_owned(), 1)]),
        "{error}"
    );
    opened(&scratch).await;
}

pub(super) async fn another_key_of_the_same_name_is_refused(scratch: Scratch) {
    // Even before anything was sealed: the mistake must not wait until a password is lost by it.
    opened(&scratch).await;
    let error = open_with(&scratch, ring(OTHER_KEY_A)).await.err().unwrap();
    assert!(
        matches!(&error, StoreError::WrongKey { key_id } if key_id == "a"),
        "{error}"
    );
}

pub(super) async fn old_passwords_open_after_a_key_is_added(scratch: Scratch) {
    let untold = opened(&scratch).await;
    let old = untold.create(&draft("old")).await.unwrap();
    let both = ring(&format!("{KEY_A}\n{KEY_B}"));
    let store = open_with(&scratch, both).await.unwrap();
    let new = store.create(&draft("new")).await.unwrap();
    for id in [old.id, new.id] {
        assert_eq!(store.password(id).await.unwrap(), Some(Secret::new(PASSWORD)));
    }
    let error = open_with(&scratch, ring(KEY_A)).await.err();
    assert!(matches!(error, Some(StoreError::MissingKeys { missing }) if missing[0].0 == "b"));
    // A replica that was not told of the new key says so, instead of handing out half of the sources.
    let half = untold.load_all().await;
    assert!(matches!(half, Err(StoreError::Credential { id, .. }) if id == new.id));
    // Sealed anew with the newest key, the old one is no longer needed.
    store.update(old.id, &draft("old"), None).await.unwrap();
    let store = open_with(&scratch, ring(KEY_B)).await.unwrap();
    assert_eq!(store.password(old.id).await.unwrap(), Some(Secret::new(PASSWORD)));
}

async fn open_with(scratch: &Scratch, ring: KeyRing) -> Result<std::sync::Arc<dyn crate::Store>, StoreError> {
    open(scratch.url(), ring, &StoreOptions::default()).await
}
