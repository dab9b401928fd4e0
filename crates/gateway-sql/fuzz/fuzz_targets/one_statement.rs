//! What is approved is one statement for the parser's own lexer too, and stays one statement whatever is put behind it.

#![no_main]

use gateway_core::Engine;
use gateway_sql::{Level, Policy, Validator};
use libfuzzer_sys::fuzz_target;
use sqlparser::dialect::{Dialect, MySqlDialect, OracleDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer};

fn dialect(engine: Engine) -> Box<dyn Dialect> {
    match engine {
        Engine::MySql | Engine::MariaDb => Box::new(MySqlDialect {}),
        Engine::PostgreSql => Box::new(PostgreSqlDialect {}),
        Engine::Oracle => Box::new(OracleDialect {}),
        Engine::Sqlite => Box::new(SQLiteDialect {}),
    }
}

/// Whether a semicolon stands before a further token.
fn is_two(engine: Engine, text: &str) -> bool {
    let dialect = dialect(engine);
    // At the very end, MySQL takes `--` for a comment; the parser's lexer wants a space behind it.
    let text = format!("{text}\n");
    let text = text.as_str();
    let Ok(tokens) = Tokenizer::new(&*dialect, text).tokenize() else {
        return false;
    };
    let mut ended = false;
    tokens.iter().any(|token| match token {
        Token::Whitespace(_) | Token::EOF => false,
        Token::SemiColon => {
            ended = true;
            false
        }
        _ => ended,
    })
}

fuzz_target!(|text: &str| {
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default().with_level(Level::Standard));
        if validator.approve(text).is_err() {
            continue;
        }
        assert!(!is_two(engine, text), "{engine}: {text}");
        // SQLite lets a comment end with the text; there, what is appended is a comment.
        if engine != Engine::Sqlite {
            let two = format!("{text}\n; DELETE FROM t");
            assert!(validator.approve(&two).is_err(), "{engine}: {two}");
        }
    }
});
