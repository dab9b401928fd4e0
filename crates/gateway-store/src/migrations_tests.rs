//! The series is complete and in step, and what does not fit it is refused.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

const DIALECTS: [Dialect; 2] = [Dialect::MySql, Dialect::Sqlite];

#[test]
fn both_folders_hold_exactly_the_series() {
    let expected: BTreeSet<String> = MIGRATIONS
        .iter()
        .map(|migration| format!("{}.sql", migration.name))
        .collect();
    for folder in ["mysql", "sqlite"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(folder);
        let found: BTreeSet<String> = std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(found, expected, "{folder}");
    }
}

#[test]
fn numbers_follow_each_other_and_begin_the_names() {
    for (index, migration) in MIGRATIONS.iter().enumerate() {
        assert_eq!(migration.version as usize, index + 1);
        assert!(migration.name.starts_with(&format!("{:04}_", migration.version)));
    }
}

#[test]
fn texts_fall_into_statements() {
    for dialect in DIALECTS {
        let statements: Vec<_> = MIGRATIONS[0].statements(dialect).collect();
        assert_eq!(statements.len(), 4, "{statements:#?}");
        assert!(
            statements
                .iter()
                .all(|text| text.starts_with("CREATE TABLE") || text.starts_with("INSERT "))
        );
    }
}

#[test]
fn what_is_missing_is_found_in_order() {
    let names = |applied: &[Applied]| -> Vec<_> {
        pending(MIGRATIONS, applied, Dialect::Sqlite)
            .unwrap()
            .into_iter()
            .map(|migration| migration.version)
            .collect()
    };
    assert_eq!(
        names(&[]),
        (1..=u32::try_from(MIGRATIONS.len()).unwrap()).collect::<Vec<_>>()
    );
    let all: Vec<_> = MIGRATIONS
        .iter()
        .map(|migration| Applied {
            version: migration.version,
            checksum: migration.checksum(Dialect::Sqlite),
        })
        .collect();
    assert!(names(&all).is_empty());
}

#[test]
fn a_newer_or_a_changed_schema_is_refused() {
    let applied = |version, checksum: &str| Applied {
        version,
        checksum: checksum.to_owned(),
    };
    let newer = [
        applied(1, &MIGRATIONS[0].checksum(Dialect::MySql)),
        applied(9999, "0"),
    ];
    assert!(matches!(
        pending(MIGRATIONS, &newer, Dialect::MySql),
        Err(StoreError::SchemaTooNew { found: 9999, .. })
    ));
    let changed = [applied(1, "0")];
    assert!(matches!(
        pending(MIGRATIONS, &changed, Dialect::MySql),
        Err(StoreError::MigrationChanged {
            name: "0001_data_sources"
        })
    ));
}
