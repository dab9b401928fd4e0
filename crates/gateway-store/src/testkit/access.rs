//! API keys and roles: what is written is read, by every replica.

use std::time::Duration;

use gateway_core::{
    ApiKey, ApiKeyDraft, DataSourceId, RoleDraft, ScopeSet, SourceGrant, SourcePattern, UnixMicros,
};

use super::{Scratch, opened};
use crate::StoreError;

fn key(prefix: &str) -> ApiKey {
    ApiKey {
        prefix: prefix.to_owned(),
        hash: [7; 32],
        draft: ApiKeyDraft {
            name: "nightly réport".to_owned(),
            scopes: ScopeSet::parse("query audit:read"),
            sources: SourceGrant::Only([DataSourceId::new(), DataSourceId::new()].into()),
            expires_at: Some(UnixMicros(5)),
        },
        created_by: "ann".to_owned(),
        created_at: UnixMicros(4),
        last_used_at: None,
    }
}

fn role(name: &str) -> RoleDraft {
    RoleDraft {
        name: name.to_owned(),
        description: "Who réads".to_owned(),
        scopes: ScopeSet::parse("query"),
        sources: vec![
            SourcePattern::parse("sales-*"),
            SourcePattern::Id(DataSourceId::new()),
        ],
        max_rows: Some(10),
        max_timeout: Some(Duration::from_millis(1500)),
        subjects: vec!["ann".to_owned()],
        groups: vec!["analysts".to_owned(), "…".to_owned()],
    }
}

/// A key comes back as it was; its uses do not go backwards; removed, it is gone.
pub(super) async fn keys_survive_until_removed(scratch: Scratch) {
    let store = opened(&scratch).await;
    let (mut first, second) = (key("aaaa"), key("bbbb"));
    store.create_api_key(&second).await.unwrap();
    store.create_api_key(&first).await.unwrap();
    let taken = store.create_api_key(&first).await.unwrap_err();
    assert!(matches!(taken, StoreError::NameTaken { .. }), "{taken}");
    let before = store.revision().await.unwrap();
    for moment in [30, 20] {
        let uses = vec![
            ("aaaa".to_owned(), UnixMicros(moment)),
            ("gone".to_owned(), UnixMicros(1)),
        ];
        store.touch_api_keys(uses).await.unwrap();
    }
    assert_eq!(store.revision().await.unwrap(), before);
    first.last_used_at = Some(UnixMicros(30));
    let read = opened(&scratch).await.load_access().await.unwrap();
    assert_eq!(read.api_keys, [first, second.clone()]);
    store.delete_api_key("aaaa").await.unwrap();
    assert!(store.revision().await.unwrap() > before);
    assert_eq!(store.load_access().await.unwrap().api_keys, [second]);
    let gone = store.delete_api_key("aaaa").await.unwrap_err();
    assert!(matches!(gone, StoreError::NoApiKey { .. }), "{gone}");
}

/// A role comes back as it was; changes count and can be conditional.
pub(super) async fn roles_change_under_their_version(scratch: Scratch) {
    let store = opened(&scratch).await;
    let made = store.create_role(&role("readers")).await.unwrap();
    assert_eq!(made.version, 1);
    let taken = store.create_role(&role("readers")).await.unwrap_err();
    assert!(matches!(taken, StoreError::NameTaken { .. }), "{taken}");
    assert_eq!(
        opened(&scratch).await.load_access().await.unwrap().roles,
        std::slice::from_ref(&made)
    );
    let mut next = role("readers");
    (next.max_rows, next.max_timeout) = (None, None);
    let stale = store.update_role(&next, Some(2)).await.unwrap_err();
    assert!(
        matches!(stale, StoreError::RoleVersionMismatch { actual: 1, .. }),
        "{stale}"
    );
    let changed = store.update_role(&next, Some(1)).await.unwrap();
    assert_eq!((changed.version, changed.created_at), (2, made.created_at));
    assert_eq!(store.load_access().await.unwrap().roles, [changed]);
    let absent = store.update_role(&role("others"), None).await.unwrap_err();
    assert!(matches!(absent, StoreError::NoRole { .. }), "{absent}");
    assert!(store.delete_role("readers", Some(1)).await.is_err());
    store.delete_role("readers", Some(2)).await.unwrap();
    assert_eq!(store.load_access().await.unwrap().roles, []);
}
