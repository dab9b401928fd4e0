//! The parser's own lexer as a second reader: what is approved is one statement to it, and stays approved when it is
//! printed and read again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use gateway_core::Engine;
use gateway_sql::{Policy, Validator};
use sqlparser::dialect::{Dialect, MySqlDialect, OracleDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

fn dialect(engine: Engine) -> Box<dyn Dialect> {
    match engine {
        Engine::MySql | Engine::MariaDb => Box::new(MySqlDialect {}),
        Engine::PostgreSql => Box::new(PostgreSqlDialect {}),
        Engine::Oracle => Box::new(OracleDialect {}),
        Engine::Sqlite => Box::new(SQLiteDialect {}),
    }
}

fn permitted(engine: Engine) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/{engine}/allow"));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        all.extend(text.split("-- next: ").skip(1).map(|case| {
            let (_, sql) = case.split_once('\n').unwrap();
            sql.strip_suffix('\n').unwrap_or(sql).to_owned()
        }));
    }
    all
}

#[test]
fn a_printed_statement_gets_the_same_verdict() {
    let (mut read, mut again, mut odd) = (0, 0, Vec::new());
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default());
        for sql in permitted(engine) {
            let Ok(statements) = Parser::parse_sql(&*dialect(engine), &sql) else {
                continue;
            };
            assert_eq!(statements.len(), 1, "{engine}: {sql}");
            read += 1;
            let printed = statements[0].to_string();
            match validator.approve(&printed) {
                Ok(_) => again += 1,
                Err(rejection) => odd.push(format!("{engine}: {rejection}: {printed}")),
            }
        }
    }
    println!(
        "{read} read by the plain parser, {again} approved again;\n{}",
        odd.join("\n")
    );
    // The printer writes some things in words that the engine does not have; they are refused, and that is right.
    assert!(read > 300, "only {read} read");
    assert!(again * 100 >= read * 95, "only {again} of {read} approved again");
}
