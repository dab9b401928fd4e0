//! The stage in a SQLite file.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use gateway_core::{Engine, Secret, SourceConfig};
use nexus_tests::{Failed, Outcome};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{Photograph, Ran, fixture};

/// Settings of a connection or a file.
const PRAGMAS: [&str; 28] = [
    "application_id",
    "auto_vacuum",
    "busy_timeout",
    "cache_size",
    "cell_size_check",
    "checkpoint_fullfsync",
    "compile_options",
    "data_version",
    "database_list",
    "defer_foreign_keys",
    "encoding",
    "foreign_keys",
    "freelist_count",
    "journal_mode",
    "legacy_alter_table",
    "locking_mode",
    "mmap_size",
    "page_count",
    "page_size",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "schema_version",
    "synchronous",
    "temp_store",
    "trusted_schema",
    "user_version",
];

pub(super) struct Stage {
    folder: tempfile::TempDir,
    connection: Connection,
}

impl super::Stage for Stage {
    type Place = ();

    async fn set((): ()) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let connection = Connection::open(folder.path().join("data.db"))?;
        for statement in fixture("sqlite.sql", Engine::Sqlite)? {
            connection.execute_batch(&statement)?;
        }
        // The temporary schema is there once somebody has looked.
        text(&connection, "SELECT count(*) FROM temp.sqlite_schema")?;
        Ok(Self { folder, connection })
    }

    async fn execute(&mut self, sql: &str) -> Result<Ran, Failed> {
        self.connection.execute_batch("BEGIN")?;
        let changes = self.connection.total_changes();
        let outcome = run(&self.connection, sql);
        let marks = (self.connection.total_changes() != changes).then(|| "rows changed".to_owned());
        self.connection.execute_batch("COMMIT")?;
        Ok(match outcome {
            Ok(()) => Ran::Executed(marks.into_iter().collect()),
            Err(error) => Ran::Refused(error.to_string()),
        })
    }

    async fn photograph(&mut self) -> Result<Photograph, Failed> {
        let mut photograph = Photograph::new();
        for pragma in PRAGMAS {
            let text = text(&self.connection, &format!("PRAGMA {pragma}"))?;
            photograph.insert(pragma.to_owned(), text);
        }
        for schema in ["main", "temp"] {
            let sql = format!("SELECT type, name, sql FROM {schema}.sqlite_schema ORDER BY 1, 2");
            photograph.insert(format!("{schema} schema"), text(&self.connection, &sql)?);
        }
        photograph.insert("autocommit".into(), self.connection.is_autocommit().to_string());
        // The bytes of the file say it all about the rows; names beside it would be journals and exports.
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.folder.path())? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        photograph.insert("files".into(), names.join(" "));
        let mut hasher = DefaultHasher::new();
        std::fs::read(self.folder.path().join("data.db"))?.hash(&mut hasher);
        photograph.insert("bytes".into(), hasher.finish().to_string());
        Ok(photograph)
    }

    fn source(&self) -> (SourceConfig, Option<Secret>) {
        let config = SourceConfig {
            path: Some(self.folder.path().join("data.db").display().to_string()),
            max_pool_size: 1,
            ..SourceConfig::default()
        };
        (config, None)
    }

    fn probe(&self) -> String {
        "SELECT last_insert_rowid() || '|' || total_changes()".to_owned()
    }

    /// The engine is in this process: a session is an open file besides our own.
    async fn others(&mut self) -> Result<u64, Failed> {
        let data = self.folder.path().join("data.db").canonicalize()?;
        let mut open = 0;
        for entry in std::fs::read_dir("/proc/self/fd")? {
            // One that is gone by now is none of them.
            let is_data = std::fs::read_link(entry?.path()).is_ok_and(|file| file == data);
            open += u64::from(is_data);
        }
        Ok(open.saturating_sub(1))
    }

    async fn strike(self) -> Outcome {
        Ok(())
    }
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

fn text(connection: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::new();
        for index in 0..columns {
            cells.push(match row.get_ref(index)? {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            });
        }
        lines.push(cells.join("|"));
    }
    Ok(lines.join("\n"))
}
