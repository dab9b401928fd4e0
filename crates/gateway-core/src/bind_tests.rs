//! Placeholders are replaced for each engine, and parameters that do not fit are refused by name.

#![allow(clippy::disallowed_methods, reason = "the texts here never reach a database")]

use super::*;

/// Builds an approved text in which each of `marks` is a placeholder, in order of appearance.
fn approved(engine: Engine, text: &str, marks: &[(&str, PlaceholderKey, PlaceholderSite)]) -> ApprovedSql {
    let mut from = 0;
    let placeholders = marks
        .iter()
        .map(|(mark, key, site)| {
            let start = from + text[from..].find(mark).unwrap();
            from = start + mark.len();
            Placeholder {
                span: start..from,
                key: key.clone(),
                site: *site,
            }
        })
        .collect();
    ApprovedSql::assert_approved(
        engine,
        StatementKind::Query,
        text.to_owned(),
        placeholders,
        Some(text.len()),
    )
}

fn name(name: &str) -> PlaceholderKey {
    PlaceholderKey::Name(name.to_owned())
}

fn named(values: &[(&str, ParamValue)]) -> Parameters {
    Parameters::Named(
        values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

#[test]
fn every_engine_gets_its_own_placeholders() {
    let marks = [
        (":a", name("a"), PlaceholderSite::Scalar),
        (":a", name("a"), PlaceholderSite::Scalar),
        (":l", name("l"), PlaceholderSite::InList),
    ];
    let list = ParamValue::Array(vec![ParamValue::Int(1), ParamValue::Int(2)]);
    let values = named(&[("a", ParamValue::Null), ("l", list)]);
    for (engine, text, places) in [
        (Engine::MySql, "x=? OR y=? OR z IN (?, ?) LIMIT 11", [0, 1, 2, 3]),
        (
            Engine::PostgreSql,
            "x=$1 OR y=$1 OR z IN ($2, $3) LIMIT 11",
            [0, 0, 1, 2],
        ),
        (Engine::Sqlite, "x=? OR y=? OR z IN (?, ?) LIMIT 11", [0, 1, 2, 3]),
        (
            Engine::Oracle,
            "x=:1  OR y=:1  OR z IN (:2 , :3 ) FETCH FIRST 11 ROWS ONLY",
            [0, 0, 1, 2],
        ),
    ] {
        let bound = approved(engine, "x=:a OR y=:a OR z IN (:l)", &marks)
            .bind(&values, Some(11))
            .unwrap();
        assert_eq!(bound.text(), text);
        assert_eq!(bound.places(), places);
        assert_eq!(bound.values().len(), places[3] + 1);
    }
}

#[test]
fn parameters_that_do_not_fit_are_named() {
    let one = [(":a", name("a"), PlaceholderSite::Scalar)];
    let by_name = approved(Engine::MySql, "x=:a", &one);
    assert_eq!(
        by_name.bind(&Parameters::None, None).unwrap_err(),
        BindError::Missing("a".into())
    );
    assert_eq!(
        by_name
            .bind(&named(&[("a", ParamValue::Null), ("b", ParamValue::Null)]), None)
            .unwrap_err(),
        BindError::Unused("b".into())
    );
    assert_eq!(
        by_name
            .bind(&Parameters::Positional(vec![ParamValue::Null]), None)
            .unwrap_err(),
        BindError::NeedsObject
    );
    assert_eq!(
        by_name
            .bind(&named(&[("a", ParamValue::Array(vec![]))]), None)
            .unwrap_err(),
        BindError::ArrayHere("a".into(), Engine::MySql)
    );
    let by_index = approved(
        Engine::MySql,
        "x=$2",
        &[("$2", PlaceholderKey::Index(1), PlaceholderSite::Scalar)],
    );
    assert_eq!(
        by_index
            .bind(&Parameters::Positional(vec![ParamValue::Null]), None)
            .unwrap_err(),
        BindError::Count {
            expected: 2,
            given: 1,
            first: "$2".into(),
        }
    );
    let both = Parameters::Positional(vec![ParamValue::Null, ParamValue::Null]);
    assert_eq!(
        by_index.bind(&both, None).unwrap_err(),
        BindError::Unused("$1".into())
    );
}

#[test]
fn what_follows_the_statement_is_cut_when_a_row_cap_is_appended() {
    let text = "SELECT 1 -- note";
    let sql = ApprovedSql::assert_approved(
        Engine::MySql,
        StatementKind::Query,
        text.to_owned(),
        Vec::new(),
        Some(8),
    );
    assert_eq!(
        sql.bind(&Parameters::None, Some(5)).unwrap().text(),
        "SELECT 1 LIMIT 5"
    );
    assert_eq!(sql.bind(&Parameters::None, None).unwrap().text(), text);
}

#[test]
fn positions_refer_to_the_text_that_the_caller_wrote() {
    let marks = [(":long_name", name("long_name"), PlaceholderSite::Scalar)];
    let sql = approved(Engine::PostgreSql, "a = :long_name AND b", &marks);
    let bound = sql
        .bind(&named(&[("long_name", ParamValue::Null)]), None)
        .unwrap();
    assert_eq!(bound.text(), "a = $1 AND b");
    for (mark, column) in [("a", 1), ("$1", 5), ("b", 20)] {
        let offset = bound.text().find(mark).unwrap();
        assert_eq!(bound.caller_position(offset), Position { line: 1, column });
    }
}
