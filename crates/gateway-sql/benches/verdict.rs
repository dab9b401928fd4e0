//! How long a verdict takes, on every engine: `cargo bench -p gateway-sql`.

#![allow(missing_docs, reason = "criterion's macros make functions")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use gateway_core::Engine;
use gateway_sql::{CachedValidator, Policy, Validator};

/// About 200 bytes, as people write it.
const TYPICAL: &str = "SELECT o.id, c.name, SUM(l.amount) AS total FROM orders o JOIN customers c ON c.id = o.customer_id \
    LEFT JOIN lines l ON l.order_id = o.id WHERE o.created >= ? GROUP BY o.id, c.name ORDER BY total";

fn verdicts(criterion: &mut Criterion) {
    let brackets = "(".repeat(100 * 1024);
    let too_long = "(".repeat(1 << 20);
    let refused = "SELECT id FROM orders WHERE total > 1; DELETE FROM orders";
    for (what, sql) in [
        ("typical", TYPICAL),
        ("refused", refused),
        ("brackets", &brackets),
        ("1 MB", &too_long),
    ] {
        let mut group = criterion.benchmark_group(what);
        for engine in Engine::ALL {
            let validator = Validator::new(engine, Policy::default());
            group.bench_with_input(BenchmarkId::from_parameter(engine), sql, |bencher, sql| {
                bencher.iter(|| validator.approve(sql).is_ok());
            });
        }
        group.finish();
    }
    let mut group = criterion.benchmark_group("remembered");
    for engine in Engine::ALL {
        let cache = CachedValidator::new(Validator::new(engine, Policy::default()), 1_000);
        group.bench_with_input(BenchmarkId::from_parameter(engine), TYPICAL, |bencher, sql| {
            bencher.iter(|| cache.approve(sql).is_ok());
        });
    }
    group.finish();
}

criterion_group!(benches, verdicts);
criterion_main!(benches);
