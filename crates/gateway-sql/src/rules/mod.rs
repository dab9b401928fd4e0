//! The rules for the syntax tree: an allow-list that visits every node.
//!
//! The matches name every variant and the destructurings every field, so that a new one in the parser is a compiler
//! error here and not a gap.

mod clauses;
mod expr;
pub(crate) mod functions;
mod operators;
mod query;
mod relation;
mod scope;

use std::cell::RefCell;

use gateway_core::Engine;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Query, TableAlias};
use sqlparser::tokenizer::Span;

use crate::Policy;
use crate::error::{Denial, Rule, Verdict};
use crate::scan::offset_of;
use crate::survey::Notes;

/// Walks one syntax tree.
pub(crate) struct Checker<'p> {
    engine: Engine,
    policy: &'p Policy,
    /// The names that qualify others; kept for Oracle only.
    scope: RefCell<scope::Scope>,
    notes: Option<&'p Notes>,
}

impl<'p> Checker<'p> {
    pub(crate) fn new(engine: Engine, policy: &'p Policy, notes: Option<&'p Notes>) -> Self {
        Self {
            engine,
            policy,
            scope: RefCell::default(),
            notes,
        }
    }

    /// Checks the statement's query.
    pub(crate) fn statement(&self, query: &Query) -> Verdict {
        self.query(query)?;
        self.scope.borrow().check()
    }

    fn declare(&self, alias: Option<&TableAlias>) {
        if let (Engine::Oracle, Some(alias)) = (self.engine, alias) {
            self.scope.borrow_mut().declare(&alias.name);
        }
    }

    fn is_mysql(&self) -> bool {
        matches!(self.engine, Engine::MySql | Engine::MariaDb)
    }
}

/// A construct that no rule covers for this engine.
fn unsupported<T>(what: &'static str, span: Option<Span>) -> Verdict<T> {
    Err(Denial::new(Rule::Unsupported, what, span.and_then(offset_of)))
}

/// Denies a part that must be absent.
fn absent<T>(part: Option<&T>, what: &'static str) -> Verdict {
    match part {
        None => Ok(()),
        Some(_) => unsupported(what, None),
    }
}

/// Denies a list that must be empty.
fn empty<T>(list: &[T], what: &'static str) -> Verdict {
    if list.is_empty() {
        Ok(())
    } else {
        unsupported(what, None)
    }
}

/// The parts of a name, none of which may be a function call.
fn plain_parts(name: &ObjectName) -> Verdict<Vec<&Ident>> {
    // `a COLLATE FROM t`: to PostgreSQL an alias and a clause, and the parser would take the one for the other's name.
    if let Some(ObjectNamePart::Identifier(first)) = name.0.first()
        && first.quote_style.is_none()
        && ["from", "where", "group", "having", "order", "union"]
            .iter()
            .any(|word| first.value.eq_ignore_ascii_case(word))
    {
        let what = first.value.to_ascii_uppercase();
        return Err(Denial::new(Rule::Syntax, what, offset_of(first.span)));
    }
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(function) => {
                unsupported("a function in a name", Some(function.name.span))
            }
        })
        .collect()
}
