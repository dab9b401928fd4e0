//! ORDER BY, GROUP BY, CONNECT BY and windows.

use sqlparser::ast::{
    ConnectByKind, GroupByExpr, GroupByWithModifier, NamedWindowDefinition, NamedWindowExpr, OrderBy,
    OrderByExpr, OrderByKind, OrderByOptions, OrderBySort, WindowFrame, WindowFrameBound, WindowSpec,
    WindowType,
};

use super::operators::qualified_operator;
use super::{Checker, absent, plain_parts, unsupported};
use crate::error::Verdict;

impl Checker<'_> {
    pub(super) fn order_by(&self, order_by: &OrderBy) -> Verdict {
        let OrderBy { kind, interpolate } = order_by;
        absent(interpolate.as_ref(), "INTERPOLATE")?;
        match kind {
            OrderByKind::All(options) => sort(options),
            OrderByKind::Expressions(exprs) => self.order_by_exprs(exprs),
        }
    }

    pub(super) fn order_by_exprs(&self, exprs: &[OrderByExpr]) -> Verdict {
        exprs.iter().try_for_each(|item| {
            let OrderByExpr {
                expr,
                options,
                with_fill,
            } = item;
            absent(with_fill.as_ref(), "WITH FILL")?;
            sort(options)?;
            self.expr(expr)
        })
    }

    pub(super) fn group_by(&self, group_by: &GroupByExpr) -> Verdict {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.exprs(exprs)?;
                modifiers
            }
        };
        modifiers.iter().try_for_each(|modifier| match modifier {
            GroupByWithModifier::Rollup | GroupByWithModifier::Cube => Ok(()),
            GroupByWithModifier::Totals => unsupported("WITH TOTALS", None),
            GroupByWithModifier::GroupingSets(expr) => self.expr(expr),
        })
    }

    pub(super) fn connect_by(&self, clause: &ConnectByKind) -> Verdict {
        match clause {
            ConnectByKind::ConnectBy {
                connect_token: _,
                nocycle: _,
                relationships,
            } => self.exprs(relationships),
            ConnectByKind::StartWith {
                start_token: _,
                condition,
            } => self.expr(condition),
        }
    }

    pub(super) fn named_window(&self, window: &NamedWindowDefinition) -> Verdict {
        let NamedWindowDefinition(_, definition) = window;
        match definition {
            NamedWindowExpr::NamedWindow(_) => Ok(()),
            NamedWindowExpr::WindowSpec(spec) => self.window_spec(spec),
        }
    }

    pub(super) fn window(&self, window: &WindowType) -> Verdict {
        match window {
            WindowType::WindowSpec(spec) => self.window_spec(spec),
            WindowType::NamedWindow(_) => Ok(()),
        }
    }

    fn window_spec(&self, spec: &WindowSpec) -> Verdict {
        let WindowSpec {
            window_name: _,
            partition_by,
            order_by,
            window_frame,
        } = spec;
        self.exprs(partition_by)?;
        self.order_by_exprs(order_by)?;
        let Some(WindowFrame {
            units: _,
            start_bound,
            end_bound,
        }) = window_frame
        else {
            return Ok(());
        };
        self.bound(start_bound)?;
        end_bound.as_ref().map_or(Ok(()), |bound| self.bound(bound))
    }

    fn bound(&self, bound: &WindowFrameBound) -> Verdict {
        match bound {
            WindowFrameBound::CurrentRow => Ok(()),
            WindowFrameBound::Preceding(distance) | WindowFrameBound::Following(distance) => {
                self.optional(distance.as_deref())
            }
        }
    }
}

fn sort(options: &OrderByOptions) -> Verdict {
    let OrderByOptions { sort, nulls_first: _ } = options;
    match sort {
        None | Some(OrderBySort::Asc | OrderBySort::Desc) => Ok(()),
        // The scanner knows the operators; one of a schema is known only in the catalogue's.
        Some(OrderBySort::Using(name)) => {
            let parts = plain_parts(name)?;
            let parts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
            qualified_operator(&parts)
        }
    }
}
