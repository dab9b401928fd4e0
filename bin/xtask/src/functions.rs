//! `cargo xtask functions`: the lists of functions that are made from the engines' own catalogues.
//!
//! PostgreSQL tells of each function whether it is pure; its list is a list of permissions. The others only tell the names;
//! their lists are what the tests of `gateway-sql` hold the decisions against, so that no function stays undecided.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{self, say};
use crate::{paths, testbed};

/// Functions all of whose overloads are immutable or stable, and take and give no internal types, cursors or triggers.
const POSTGRESQL: &str = "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace \
     WHERE nspname = 'pg_catalog' AND prokind IN ('f', 'a', 'w') GROUP BY proname \
     HAVING bool_and(provolatile IN ('i', 's')) \
        AND bool_and(NOT (2281 = ANY(proargtypes) OR 2275 = ANY(proargtypes))) \
        AND bool_and(prorettype NOT IN (2279, 3838, 2281, 2275))";

/// The topics of the server's own help that are about functions.
const HELP: &str = "WITH RECURSIVE c AS (SELECT help_category_id FROM mysql.help_category WHERE name IN \
     ('Functions', 'Geographic Features', 'Functions and Modifiers for Use with GROUP BY') UNION ALL \
     SELECT k.help_category_id FROM mysql.help_category k JOIN c ON k.parent_category_id = c.help_category_id) \
     SELECT t.name FROM mysql.help_topic t JOIN c USING (help_category_id)";

const MARIADB: &str = "SELECT `FUNCTION` FROM information_schema.SQL_FUNCTIONS";

const SQLITE: &str = "SELECT name FROM pragma_function_list UNION SELECT name FROM pragma_module_list";

/// One file that is made.
struct Made {
    path: &'static str,
    head: String,
    names: BTreeSet<String>,
}

/// Writes the files anew, or with `check` says which of them would change.
pub(crate) fn run(check: bool) -> Result<()> {
    let was_running = testbed::running().is_ok();
    let made = testbed::up().and_then(|outcome| make(outcome.bed.variables()));
    if !was_running {
        testbed::down()?;
    }
    let root = paths::workspace()?.join("crates/gateway-sql");
    let mut stale = Vec::new();
    for file in made? {
        let path = root.join(file.path);
        let text = file.text();
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            stale.push(file.path);
        } else {
            say(format!("{} names in {}", file.names.len(), path.display()));
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!(
        "not what the servers here say (cargo xtask functions writes them): {}",
        stale.join(", ")
    )
}

fn make(variables: &BTreeMap<String, String>) -> Result<Vec<Made>> {
    let url = |engine: &str| {
        variables
            .get(&format!("NEXUS_TEST_{engine}_ADMIN_URL"))
            .with_context(|| format!("no {engine} server is up"))
    };
    let (mysql, mariadb, postgresql) = (url("MYSQL")?, url("MARIADB")?, url("POSTGRESQL")?);
    let version = |answer: Result<String>| -> Result<String> {
        let answer = answer?;
        let parts: Vec<&str> = answer.trim().split(['.', '-']).take(2).collect();
        Ok(parts.join("."))
    };
    let from = |engine: &str, version: &str, what: &str| {
        format!("# Written by `cargo xtask functions` from {engine} {version}: {what}.\n")
    };
    let major = psql(postgresql, "SHOW server_version")?;
    let major = major.split('.').next().unwrap_or_default();
    let mysql = Made {
        path: "tests/catalogue/mysql.txt",
        head: from(
            "MySQL",
            &version(ask(mysql, "SELECT version()"))?,
            "its help on functions and operators",
        ),
        names: names(&ask(mysql, HELP)?),
    };
    let mariadb = Made {
        path: "tests/catalogue/mariadb.txt",
        head: from(
            "MariaDB",
            &version(ask(mariadb, "SELECT version()"))?,
            "information_schema.SQL_FUNCTIONS, and its help on functions and operators",
        ),
        names: names(&(ask(mariadb, HELP)? + &ask(mariadb, MARIADB)?)),
    };
    let postgresql = Made {
        path: "src/rules/functions/postgresql.generated.txt",
        head: from(
            "PostgreSQL",
            major,
            "functions, aggregates and window functions all of whose\n# overloads are immutable or stable and take no \
             internal types. Names on the deny list have no effect here",
        ),
        names: names(&psql(postgresql, POSTGRESQL)?),
    };
    let sqlite = Made {
        path: "tests/catalogue/sqlite.txt",
        head: from(
            "SQLite",
            &version(sqlite("SELECT sqlite_version()"))?,
            "its shell's functions and table-valued modules",
        ),
        names: names(&sqlite(SQLITE)?),
    };
    Ok(vec![mysql, mariadb, postgresql, sqlite])
}

impl Made {
    fn text(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        format!("{}{}\n", self.head, names.join("\n"))
    }
}

/// The names in an answer, one a line. Help calls some `X()` or `X FUNCTION`, and puts a backslash before `_`; what is left
/// with other characters is an operator or an article.
fn names(answer: &str) -> BTreeSet<String> {
    answer
        .lines()
        .map(|line| line.trim().replace('\\', "").to_lowercase())
        .map(|name| {
            let bare = name.strip_suffix("()").or_else(|| name.strip_suffix(" function"));
            bare.map_or(name.clone(), str::to_owned)
        })
        .filter(|name| {
            name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
        .collect()
}

fn psql(url: &str, sql: &str) -> Result<String> {
    let program = program("psql", "postgresql-client")?;
    shell::output(Command::new(program).args(["-AtX", "-v", "ON_ERROR_STOP=1", url, "-c", sql]))
}

/// Asks MySQL or MariaDB; the same client speaks to both.
fn ask(url: &str, sql: &str) -> Result<String> {
    let parts = || {
        let (account, place) = url.strip_prefix("mysql://")?.split_once('@')?;
        let (user, password) = account.split_once(':')?;
        let (host, port) = place.split_once('/')?.0.split_once(':')?;
        Some((user, password, host, port))
    };
    let (user, password, host, port) = parts().context("the testbed's address has another form")?;
    let program = program("mariadb", "mariadb-client")?;
    shell::output(
        Command::new(program)
            .env("MYSQL_PWD", password)
            .args(["--no-defaults", "--skip-ssl", "-N", "-B", "--raw"])
            .args(["-h", host, "-P", port, "-u", user, "-e", sql]),
    )
}

fn sqlite(sql: &str) -> Result<String> {
    shell::output(Command::new(program("sqlite3", "sqlite3")?).args([":memory:", sql]))
}

fn program(name: &str, package: &str) -> Result<PathBuf> {
    shell::which(name, &[]).with_context(|| format!("the program `{name}` is missing: install {package}"))
}
