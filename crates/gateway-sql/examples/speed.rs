//! How long a verdict takes: `cargo run --release -p gateway-sql --example speed`.

use std::time::Instant;

use gateway_core::Engine;
use gateway_sql::{CachedValidator, Policy, Validator};

const SQL: &str = "SELECT o.id, c.name, SUM(l.amount) AS total FROM orders o JOIN customers c ON c.id = o.customer_id \
    LEFT JOIN lines l ON l.order_id = o.id WHERE o.created >= ? GROUP BY o.id, c.name ORDER BY total";

fn main() {
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default());
        let rounds: u32 = 20_000;
        let approved = (0..rounds / 10)
            .filter(|_| validator.approve(SQL).is_ok())
            .count();
        let start = Instant::now();
        let again = (0..rounds).filter(|_| validator.approve(SQL).is_ok()).count();
        let each = start.elapsed() / rounds;
        let cache = CachedValidator::new(validator, 1_000);
        let start = Instant::now();
        let cached = (0..rounds).filter(|_| cache.approve(SQL).is_ok()).count();
        let repeated = start.elapsed() / rounds;
        println!(
            "{engine:10} {} bytes: {each:?}, remembered {repeated:?} ({} approved)",
            SQL.len(),
            approved + again + cached
        );
    }
}
