//! SQLite's own locks on a connection: opened read-only, `query_only`, defensive, and an authorizer that lets nothing but
//! reads through. They hold even if the validator were wrong.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

/// How long to wait for a writer in another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Compiled statements kept for each connection.
const STATEMENTS: usize = 64;

/// Opens `path` so that nothing can be written through the connection.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    // Without SQLITE_OPEN_URI a path is only ever a path, whatever characters it holds. The path was resolved and judged
    // before: a symbolic link that has come into it since is refused.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_WORKER_THREADS, 0)?;
    connection.pragma_update(None, "query_only", true)?;
    // Reading the schema now turns "not a database" into an error at connect instead of at the first query.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.authorizer(Some(authorize))?;
    Ok(connection)
}

/// Pragmas that only report, also with an argument; their table-valued functions are asked for by these names.
const REPORTS: [&str; 12] = [
    "collation_list",
    "compile_options",
    "database_list",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "module_list",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas that report as long as they are given no value.
const REPORT_WITHOUT_VALUE: [&str; 5] = [
    "encoding",
    "freelist_count",
    "page_count",
    "page_size",
    "pragma_list",
];

fn reports(pragma: &str, value: Option<&str>) -> bool {
    REPORTS.contains(&pragma) || value.is_none() && REPORT_WITHOUT_VALUE.contains(&pragma)
}

fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } => match function_name {
            "load_extension" | "writefile" | "readfile" | "edit" | "fts3_tokenizer" => Authorization::Deny,
            _ => Authorization::Allow,
        },
        AuthAction::Transaction {
            operation: TransactionOperation::Begin | TransactionOperation::Rollback,
        } => Authorization::Allow,
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } if reports(pragma_name, pragma_value) => Authorization::Allow,
        // Everything else changes something, reaches another file, or is unknown to this version.
        _ => Authorization::Deny,
    }
}
