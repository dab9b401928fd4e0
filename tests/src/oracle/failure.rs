//! What Oracle would have said about a failure of SQLite.

use rusqlite::ErrorCode;

use super::OraError;

/// Translates a failure. `sql` is the statement as the client wrote it.
pub(super) fn translate(failure: &rusqlite::Error, sql: &str) -> OraError {
    let (code, message) = match failure {
        rusqlite::Error::SqliteFailure(failure, message) => {
            (Some(failure.code), message.clone().unwrap_or_default())
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => (Some(error.code), msg.clone()),
        other => (None, other.to_string()),
    };
    if let Some(failure) = said(&message) {
        return failure;
    }
    match code {
        Some(ErrorCode::OperationInterrupted) => return OraError::cancelled(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            return OraError::new(
                54,
                "resource busy and acquire with NOWAIT specified or timeout expired",
            );
        }
        _ => {}
    }
    let name = |prefix: &str| message.strip_prefix(prefix).map(|rest| rest.trim().to_owned());
    let at = |failure: OraError, name: &str| failure.at(position(sql, name));
    if let Some(table) = name("no such table:") {
        // The list of columns, which comes first, may have the same name.
        let place = sql.to_ascii_lowercase().rfind(&table.to_ascii_lowercase());
        return OraError::new(942, "table or view does not exist").at(place.unwrap_or(0));
    }
    for prefix in ["no such column:", "no such function:"] {
        if let Some(found) = name(prefix) {
            let text = format!(
                "\"{}\": invalid identifier",
                found.to_uppercase().replace('.', "\".\"")
            );
            return at(OraError::new(904, &text), &found);
        }
    }
    if let Some(column) = name("ambiguous column name:") {
        return at(OraError::new(918, "column ambiguously defined"), &column);
    }
    if message.contains("syntax error")
        || message.contains("incomplete input")
        || message.contains("unrecognized token")
    {
        return syntax(&message, sql);
    }
    for (part, code, text) in [
        (
            "already exists",
            955,
            "name is already used by an existing object",
        ),
        (
            "UNIQUE constraint failed",
            1,
            "unique constraint (SCOTT.SYS_C0001) violated",
        ),
        ("NOT NULL constraint failed", 1400, "cannot insert NULL"),
        (
            "CHECK constraint failed",
            2290,
            "check constraint (SCOTT.SYS_C0002) violated",
        ),
        (
            "FOREIGN KEY constraint failed",
            2291,
            "integrity constraint violated - parent key not found",
        ),
        ("integer overflow", 1426, "numeric overflow"),
        ("wrong number of arguments", 909, "invalid number of arguments"),
        ("values were supplied", 913, "too many values"),
        ("values for", 947, "not enough values"),
    ] {
        if message.contains(part) {
            return OraError::new(code, text);
        }
    }
    OraError::new(
        604,
        &format!("error occurred at recursive SQL level 1: {message}"),
    )
}

/// An error that a function has raised in Oracle's own words.
fn said(message: &str) -> Option<OraError> {
    let (code, text) = message.strip_prefix("ORA-")?.split_once(": ")?;
    Some(OraError::new(code.parse().ok()?, text))
}

fn syntax(message: &str, sql: &str) -> OraError {
    const STARTS: [&str; 14] = [
        "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "DROP", "ALTER", "TRUNCATE",
        "SET", "BEGIN", "DECLARE", "CALL",
    ];
    let first = sql.split_whitespace().next().unwrap_or_default();
    if !STARTS.iter().any(|start| first.eq_ignore_ascii_case(start)) {
        return OraError::new(900, "invalid SQL statement");
    }
    if message.contains("incomplete input") {
        return OraError::new(936, "missing expression").at(sql.trim_end().len());
    }
    let near = message.split('"').nth(1).unwrap_or_default();
    let place = position(sql, near);
    match near.to_uppercase().as_str() {
        "FROM" | "WHERE" | "," | ")" | "ORDER" | "GROUP" => {
            OraError::new(936, "missing expression").at(place)
        }
        _ if !sql.to_uppercase().contains("FROM") && first.eq_ignore_ascii_case("SELECT") => {
            OraError::new(923, "FROM keyword not found where expected").at(place)
        }
        _ => OraError::new(933, "SQL command not properly ended").at(place),
    }
}

/// Where a name stands in a statement.
fn position(sql: &str, name: &str) -> usize {
    let name = name.rsplit('.').next().unwrap_or(name);
    let found = sql.to_ascii_lowercase().find(&name.to_ascii_lowercase());
    found.unwrap_or(0)
}
