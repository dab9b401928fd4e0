//! Whether a row limit may be appended to a query without changing what it means.

use gateway_core::Engine;
use sqlparser::ast::{Query, Select, SelectItem, SetExpr, TableFactor};

/// `true` only if ` LIMIT n` (Oracle: ` FETCH FIRST n ROWS ONLY`) behind the statement limits the whole of it.
pub(crate) fn may_append(engine: Engine, query: &Query) -> bool {
    let is_open = query.limit_clause.is_none()
        && query.fetch.is_none()
        && query.locks.is_empty()
        && query.for_clause.is_none()
        && query.settings.is_none()
        && query.format_clause.is_none()
        && query.pipe_operators.is_empty();
    is_open
        && match &*query.body {
            SetExpr::Select(select) => {
                ends_openly(select) && (engine != Engine::Oracle || has_distinct_names(select))
            }
            SetExpr::SetOperation { right, .. } => {
                engine != Engine::Oracle && matches!(&**right, SetExpr::Select(select) if ends_openly(select))
            }
            SetExpr::Query(_)
            | SetExpr::Values(_)
            | SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_) => false,
        }
}

/// A limit changes what SQL_CALC_FOUND_ROWS counts; and only behind FROM is no alias possible on every engine.
fn ends_openly(select: &Select) -> bool {
    let counts_found_rows = select
        .select_modifiers
        .as_ref()
        .is_some_and(|modifiers| modifiers.sql_calc_found_rows);
    !counts_found_rows && !select.from.is_empty()
}

/// Oracle wraps a limited query into another one, which fails (ORA-00918) if two columns have one name.
fn has_distinct_names(select: &Select) -> bool {
    let single_table = matches!(&select.from[..], [one] if one.joins.is_empty()
        && matches!(one.relation, TableFactor::Table { .. } | TableFactor::Derived { .. }));
    if let [SelectItem::Wildcard(_)] = &select.projection[..] {
        return single_table;
    }
    let mut names: Vec<String> = Vec::with_capacity(select.projection.len());
    for item in &select.projection {
        let name = match item {
            SelectItem::ExprWithAlias { alias, .. } => alias.value.to_uppercase(),
            SelectItem::UnnamedExpr(sqlparser::ast::Expr::Identifier(ident)) => ident.value.to_uppercase(),
            SelectItem::UnnamedExpr(sqlparser::ast::Expr::CompoundIdentifier(parts)) => {
                parts.last().map(|p| p.value.to_uppercase()).unwrap_or_default()
            }
            SelectItem::UnnamedExpr(other) => other.to_string().to_uppercase(),
            SelectItem::ExprWithAliases { .. }
            | SelectItem::QualifiedWildcard(..)
            | SelectItem::Wildcard(_) => {
                return false;
            }
        };
        if names.contains(&name) {
            return false;
        }
        names.push(name);
    }
    true
}
