//! Expressions.

use gateway_core::Engine;
use sqlparser::ast::Spanned as _;
use sqlparser::ast::{AccessExpr, Array, CaseWhen, Expr, Ident, InTarget, Interval, MemberOf, Subscript};

use super::operators::{operator, unary};
use super::{Checker, plain_parts, unsupported};
use crate::error::Verdict;

impl Checker<'_> {
    pub(super) fn exprs(&self, exprs: &[Expr]) -> Verdict {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn optional(&self, expr: Option<&Expr>) -> Verdict {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    fn pair(&self, first: &Expr, second: &Expr) -> Verdict {
        self.expr(first)?;
        self.expr(second)
    }

    fn sets(&self, sets: &[Vec<Expr>]) -> Verdict {
        sets.iter().try_for_each(|set| self.exprs(set))
    }

    /// An expression with everything in it. Chains of operators, casts and tests lean to the left; they are walked
    /// without recursion, so that a thousand ORs do not take a thousand stack frames.
    pub(super) fn expr(&self, expr: &Expr) -> Verdict {
        let mut next = Some(expr);
        while let Some(expr) = next {
            next = self.step(expr)?;
        }
        Ok(())
    }

    /// Checks all of an expression but its leftmost part, and answers that.
    fn step<'e>(&self, expr: &'e Expr) -> Verdict<Option<&'e Expr>> {
        match expr {
            Expr::BinaryOp { left, op, right } => {
                operator(op)?;
                self.expr(right)?;
                return Ok(Some(left));
            }
            Expr::Identifier(ident) => self.identifier(std::slice::from_ref(ident)),
            Expr::CompoundIdentifier(idents) => self.identifier(idents),
            Expr::CompoundFieldAccess { root, access_chain } => {
                access_chain.iter().try_for_each(|access| self.access(access))?;
                return Ok(Some(root));
            }
            Expr::JsonAccess { value: _, path: _ } => unsupported("a JSON path", Some(expr.span())),
            Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::Nested(inner)
            | Expr::OuterJoin(inner)
            | Expr::Prior(inner) => return Ok(Some(inner)),
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.pair(left, right)
            }
            Expr::IsJson {
                expr,
                kind: _,
                unique_keys: _,
                negated: _,
            }
            | Expr::IsNormalized {
                expr,
                form: _,
                negated: _,
            } => return Ok(Some(expr)),
            Expr::In {
                expr,
                target,
                negated: _,
                global: _,
            } => {
                self.in_target(target)?;
                return Ok(Some(expr));
            }
            Expr::Between {
                expr,
                negated: _,
                low,
                high,
            } => {
                self.pair(low, high)?;
                return Ok(Some(expr));
            }
            Expr::Like {
                negated: _,
                any: _,
                expr,
                pattern,
                escape_char,
            }
            | Expr::ILike {
                negated: _,
                any: _,
                expr,
                pattern,
                escape_char,
            }
            | Expr::SimilarTo {
                negated: _,
                expr,
                pattern,
                escape_char,
            } => {
                self.expr(pattern)?;
                self.optional(escape_char.as_deref())?;
                return Ok(Some(expr));
            }
            Expr::RLike {
                negated: _,
                expr,
                pattern,
                regexp: _,
            } => {
                self.expr(pattern)?;
                return Ok(Some(expr));
            }
            Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: _,
            }
            | Expr::AllOp {
                left,
                compare_op,
                right,
            } => {
                operator(compare_op)?;
                self.expr(right)?;
                return Ok(Some(left));
            }
            Expr::UnaryOp { op, expr } => {
                unary(*op)?;
                return Ok(Some(expr));
            }
            Expr::Convert {
                is_try: _,
                expr,
                data_type: _,
                charset: _,
                target_before_value: _,
                styles,
            } => {
                self.exprs(styles)?;
                return Ok(Some(expr));
            }
            Expr::Cast {
                kind: _,
                expr,
                data_type: _,
                format: _,
            } => return Ok(Some(expr)),
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.expr(time_zone)?;
                return Ok(Some(timestamp));
            }
            Expr::Extract {
                field: _,
                syntax: _,
                expr,
            }
            | Expr::Ceil { expr, field: _ }
            | Expr::Floor { expr, field: _ } => return Ok(Some(expr)),
            Expr::Position { expr, r#in } => {
                self.expr(r#in)?;
                return Ok(Some(expr));
            }
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                special: _,
                shorthand: _,
            } => {
                self.expr(expr)?;
                self.optional(substring_from.as_deref())?;
                self.optional(substring_for.as_deref())
            }
            Expr::Trim {
                trim_where: _,
                trim_what,
                expr,
                trim_characters,
            } => {
                self.optional(trim_what.as_deref())?;
                self.exprs(trim_characters.as_deref().unwrap_or_default())?;
                return Ok(Some(expr));
            }
            Expr::Overlay {
                expr,
                overlay_what,
                overlay_from,
                overlay_for,
            } => {
                self.pair(expr, overlay_what)?;
                self.expr(overlay_from)?;
                self.optional(overlay_for.as_deref())
            }
            Expr::Collate { expr, collation } => {
                plain_parts(collation)?;
                return Ok(Some(expr));
            }
            // The literals hold no expressions.
            Expr::Value(_) | Expr::TypedString(_) => Ok(()),
            Expr::Prefixed { prefix, value } => self.prefixed(prefix, value),
            Expr::Function(function) => self.function(function),
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => {
                self.optional(operand.as_deref())?;
                conditions
                    .iter()
                    .try_for_each(|CaseWhen { condition, result }| self.pair(condition, result))?;
                self.optional(else_result.as_deref())
            }
            Expr::Exists { subquery, negated: _ } => self.query(subquery),
            Expr::Subquery(query) => self.query(query),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => self.sets(sets),
            Expr::Tuple(exprs) => self.exprs(exprs),
            Expr::Struct { values: _, fields: _ } => unsupported("STRUCT", Some(expr.span())),
            // XMLATTRIBUTES(a AS b)
            Expr::Named { expr, name: _ } => return Ok(Some(expr)),
            Expr::Dictionary(_) => unsupported("a dictionary", Some(expr.span())),
            Expr::Map(_) => unsupported("MAP", Some(expr.span())),
            Expr::Array(array) => self.array(array, false),
            Expr::Interval(Interval {
                value,
                leading_field: _,
                leading_precision: _,
                last_field: _,
                fractional_seconds_precision: _,
            }) => return Ok(Some(value)),
            Expr::MatchAgainst {
                columns,
                match_value: _,
                opt_search_modifier: _,
            } => columns.iter().try_for_each(|name| plain_parts(name).map(drop)),
            Expr::Wildcard(_) => Ok(()),
            Expr::QualifiedWildcard(name, _) => plain_parts(name).map(drop),
            Expr::Lambda(_) => unsupported("a lambda", Some(expr.span())),
            Expr::MemberOf(MemberOf { value, array }) => {
                self.expr(array)?;
                return Ok(Some(value));
            }
        }?;
        Ok(None)
    }

    /// `ARRAY[…]`, and inside it `[…]`; elsewhere bare brackets are no array to PostgreSQL.
    fn array(&self, array: &Array, is_inner: bool) -> Verdict {
        let Array { elem, named } = array;
        if self.engine != Engine::PostgreSql || !(*named || is_inner) {
            return unsupported("an array", elem.first().map(Expr::span));
        }
        elem.iter().try_for_each(|item| match item {
            Expr::Array(inner) => self.array(inner, true),
            other => self.expr(other),
        })
    }

    fn in_target(&self, target: &InTarget) -> Verdict {
        match target {
            InTarget::List(exprs) => self.exprs(exprs),
            InTarget::Subquery(query) => self.query(query),
            InTarget::Unnest(expr) => self.expr(expr),
            InTarget::Table { name, args: None } => self.table_name(name),
            InTarget::Table {
                name,
                args: Some(args),
            } => {
                self.function_name(name)?;
                self.args(args)
            }
        }
    }

    fn access(&self, access: &AccessExpr) -> Verdict {
        match access {
            AccessExpr::Dot(Expr::Identifier(ident)) => self.field(ident),
            // `(row).*`
            AccessExpr::Dot(Expr::Wildcard(_)) => Ok(()),
            AccessExpr::Dot(expr) => self.expr(expr),
            AccessExpr::Subscript(Subscript::Index { index }) => self.expr(index),
            AccessExpr::Subscript(Subscript::Slice {
                lower_bound,
                upper_bound,
                stride,
            }) => {
                self.optional(lower_bound.as_ref())?;
                self.optional(upper_bound.as_ref())?;
                self.optional(stride.as_ref())
            }
        }
    }

    /// `_utf8mb4'…'` on MySQL, CONNECT_BY_ROOT on Oracle.
    fn prefixed(&self, prefix: &Ident, value: &Expr) -> Verdict {
        let is_known = match self.engine {
            Engine::MySql | Engine::MariaDb => prefix.value.starts_with('_'),
            Engine::Oracle => prefix.value.eq_ignore_ascii_case("connect_by_root"),
            Engine::PostgreSql | Engine::Sqlite => false,
        };
        if is_known {
            self.expr(value)
        } else {
            unsupported("a prefix before an expression", Some(prefix.span))
        }
    }
}
