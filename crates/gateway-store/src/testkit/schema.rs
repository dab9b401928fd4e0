//! Tables are brought up to date once, and tables that do not fit are refused.

use super::{KEY_A, Scratch, opened, ring};
use crate::migrations::MIGRATIONS;
use crate::{StoreError, StoreOptions, StoreUrl, migrate, open};

pub(super) async fn migrations_run_once(scratch: Scratch) {
    let options = StoreOptions::default();
    let names: Vec<_> = MIGRATIONS.iter().map(|migration| migration.name).collect();
    let first = migrate(scratch.url(), &options).await.unwrap();
    assert_eq!(first.applied, names);
    let second = migrate(scratch.url(), &options).await.unwrap();
    assert!(second.applied.is_empty());
    assert_eq!(second.version, first.version);
    if let StoreUrl::Sqlite { .. } = scratch.url() {
        return;
    }
    // Where the tables' changes cannot be undone, an interrupted migration is run again from its start.
    scratch.execute("DELETE FROM schema_migrations").await.unwrap();
    let again = migrate(scratch.url(), &options).await.unwrap();
    assert_eq!(again.applied, names);
}

pub(super) async fn outdated_tables_are_refused_when_told(scratch: Scratch) {
    let options = StoreOptions {
        migrate: false,
        ..StoreOptions::default()
    };
    let error = open(scratch.url(), ring(KEY_A), &options).await.err();
    assert!(
        matches!(error, Some(StoreError::SchemaOutdated { .. })),
        "{error:?}"
    );
    migrate(scratch.url(), &options).await.unwrap();
    open(scratch.url(), ring(KEY_A), &options).await.unwrap();
}

pub(super) async fn a_newer_schema_is_refused(scratch: Scratch) {
    drop(opened(&scratch).await);
    scratch
        .execute(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'x', 'x', 0)",
        )
        .await
        .unwrap();
    for migrate in [true, false] {
        let options = StoreOptions {
            migrate,
            ..StoreOptions::default()
        };
        let error = open(scratch.url(), ring(KEY_A), &options).await.err();
        assert!(
            matches!(error, Some(StoreError::SchemaTooNew { found: 9999, .. })),
            "{error:?}"
        );
    }
}

pub(super) async fn a_changed_migration_is_refused(scratch: Scratch) {
    drop(opened(&scratch).await);
    scratch
        .execute("UPDATE schema_migrations SET checksum = 'changed' WHERE version = 1")
        .await
        .unwrap();
    let error = open(scratch.url(), ring(KEY_A), &StoreOptions::default())
        .await
        .err();
    assert!(
        matches!(error, Some(StoreError::MigrationChanged { .. })),
        "{error:?}"
    );
}
