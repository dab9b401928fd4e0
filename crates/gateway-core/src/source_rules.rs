//! What the options of a data source say: what it permits beyond the rules for all, and which client reads it.

use std::collections::{BTreeMap, BTreeSet};

use crate::FieldProblem;

/// The option that names further functions.
const FUNCTIONS: &str = "functions";

/// The option that says how other functions are judged.
const FUNCTION_LEVEL: &str = "functionLevel";

/// The option that permits EXPLAIN ANALYZE.
const EXPLAIN_ANALYZE: &str = "explainAnalyze";

/// The option that says which client library is used; for Oracle.
const DRIVER: &str = "driver";

/// Most functions a source may name.
const MAX_FUNCTIONS: usize = 500;

/// Which functions statements may call besides those that a source names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FunctionLevel {
    /// Those known to be pure.
    #[default]
    Strict,
    /// All but those known to act.
    Standard,
}

/// Whether EXPLAIN may execute a statement that may be run anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExplainAnalyze {
    /// It only plans.
    #[default]
    Refused,
    /// It may.
    Permitted,
}

/// Which client library speaks to an Oracle database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OracleClient {
    /// Oracle's client in Rust, which is part of the program.
    #[default]
    Thin,
    /// Oracle's client library (OCI), which must be installed; for what the other cannot do.
    Oci,
}

/// What a data source permits, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRules {
    /// Functions of the owner's, as `name` or `schema.name`.
    pub functions: BTreeSet<String>,
    /// How other functions are judged.
    pub level: FunctionLevel,
    /// What EXPLAIN may do.
    pub explain: ExplainAnalyze,
    /// Which client library is used; means nothing unless the engine is Oracle.
    pub oracle_client: OracleClient,
}

impl SourceRules {
    /// Reads the options of a source.
    ///
    /// ```
    /// use gateway_core::{FunctionLevel, SourceRules};
    /// let options = [("functions".to_owned(), "app.margin, fiscal_year".to_owned())].into();
    /// let rules = SourceRules::read(&options).unwrap();
    /// assert!(rules.functions.contains("app.margin"));
    /// assert_eq!(rules.level, FunctionLevel::Strict);
    /// ```
    ///
    /// # Errors
    ///
    /// The first option that is unknown or has a value that is not permitted.
    pub fn read(options: &BTreeMap<String, String>) -> Result<Self, FieldProblem> {
        let mut rules = Self::default();
        for (name, value) in options {
            match name.as_str() {
                FUNCTIONS => rules.functions = functions(value)?,
                FUNCTION_LEVEL => {
                    rules.level = match value.as_str() {
                        "strict" => FunctionLevel::Strict,
                        "standard" => FunctionLevel::Standard,
                        _ => return Err(problem(format!("{FUNCTION_LEVEL} must be strict or standard"))),
                    };
                }
                EXPLAIN_ANALYZE => {
                    rules.explain = match value.as_str() {
                        "true" => ExplainAnalyze::Permitted,
                        "false" => ExplainAnalyze::Refused,
                        _ => return Err(problem(format!("{EXPLAIN_ANALYZE} must be true or false"))),
                    };
                }
                DRIVER => {
                    rules.oracle_client = match value.as_str() {
                        "thin" => OracleClient::Thin,
                        "oci" => OracleClient::Oci,
                        _ => return Err(problem(format!("{DRIVER} must be thin or oci"))),
                    };
                }
                other => {
                    return Err(problem(format!(
                        "unknown option {other:?}; there are {FUNCTIONS}, {FUNCTION_LEVEL}, {EXPLAIN_ANALYZE} and, for Oracle, {DRIVER}"
                    )));
                }
            }
        }
        Ok(rules)
    }
}

fn functions(list: &str) -> Result<BTreeSet<String>, FieldProblem> {
    let names: BTreeSet<String> = list
        .split(',')
        .map(|name| name.trim().to_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    if names.len() > MAX_FUNCTIONS {
        return Err(problem(format!("{FUNCTIONS} may name at most {MAX_FUNCTIONS}")));
    }
    match names.iter().find(|name| !is_name(name)) {
        Some(wrong) => Err(problem(format!(
            "{FUNCTIONS} must be names or schema.name, separated by commas, not {wrong:?}"
        ))),
        None => Ok(names),
    }
}

/// Whether `name` is one to three plain identifiers joined by dots.
fn is_name(name: &str) -> bool {
    let is_identifier = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    name.split('.').count() <= 3 && name.split('.').all(is_identifier)
}

fn problem(message: String) -> FieldProblem {
    FieldProblem {
        field: "config.options",
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused() {
        for (name, value) in [
            ("colour", "red"),
            (FUNCTION_LEVEL, "lax"),
            (EXPLAIN_ANALYZE, "yes"),
            (FUNCTIONS, "a b"),
            (FUNCTIONS, "a.b.c.d"),
            (FUNCTIONS, "f()"),
            (DRIVER, "odbc"),
        ] {
            let options = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            assert!(SourceRules::read(&options).is_err(), "{name} = {value}");
        }
    }
}
