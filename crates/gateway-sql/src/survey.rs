//! What an approved statement calls and reads, as the rules saw it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use gateway_core::StatementKind;

/// The names in a statement that [`Validator::survey`](crate::Validator::survey) approved, each as the engine would fold
/// it, with its qualifiers and dots between.
///
/// ```
/// use gateway_core::Engine;
/// use gateway_sql::{Policy, Validator};
///
/// let validator = Validator::new(Engine::PostgreSql, Policy::default());
/// let survey = validator.survey("SELECT lower(c.name) FROM Shop.customers c").unwrap();
/// assert!(survey.functions.contains("lower"));
/// assert!(survey.relations.contains("shop.customers"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survey {
    /// What the statement does.
    pub kind: StatementKind,
    /// Functions that are called. What SQL itself spells like a call, such as CAST or EXTRACT, need not be among them.
    pub functions: BTreeSet<String>,
    /// Tables, views and common table expressions that are named in FROM.
    pub relations: BTreeSet<String>,
}

/// Collects names while the rules walk a tree; there is nothing to collect in most walks.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<Names>);

/// The names so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    functions: BTreeSet<String>,
    relations: BTreeSet<String>,
}

impl Notes {
    pub(crate) fn function(&self, parts: &[String]) {
        self.0.borrow_mut().functions.insert(parts.join("."));
    }

    pub(crate) fn relation(&self, parts: &[String]) {
        self.0.borrow_mut().relations.insert(parts.join("."));
    }

    pub(crate) fn finish(self, kind: StatementKind) -> Survey {
        let Names { functions, relations } = self.0.into_inner();
        Survey {
            kind,
            functions,
            relations,
        }
    }
}
