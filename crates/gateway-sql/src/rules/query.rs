//! Queries, set operations and SELECT.

use sqlparser::ast::{
    Cte, Distinct, ExcludeSelectItem, Fetch, LimitClause, LockClause, Offset, Query, Select, SelectFlavor,
    SelectInto, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, SetOperator, SetQuantifier, Values,
    WildcardAdditionalOptions, With,
};

use super::{Checker, absent, empty, plain_parts, unsupported};
use crate::error::{Denial, Rule, Verdict};

impl Checker<'_> {
    /// A query with everything in it.
    pub(super) fn query(&self, query: &Query) -> Verdict {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if let Some(with) = with {
            self.with(with)?;
        }
        self.set_expr(body)?;
        if let Some(order_by) = order_by {
            self.order_by(order_by)?;
        }
        if let Some(limit) = limit_clause {
            self.limit(limit)?;
        }
        if let Some(Fetch {
            with_ties: _,
            percent: _,
            quantity,
        }) = fetch
        {
            self.optional(quantity.as_ref())?;
        }
        locking(locks)?;
        absent(for_clause.as_ref(), "FOR")?;
        absent(settings.as_ref(), "SETTINGS")?;
        absent(format_clause.as_ref(), "FORMAT")?;
        empty(pipe_operators, "|>")
    }

    fn with(&self, with: &With) -> Verdict {
        let With {
            with_token: _,
            recursive: _,
            cte_tables,
        } = with;
        cte_tables.iter().try_for_each(|cte| {
            let Cte {
                alias,
                query,
                from,
                materialized: _,
                closing_paren_token: _,
            } = cte;
            absent(from.as_ref(), "FROM in WITH")?;
            self.declare(Some(alias));
            self.query(query)
        })
    }

    /// Chains of set operations lean to the left; they are walked without recursion.
    fn set_expr(&self, set: &SetExpr) -> Verdict {
        let mut set = set;
        loop {
            match set {
                SetExpr::Select(select) => return self.select(select),
                SetExpr::Query(query) => return self.query(query),
                SetExpr::SetOperation {
                    left,
                    op: SetOperator::Union | SetOperator::Except | SetOperator::Intersect | SetOperator::Minus,
                    set_quantifier,
                    right,
                } => {
                    match set_quantifier {
                        SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                        SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                            return unsupported("BY NAME", None);
                        }
                    }
                    self.set_expr(right)?;
                    set = left;
                }
                SetExpr::Values(values) => return self.values(values),
                SetExpr::Insert(_) => return modification("INSERT"),
                SetExpr::Update(_) => return modification("UPDATE"),
                SetExpr::Delete(_) => return modification("DELETE"),
                SetExpr::Merge(_) => return modification("MERGE"),
                SetExpr::Table(table) => return self.table_command(table),
            }
        }
    }

    fn values(&self, values: &Values) -> Verdict {
        let Values {
            explicit_row: _,
            value_keyword: _,
            rows,
        } = values;
        rows.iter().try_for_each(|row| self.exprs(&row.content))
    }

    fn limit(&self, limit: &LimitClause) -> Verdict {
        match limit {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => {
                self.optional(limit.as_ref())?;
                if let Some(Offset { value, rows: _ }) = offset {
                    self.expr(value)?;
                }
                empty(limit_by, "LIMIT BY")
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                self.expr(offset)?;
                self.expr(limit)
            }
        }
    }

    fn select(&self, select: &Select) -> Verdict {
        let Select {
            select_token,
            // The scanner has checked and dropped them.
            optimizer_hints: _,
            distinct,
            // They steer the plan, the cache and FOUND_ROWS().
            select_modifiers: _,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        let span = Some(select_token.0.span);
        if let Some(SelectInto {
            temporary: _,
            unlogged: _,
            table: _,
            targets: _,
        }) = into
        {
            return Err(Denial::new(
                Rule::SelectInto,
                "INTO",
                span.and_then(crate::scan::offset_of),
            ));
        }
        match flavor {
            SelectFlavor::Standard => {}
            SelectFlavor::FromFirst | SelectFlavor::FromFirstNoSelect => {
                return unsupported("FROM first", span);
            }
        }
        absent(top.as_ref(), "TOP")?;
        absent(value_table_mode.as_ref(), "SELECT AS")?;
        match exclude {
            None => {}
            Some(ExcludeSelectItem::Single(_) | ExcludeSelectItem::Multiple(_)) => {
                return unsupported("EXCLUDE", span);
            }
        }
        empty(lateral_views, "LATERAL VIEW")?;
        absent(prewhere.as_ref(), "PREWHERE")?;
        empty(cluster_by, "CLUSTER BY")?;
        empty(distribute_by, "DISTRIBUTE BY")?;
        empty(sort_by, "SORT BY")?;
        match distinct {
            None | Some(Distinct::All | Distinct::Distinct) => {}
            Some(Distinct::On(exprs)) => self.exprs(exprs)?,
        }
        projection.iter().try_for_each(|item| self.select_item(item))?;
        from.iter().try_for_each(|item| self.table_with_joins(item))?;
        self.optional(selection.as_ref())?;
        connect_by.iter().try_for_each(|item| self.connect_by(item))?;
        self.group_by(group_by)?;
        self.optional(having.as_ref())?;
        named_window
            .iter()
            .try_for_each(|window| self.named_window(window))?;
        self.optional(qualify.as_ref())
    }

    fn select_item(&self, item: &SelectItem) -> Verdict {
        match item {
            SelectItem::UnnamedExpr(expr) => self.expr(expr),
            SelectItem::ExprWithAlias { expr, alias: _ } => self.expr(expr),
            SelectItem::ExprWithAliases { expr: _, aliases: _ } => unsupported("several aliases", None),
            SelectItem::QualifiedWildcard(kind, options) => {
                match kind {
                    SelectItemQualifiedWildcardKind::ObjectName(name) => {
                        plain_parts(name)?;
                    }
                    SelectItemQualifiedWildcardKind::Expr(expr) => self.expr(expr)?,
                }
                wildcard(options)
            }
            SelectItem::Wildcard(options) => wildcard(options),
        }
    }
}

fn modification(what: &'static str) -> Verdict {
    Err(Denial::new(Rule::DataModification, what, None))
}

fn locking(locks: &[LockClause]) -> Verdict {
    if locks.is_empty() {
        Ok(())
    } else {
        Err(Denial::new(Rule::Locking, "FOR UPDATE or FOR SHARE", None))
    }
}

/// `*` without the additions of other engines.
pub(super) fn wildcard(options: &WildcardAdditionalOptions) -> Verdict {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    absent(opt_ilike.as_ref(), "* ILIKE")?;
    absent(opt_exclude.as_ref(), "* EXCLUDE")?;
    absent(opt_except.as_ref(), "* EXCEPT")?;
    absent(opt_replace.as_ref(), "* REPLACE")?;
    absent(opt_rename.as_ref(), "* RENAME")?;
    absent(opt_alias.as_ref(), "* AS")
}
