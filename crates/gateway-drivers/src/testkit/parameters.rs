//! Values on their way to the engine.

use std::collections::BTreeSet;

use gateway_core::{ParamType, ParamValue, Parameters};

use super::Bench;
use super::bench::{read, read_failure};
use crate::DriverError;

pub(super) async fn every_kind_arrives(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    let mut kinds = BTreeSet::new();
    for sample in (bench.dialect.samples)() {
        kinds.insert(sample.value.kind_name());
        let what = format!("{} in {}", sample.value.kind_name(), sample.sql);
        let request = bench.request_with(sample.sql, &Parameters::Positional(vec![sample.value]));
        let stream = pool.query(request).await.unwrap();
        match read(stream).await {
            Ok(answer) => assert_eq!(answer.line(), sample.expected, "{what}"),
            Err(error) => panic!("{what}: {error} {error:?}"),
        }
    }
    let every = [
        ParamValue::Null,
        ParamValue::Bool(true),
        ParamValue::Int(1),
        ParamValue::Number("1.5".into()),
        ParamValue::Text(String::new()),
        ParamValue::Binary(Vec::new()),
        ParamValue::Typed(ParamType::Decimal, String::new()),
        ParamValue::Typed(ParamType::Date, String::new()),
        ParamValue::Typed(ParamType::Time, String::new()),
        ParamValue::Typed(ParamType::Timestamp, String::new()),
        ParamValue::Typed(ParamType::TimestampTz, String::new()),
        ParamValue::Typed(ParamType::Uuid, String::new()),
        ParamValue::Typed(ParamType::Json, String::new()),
    ];
    for kind in every.iter().map(ParamValue::kind_name) {
        let is_missing = bench.dialect.missing_kinds.contains(&kind);
        assert_eq!(
            kinds.contains(kind),
            !is_missing,
            "the dialect has a sample of {kind}"
        );
    }
    let arrays = bench.driver.capabilities().array_parameters;
    assert_eq!(kinds.contains("array"), arrays);
}

/// An engine that keeps a prepared statement must not read a value as being of the type that the last one had.
pub(super) async fn one_kind_follows_another(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    let count = (bench.dialect.samples)().len();
    let mut wrong = Vec::new();
    for first in 0..count {
        for second in 0..count {
            let mut samples = (bench.dialect.samples)();
            if samples[first].sql != samples[second].sql {
                continue;
            }
            // A text of their own for each two.
            let sql = format!("{} {}", samples[first].sql, " ".repeat(first * count + second));
            let run = async |value| {
                let request = bench.request_with(&sql, &Parameters::Positional(vec![value]));
                read(pool.query(request).await.unwrap()).await
            };
            let kinds = [&samples[first], &samples[second]].map(|sample| sample.value.kind_name());
            let expected = samples[second].expected;
            let value = samples.swap_remove(second).value;
            let before = (bench.dialect.samples)().swap_remove(first).value;
            run(before).await.unwrap();
            match run(value).await {
                Ok(answer) if answer.line() == expected => {}
                Ok(answer) => wrong.push(format!("{kinds:?}: {}", answer.line())),
                Err(error) => wrong.push(format!("{kinds:?}: {error:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let by_name = "SELECT id FROM things WHERE name = ?";
    for (value, expected) in [(ParamValue::Null, ""), (ParamValue::Text("Zoë".into()), "1")] {
        let request = bench.request_with(by_name, &Parameters::Positional(vec![value]));
        let answer = read(pool.query(request).await.unwrap()).await.unwrap();
        assert_eq!(answer.line(), expected);
    }
}

pub(super) async fn lists_become_values(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    let ids = ParamValue::Array(vec![ParamValue::Int(7), ParamValue::Int(2), ParamValue::Int(1)]);
    let parameters = Parameters::Named([("ids".to_owned(), ids)].into());
    let request = bench.request_with(
        "SELECT id FROM things WHERE id IN (:ids) ORDER BY id",
        &parameters,
    );
    let answer = read(pool.query(request).await.unwrap()).await.unwrap();
    assert_eq!(answer.line(), "1 2");
}

pub(super) async fn one_that_does_not_fit_is_named(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    let Some(unfit) = bench.dialect.unfit else {
        // This engine takes anything for anything.
        return;
    };
    let (value, sql) = unfit();
    let fine = ParamValue::Int(1);
    let sql = format!("{sql} AND id = :first");
    let values = [("wanted".to_owned(), value), ("first".to_owned(), fine)];
    let request = bench.request_with(&sql, &Parameters::Named(values.into()));
    let error = read_failure(pool.query(request).await.unwrap()).await;
    assert!(
        matches!(&error, DriverError::Parameter { name, .. } if name == "wanted"),
        "{error:?}"
    );
    assert!(
        !error.to_string().contains("1099511627776"),
        "no value in the log: {error}"
    );
    assert_eq!((pool.status().open, pool.status().idle), (1, 1));
    bench.works(&pool).await;
    assert_eq!(pool.status().open, 1);
}
