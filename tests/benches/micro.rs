//! How long each piece of the hot path takes: `cargo bench -p nexus-tests --bench micro`.

#![allow(missing_docs, reason = "criterion's macros make functions")]
#![allow(
    clippy::unwrap_used,
    reason = "this is a benchmark; a panic is a failure with a place"
)]

mod pieces;

use criterion::{Criterion, criterion_group, criterion_main};

fn pieces(criterion: &mut Criterion) {
    for (name, _, make) in pieces::PIECES {
        // A token is new only once, so it would soon be measured as one that is known.
        if name == "token_verified" {
            continue;
        }
        let (mut piece, mut number) = (make(), 0);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                piece(number);
                number += 1;
            });
        });
    }
}

criterion_group!(benches, pieces);
criterion_main!(benches);
