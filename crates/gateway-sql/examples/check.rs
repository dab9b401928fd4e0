//! A statement checked in three lines. Try it: `cargo run -p gateway-sql --example check -- "SELECT pg_sleep(1)"`.

use gateway_core::Engine;
use gateway_sql::{Policy, Validator};

fn main() {
    let sql = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "SELECT id FROM orders WHERE total > :min".to_owned());
    match Validator::new(Engine::PostgreSql, Policy::default()).approve(&sql) {
        Ok(approved) => println!("approved, with {} placeholder(s)", approved.placeholders().len()),
        Err(rejection) => println!("refused ({}): {rejection}", rejection.rule()),
    }
}
