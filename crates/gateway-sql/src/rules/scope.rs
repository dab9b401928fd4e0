//! Which names qualify others in an Oracle statement.
//!
//! Oracle calls a function of a package without brackets: `pkg.f` may be a column or a call. So the first part of every
//! qualified name must be a table, an alias or a schema that the statement itself mentions.

use std::collections::HashSet;

use sqlparser::ast::Ident;

use crate::error::{Denial, Rule, Verdict};
use crate::scan::offset_of;

/// The names seen in one statement.
#[derive(Debug, Default)]
pub(super) struct Scope {
    declared: HashSet<String>,
    /// The first parts of qualified names, the whole of them, and where they stand.
    referred: Vec<(String, String, Option<usize>)>,
}

impl Scope {
    pub(super) fn declare(&mut self, name: &Ident) {
        self.declared.insert(key(name));
    }

    pub(super) fn declare_all(&mut self, names: &[&Ident]) {
        for name in names {
            self.declare(name);
        }
    }

    /// Notes a name. `seq.CURRVAL` reads and needs no table.
    pub(super) fn refer(&mut self, idents: &[Ident]) {
        let [first, middle @ .., last] = idents else {
            return;
        };
        if key(last) == "CURRVAL" {
            return;
        }
        // schema.table.column, of a table that is mentioned without its schema.
        if middle
            .first()
            .is_some_and(|table| self.declared.contains(&key(table)))
        {
            return;
        }
        let whole = idents.iter().map(key).collect::<Vec<_>>().join(".");
        self.referred.push((key(first), whole, offset_of(first.span)));
    }

    pub(super) fn check(&self) -> Verdict {
        let stranger = self
            .referred
            .iter()
            .find(|(first, ..)| !self.declared.contains(first));
        match stranger {
            None => Ok(()),
            Some((_, whole, at)) => Err(Denial::new(Rule::Function, whole.clone(), *at)),
        }
    }
}

fn key(ident: &Ident) -> String {
    if ident.quote_style.is_some() {
        ident.value.clone()
    } else {
        ident.value.to_uppercase()
    }
}
