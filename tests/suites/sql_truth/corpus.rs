//! The statements of `gateway-sql`'s corpus.

use std::path::Path;

use gateway_core::Engine;
use nexus_tests::Failed;

/// One statement.
pub(super) struct Case {
    /// Its file and what it shows.
    pub(super) name: String,
    pub(super) sql: String,
}

/// All statements of a folder, in order.
pub(super) fn cases(engine: Engine, verdict: &str) -> Result<Vec<Case>, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/gateway-sql/tests/corpus")
        .join(engine.as_str())
        .join(verdict);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let stem = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&file)?;
        for case in text.split("-- next: ").skip(1) {
            let (name, sql) = case.split_once('\n').ok_or("a case without a statement")?;
            cases.push(Case {
                name: format!("{stem}: {name}"),
                sql: sql.strip_suffix('\n').unwrap_or(sql).to_owned(),
            });
        }
    }
    Ok(cases)
}
