//! Data sources are created, read, changed, removed and listed.

use std::collections::BTreeMap;
use std::time::Duration;

use gateway_core::{DataSourceId, Engine, Secret, SourceConfig, SourceStatus, TlsMode, UnixMicros};

use super::{PASSWORD, Scratch, draft, opened};
use crate::{Page, SourceFilter, Store, StoreError};

pub(super) async fn every_field_survives(scratch: Scratch) {
    let store = opened(&scratch).await;
    let before = UnixMicros::now();
    let full = gateway_core::SourceDraft {
        name: "Größe 数据 \u{1f600} '\"\\".into(),
        engine: Engine::Oracle,
        description: "first line\nsecond\t'line'".into(),
        status: SourceStatus::Inactive,
        config: SourceConfig {
            host: Some("h".into()),
            port: Some(65_535),
            database: Some("d".into()),
            username: Some("u".into()),
            path: Some("/p".into()),
            service_name: Some("s".into()),
            sid: Some("i".into()),
            connect_descriptor: Some("(c)".into()),
            tls: TlsMode::VerifyFull,
            tls_ca: Some("-----BEGIN CERTIFICATE-----\n".repeat(5000)),
            tls_cert: Some("-----BEGIN CERTIFICATE-----\n".into()),
            tls_key: Some("file:/k".into()),
            connect_timeout: Duration::from_millis(1),
            acquire_timeout: Duration::from_millis(2),
            query_timeout: Duration::from_millis(3),
            max_pool_size: 4,
            idle_timeout: Duration::from_millis(5),
            max_lifetime: Duration::from_hours(24),
            timezone: "UTC".into(),
            options: BTreeMap::from([("k".into(), "v".into())]),
        },
        password: Some(Secret::new("pässwörd\0 \u{1f511}")),
    };
    let created = store.create(&full).await.unwrap();
    assert_eq!(created.version, 1);
    assert!(created.password_set);
    assert!(created.created_at >= before && created.created_at == created.updated_at);
    assert_eq!(created.config, full.config);
    let read = store.get(created.id).await.unwrap().unwrap();
    assert_eq!(read, created);
    assert_eq!(store.password(created.id).await.unwrap(), full.password);

    let empty = gateway_core::SourceDraft {
        password: None,
        config: SourceConfig::default(),
        ..draft("empty")
    };
    let created = store.create(&empty).await.unwrap();
    assert!(!created.password_set);
    assert_eq!(store.get(created.id).await.unwrap().unwrap(), created);
    assert_eq!(store.password(created.id).await.unwrap(), None);
}

pub(super) async fn names_are_unique_without_regard_to_case(scratch: Scratch) {
    let store = opened(&scratch).await;
    let first = store.create(&draft("Größe")).await.unwrap();
    let second = store.create(&draft("other")).await.unwrap();
    let taken = store.create(&draft("GRÖSSE")).await;
    assert!(taken.is_ok(), "ß and SS differ in lower case");
    for name in ["Größe", "GRÖßE", "größe"] {
        let result = store.create(&draft(name)).await;
        assert!(
            matches!(result, Err(StoreError::NameTaken { name: told }) if told == name),
            "{name}"
        );
    }
    let result = store.update(second.id, &draft("größe"), None).await;
    assert!(matches!(result, Err(StoreError::NameTaken { .. })));
    assert_eq!(store.get(second.id).await.unwrap().unwrap(), second);
    // A source may change the case of its own name, and a removed one frees its name.
    let renamed = store.update(first.id, &draft("GRÖßE"), None).await.unwrap();
    assert_eq!(renamed.name, "GRÖßE");
    store.delete(first.id, None).await.unwrap();
    store.create(&draft("größe")).await.unwrap();
    // Accents are not case.
    store.create(&draft("große")).await.unwrap();
}

pub(super) async fn a_change_counts_and_can_be_conditional(scratch: Scratch) {
    let store = opened(&scratch).await;
    let created = store.create(&draft("a")).await.unwrap();
    let mut next = draft("b");
    next.status = SourceStatus::Inactive;
    let changed = store.update(created.id, &next, Some(1)).await.unwrap();
    assert_eq!((changed.version, changed.name.as_str()), (2, "b"));
    assert_eq!(changed.created_at, created.created_at);
    assert!(changed.updated_at >= created.updated_at);
    assert_eq!(store.get(created.id).await.unwrap().unwrap(), changed);
    let stale = store.update(created.id, &draft("c"), Some(1)).await;
    assert!(matches!(
        stale,
        Err(StoreError::VersionMismatch {
            expected: 1,
            actual: 2,
            ..
        })
    ));
    assert_eq!(store.get(created.id).await.unwrap().unwrap(), changed);
    let unconditional = store.update(created.id, &draft("c"), None).await.unwrap();
    assert_eq!(unconditional.version, 3);
    let nobody = store.update(DataSourceId::new(), &draft("d"), None).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

pub(super) async fn a_change_without_a_password_keeps_it(scratch: Scratch) {
    let store = opened(&scratch).await;
    let created = store.create(&draft("a")).await.unwrap();
    let mut next = draft("b");
    next.password = None;
    let changed = store.update(created.id, &next, None).await.unwrap();
    assert!(changed.password_set);
    assert_eq!(
        store.password(created.id).await.unwrap(),
        Some(Secret::new(PASSWORD))
    );
    next.password = Some(Secret::new("new"));
    store.update(created.id, &next, None).await.unwrap();
    assert_eq!(
        store.password(created.id).await.unwrap(),
        Some(Secret::new("new"))
    );
    let nobody = store.password(DataSourceId::new()).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

pub(super) async fn a_removed_source_is_gone(scratch: Scratch) {
    let store = opened(&scratch).await;
    let created = store.create(&draft("a")).await.unwrap();
    let stale = store.delete(created.id, Some(7)).await;
    assert!(matches!(
        stale,
        Err(StoreError::VersionMismatch {
            expected: 7,
            actual: 1,
            ..
        })
    ));
    store.delete(created.id, Some(1)).await.unwrap();
    assert_eq!(store.get(created.id).await.unwrap(), None);
    let again = store.delete(created.id, None).await;
    assert!(matches!(again, Err(StoreError::NotFound { id }) if id == created.id));
}

pub(super) async fn lists_are_filtered(scratch: Scratch) {
    let store = opened(&scratch).await;
    for (name, engine, status) in [
        ("Sales EU", Engine::MySql, SourceStatus::Active),
        ("sales US", Engine::PostgreSql, SourceStatus::Inactive),
        ("100%_sure", Engine::MySql, SourceStatus::Inactive),
    ] {
        let source = gateway_core::SourceDraft {
            engine,
            status,
            ..draft(name)
        };
        store.create(&source).await.unwrap();
    }
    let name = |name: &str| SourceFilter {
        name: Some(name.into()),
        ..SourceFilter::default()
    };
    let everything = ["100%_sure", "Sales EU", "sales US"];
    assert_eq!(names(&*store, &SourceFilter::default()).await, everything);
    assert_eq!(names(&*store, &name("SALES")).await, ["Sales EU", "sales US"]);
    assert_eq!(names(&*store, &name("%_S")).await, ["100%_sure"]);
    assert_eq!(names(&*store, &name("_")).await, ["100%_sure"]);
    assert!(names(&*store, &name("s%s")).await.is_empty());
    let mysql = SourceFilter {
        engine: Some(Engine::MySql),
        ..SourceFilter::default()
    };
    assert_eq!(names(&*store, &mysql).await, ["100%_sure", "Sales EU"]);
    let both = SourceFilter {
        status: Some(SourceStatus::Inactive),
        ..mysql
    };
    assert_eq!(names(&*store, &both).await, ["100%_sure"]);
    let all = SourceFilter {
        name: Some("sales".into()),
        ..both
    };
    assert!(names(&*store, &all).await.is_empty());
}

async fn names(store: &dyn Store, filter: &SourceFilter) -> Vec<String> {
    let page = store.list(filter, &Page::default()).await.unwrap();
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|source| source.name).collect()
}

pub(super) async fn lists_are_paged(scratch: Scratch) {
    let store = opened(&scratch).await;
    let mut expected: Vec<String> = (0..7).map(|number| format!("Source {number}")).collect();
    for name in expected.iter().rev() {
        store.create(&draft(name)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    let mut pages = 0;
    loop {
        let page = Page { limit: 3, cursor };
        let page = store.list(&SourceFilter::default(), &page).await.unwrap();
        pages += 1;
        seen.extend(page.items.into_iter().map(|source| source.name));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
        if pages == 1 {
            // What comes and goes between pages neither repeats nor hides others.
            let middle = store.create(&draft("source 0b")).await.unwrap();
            store.delete(middle.id, None).await.unwrap();
            store.create(&draft("Source 9")).await.unwrap();
        }
    }
    expected.push("Source 9".into());
    assert_eq!((seen, pages), (expected, 3));
    let foreign = Page {
        limit: 3,
        cursor: Some("bm9uZQ".into()),
    };
    let refused = store.list(&SourceFilter::default(), &foreign).await;
    assert!(matches!(refused, Err(StoreError::BadCursor)));
    let zero = Page {
        limit: 0,
        cursor: None,
    };
    let page = store.list(&SourceFilter::default(), &zero).await.unwrap();
    assert_eq!(page.items.len(), 1);
}
