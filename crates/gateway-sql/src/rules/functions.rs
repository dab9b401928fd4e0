//! Function names, resolved as the engine would, against the lists in `functions/`.

use std::collections::HashSet;
use std::sync::LazyLock;

use gateway_core::Engine;
use sqlparser::ast::{
    Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList, FunctionArguments,
    HavingBound, Ident, ListAggOnOverflow, ObjectName, ObjectNamePart, Table,
};
use sqlparser::tokenizer::Word;

use super::query::wildcard;
use super::{Checker, plain_parts};
use crate::Level;
use crate::error::{Denial, Rule, Verdict};
use crate::fnv::Fixed;
use crate::scan::offset_of;

/// The lists of one engine.
struct Lists {
    allowed: HashSet<&'static str, Fixed>,
    denied: HashSet<&'static str, Fixed>,
    /// Entries of the deny list that end in `*`.
    denied_prefixes: Vec<&'static str>,
}

impl Lists {
    fn read(allow: &[&'static str], deny: &[&'static str]) -> Self {
        let words = |texts: &[&'static str]| -> Vec<&'static str> {
            texts
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(|line| line.split('#').next())
                .flat_map(str::split_whitespace)
                .collect()
        };
        let denied = words(deny);
        Self {
            allowed: words(allow).into_iter().collect(),
            denied_prefixes: denied.iter().filter_map(|name| name.strip_suffix('*')).collect(),
            denied: denied.into_iter().filter(|name| !name.ends_with('*')).collect(),
        }
    }

    fn is_denied(&self, name: &str) -> bool {
        self.denied.contains(name) || self.denied_prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}

macro_rules! list {
    ($name:literal) => {
        include_str!(concat!("functions/", $name, ".txt"))
    };
}

static MYSQL: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(
        &[list!("mysql_common.allow"), list!("mysql.allow")],
        &[list!("mysql_common.deny"), list!("mysql.deny")],
    )
});
static MARIADB: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(
        &[list!("mysql_common.allow"), list!("mariadb.allow")],
        &[list!("mysql_common.deny"), list!("mariadb.deny")],
    )
});
static POSTGRESQL: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(
        &[list!("postgresql.generated"), list!("postgresql.allow")],
        &[list!("postgresql.deny")],
    )
});
static ORACLE: LazyLock<Lists> =
    LazyLock::new(|| Lists::read(&[list!("oracle.allow")], &[list!("oracle.deny")]));
static SQLITE: LazyLock<Lists> =
    LazyLock::new(|| Lists::read(&[list!("sqlite.allow")], &[list!("sqlite.deny")]));

fn lists(engine: Engine) -> &'static Lists {
    match engine {
        Engine::MySql => &MYSQL,
        Engine::MariaDb => &MARIADB,
        Engine::PostgreSql => &POSTGRESQL,
        Engine::Oracle => &ORACLE,
        Engine::Sqlite => &SQLITE,
    }
}

/// One part of a name in lower case if the engine would find the same object under it.
fn fold(engine: Engine, value: &str, is_quoted: bool) -> String {
    let keeps_case = match engine {
        Engine::MySql | Engine::MariaDb | Engine::Sqlite => false,
        Engine::PostgreSql => is_quoted,
        Engine::Oracle => is_quoted && value.chars().any(|c| c.is_ascii_lowercase()),
    };
    if keeps_case {
        value.to_owned()
    } else {
        value.to_ascii_lowercase()
    }
}

/// The tripwire: a word before an opening bracket that is on the deny list, whatever the parser makes of it.
pub(crate) fn check_call_token(engine: Engine, word: &Word, at: Option<usize>) -> Verdict {
    let name = fold(engine, &word.value, word.quote_style.is_some());
    if lists(engine).is_denied(&name) {
        return Err(Denial::new(Rule::Function, name.to_ascii_uppercase(), at));
    }
    Ok(())
}

/// SQLite's modules that reach files or pages when they are named like a table.
fn is_table_function(name: &str) -> bool {
    let is_module = ["fsdir", "zipfile", "sqlite_", "pragma_", "completion"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    is_module && SQLITE.is_denied(name)
}

/// PostgreSQL's views that read the server's files or tell of its build: each stands for a function on the deny list.
const FILE_VIEWS: [&str; 4] = [
    "pg_hba_file_rules",
    "pg_file_settings",
    "pg_ident_file_mappings",
    "pg_config",
];

impl Checker<'_> {
    /// Whether the function of this name may be called.
    pub(super) fn function_name(&self, name: &ObjectName) -> Verdict {
        let parts = plain_parts(name)?;
        let folded = self.folded(&parts);
        let at = parts.first().and_then(|part| offset_of(part.span));
        if let Some(notes) = self.notes {
            notes.function(&folded);
        }
        if self.is_permitted(&folded) {
            return Ok(());
        }
        let shown = folded.join(".").to_uppercase();
        Err(Denial::new(Rule::Function, shown, at))
    }

    fn folded(&self, parts: &[&Ident]) -> Vec<String> {
        parts
            .iter()
            .map(|part| fold(self.engine, &part.value, part.quote_style.is_some()))
            .collect()
    }

    fn is_permitted(&self, parts: &[String]) -> bool {
        // Some servers compare names by a collation that takes é for e, so a name in other letters is nobody's.
        if parts.iter().any(|part| !part.is_ascii()) {
            return self.policy.functions.contains(&parts.join("."));
        }
        let lists = lists(self.engine);
        let own = self.own_name(parts);
        let name = own.as_deref().map_or_else(|| parts.join("."), str::to_owned);
        let last = parts.last().map_or("", String::as_str);
        // A package of Oracle is denied as a whole, whatever it is called through.
        let in_denied_package =
            self.engine == Engine::Oracle && parts.iter().any(|part| lists.is_denied(part));
        // Its form without an argument was recognized before.
        let sets_insert_id = self.is_mysql() && last == "last_insert_id";
        if in_denied_package || sets_insert_id || lists.is_denied(&name) || lists.is_denied(last) {
            return false;
        }
        if self.policy.functions.contains(&name) || self.policy.functions.contains(&parts.join(".")) {
            return true;
        }
        match self.policy.level {
            Level::Strict => own.is_some() && lists.allowed.contains(name.as_str()),
            Level::Standard => true,
        }
    }

    /// The name among the engine's own functions that these parts stand for, if they can.
    fn own_name(&self, parts: &[String]) -> Option<String> {
        match (self.engine, parts) {
            (_, [name]) => Some(name.clone()),
            (Engine::PostgreSql, [schema, name]) if schema == "pg_catalog" => Some(name.clone()),
            // Drivers call one of them; it is on the list with its schema.
            (Engine::PostgreSql, [schema, _]) if schema == "information_schema" => Some(parts.join(".")),
            (Engine::Oracle, [schema, rest @ ..]) if schema == "sys" || schema == "standard" => {
                self.own_name(rest)
            }
            (Engine::Oracle, _) => Some(parts.join(".")),
            _ => None,
        }
    }

    /// Names that are not calls by their look but can be: Oracle calls functions without brackets, PostgreSQL calls
    /// `f(row)` for `row.f`.
    pub(super) fn identifier(&self, idents: &[Ident]) -> Verdict {
        let lists = lists(self.engine);
        let name = |ident: &Ident| fold(self.engine, &ident.value, ident.quote_style.is_some());
        let is_denied = match self.engine {
            Engine::Oracle => {
                self.scope.borrow_mut().refer(idents);
                idents.iter().find(|ident| lists.is_denied(&name(ident)))
            }
            Engine::PostgreSql if idents.len() > 1 => {
                idents.last().filter(|ident| self.is_denied_field(ident))
            }
            // MariaDB advances a sequence so if its session imitates Oracle.
            Engine::MariaDb if idents.len() > 1 => idents
                .last()
                .filter(|ident| ident.value.eq_ignore_ascii_case("nextval")),
            Engine::PostgreSql | Engine::MySql | Engine::MariaDb | Engine::Sqlite => None,
        };
        match is_denied {
            None => Ok(()),
            Some(ident) => Err(Denial::new(
                if ident.value.eq_ignore_ascii_case("nextval") {
                    Rule::Sequence
                } else {
                    Rule::Function
                },
                ident.value.to_uppercase(),
                offset_of(ident.span),
            )),
        }
    }

    /// `(expression).name`: on PostgreSQL a call of a function with one argument, unless the expression is of a composite
    /// type that has such a field. See "Field selection" in the manual, section 4.2.4.
    pub(super) fn field(&self, ident: &Ident) -> Verdict {
        if self.engine != Engine::PostgreSql {
            return self.identifier(std::slice::from_ref(ident));
        }
        if !self.is_denied_field(ident) {
            return Ok(());
        }
        let name = ident.value.to_uppercase();
        let rule = if name == "NEXTVAL" {
            Rule::Sequence
        } else {
            Rule::Function
        };
        Err(Denial::new(rule, name, offset_of(ident.span)))
    }

    fn is_denied_field(&self, ident: &Ident) -> bool {
        let name = fold(self.engine, &ident.value, ident.quote_style.is_some());
        let lists = lists(self.engine);
        lists.denied.contains(name.as_str())
            || ((name.starts_with("pg_") || name.starts_with("lo_")) && lists.is_denied(&name))
    }

    /// A call with everything in it.
    pub(super) fn function(&self, function: &Function) -> Verdict {
        let Function {
            name,
            uses_odbc_syntax: _,
            parameters,
            args,
            within_group,
            filter,
            null_treatment: _,
            over,
        } = function;
        if !self.is_plain_last_insert_id(name, args) {
            self.function_name(name)?;
        }
        self.arguments(parameters)?;
        self.arguments(args)?;
        self.order_by_exprs(within_group)?;
        self.optional(filter.as_deref())?;
        over.as_ref().map_or(Ok(()), |window| self.window(window))
    }

    /// LAST_INSERT_ID() reports; with an argument it sets what it will report next.
    fn is_plain_last_insert_id(&self, name: &ObjectName, args: &FunctionArguments) -> bool {
        let is_it = self.is_mysql()
            && matches!(&name.0[..], [ObjectNamePart::Identifier(ident)] if ident.value.eq_ignore_ascii_case("last_insert_id"));
        is_it
            && matches!(args, FunctionArguments::List(list) if list.args.is_empty() && list.clauses.is_empty())
    }

    /// Names in FROM that reach what no table does. SQLite's table functions are tables too (`FROM fsdir` calls it);
    /// some views of PostgreSQL's read files of the server.
    pub(super) fn table_name(&self, name: &ObjectName) -> Verdict {
        let parts = plain_parts(name)?;
        if self.engine == Engine::Oracle {
            self.scope.borrow_mut().declare_all(&parts);
        }
        if let Some(notes) = self.notes {
            notes.relation(&self.folded(&parts));
        }
        self.relation(&parts)
    }

    fn relation(&self, parts: &[&Ident]) -> Verdict {
        let folded = self.folded(parts);
        let is_denied = match (self.engine, &folded[..]) {
            (Engine::Sqlite, [.., name]) => is_table_function(name),
            (Engine::PostgreSql, [.., schema, name]) => {
                schema == "pg_catalog" && FILE_VIEWS.contains(&name.as_str())
            }
            (Engine::PostgreSql, [name]) => FILE_VIEWS.contains(&name.as_str()),
            _ => false,
        };
        match parts.last() {
            Some(last) if is_denied => Err(Denial::new(
                Rule::Function,
                last.value.to_ascii_uppercase(),
                offset_of(last.span),
            )),
            _ => Ok(()),
        }
    }

    /// `TABLE t`, a query of its own.
    pub(super) fn table_command(&self, table: &Table) -> Verdict {
        let Table {
            table_name,
            schema_name,
        } = table;
        let parts: Vec<&Ident> = schema_name.iter().chain(table_name).collect();
        if let Some(notes) = self.notes {
            notes.relation(&self.folded(&parts));
        }
        self.relation(&parts)
    }

    fn arguments(&self, arguments: &FunctionArguments) -> Verdict {
        match arguments {
            FunctionArguments::None => Ok(()),
            FunctionArguments::Subquery(query) => self.query(query),
            FunctionArguments::List(FunctionArgumentList {
                duplicate_treatment: _,
                args,
                clauses,
            }) => {
                self.args(args)?;
                clauses.iter().try_for_each(|clause| self.clause(clause))
            }
        }
    }

    pub(super) fn args(&self, args: &[FunctionArg]) -> Verdict {
        args.iter().try_for_each(|arg| match arg {
            FunctionArg::Named {
                name: _,
                arg,
                operator: _,
            }
            | FunctionArg::Unnamed(arg) => self.arg(arg),
            FunctionArg::ExprNamed {
                name,
                arg,
                operator: _,
            } => {
                self.expr(name)?;
                self.arg(arg)
            }
        })
    }

    fn arg(&self, arg: &FunctionArgExpr) -> Verdict {
        match arg {
            FunctionArgExpr::Expr(expr) => self.expr(expr),
            FunctionArgExpr::QualifiedWildcard(name) => plain_parts(name).map(drop),
            FunctionArgExpr::Wildcard => Ok(()),
            FunctionArgExpr::WildcardWithOptions(options) => wildcard(options),
        }
    }

    fn clause(&self, clause: &FunctionArgumentClause) -> Verdict {
        match clause {
            FunctionArgumentClause::IgnoreOrRespectNulls(_)
            | FunctionArgumentClause::Separator(_)
            | FunctionArgumentClause::JsonNullClause(_)
            | FunctionArgumentClause::JsonReturningClause(_) => Ok(()),
            FunctionArgumentClause::Where(expr) | FunctionArgumentClause::Limit(expr) => self.expr(expr),
            FunctionArgumentClause::OrderBy(exprs) => self.order_by_exprs(exprs),
            FunctionArgumentClause::OnOverflow(overflow) => match overflow {
                ListAggOnOverflow::Error => Ok(()),
                ListAggOnOverflow::Truncate {
                    filler,
                    with_count: _,
                } => self.optional(filler.as_deref()),
            },
            FunctionArgumentClause::Having(HavingBound(_, expr)) => self.expr(expr),
        }
    }
}
