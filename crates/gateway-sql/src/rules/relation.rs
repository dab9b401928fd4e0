//! FROM: tables, derived tables, table functions and joins.

use gateway_core::Engine;
use sqlparser::ast::Spanned as _;
use sqlparser::ast::{
    Expr, ExprWithAlias, Join, JoinConstraint, JoinOperator, JsonTableColumn, Measure, PivotValueSource,
    SymbolDefinition, TableFactor, TableFunctionArgs, TableSample, TableSampleBucket, TableSampleKind,
    TableSampleQuantity, TableVersion, TableWithJoins, XmlNamespaceDefinition, XmlPassingArgument,
    XmlPassingClause, XmlTableColumn, XmlTableColumnOption,
};

use super::{Checker, absent, plain_parts, unsupported};
use crate::error::Verdict;

impl Checker<'_> {
    pub(super) fn table_with_joins(&self, item: &TableWithJoins) -> Verdict {
        let TableWithJoins { relation, joins } = item;
        self.table_factor(relation)?;
        joins.iter().try_for_each(|join| self.join(join))
    }

    fn join(&self, join: &Join) -> Verdict {
        let Join {
            relation,
            global,
            join_operator,
        } = join;
        if *global {
            return unsupported("GLOBAL JOIN", None);
        }
        self.table_factor(relation)?;
        match join_operator {
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint)
            | JoinOperator::Right(constraint)
            | JoinOperator::RightOuter(constraint)
            | JoinOperator::FullOuter(constraint)
            | JoinOperator::CrossJoin(constraint)
            | JoinOperator::StraightJoin(constraint) => self.constraint(constraint),
            JoinOperator::CrossApply | JoinOperator::OuterApply => Ok(()),
            JoinOperator::Semi(_)
            | JoinOperator::LeftSemi(_)
            | JoinOperator::RightSemi(_)
            | JoinOperator::Anti(_)
            | JoinOperator::LeftAnti(_)
            | JoinOperator::RightAnti(_) => unsupported("SEMI or ANTI JOIN", None),
            JoinOperator::AsOf {
                match_condition: _,
                constraint: _,
            } => unsupported("ASOF JOIN", None),
            JoinOperator::ArrayJoin | JoinOperator::LeftArrayJoin | JoinOperator::InnerArrayJoin => {
                unsupported("ARRAY JOIN", None)
            }
        }
    }

    fn constraint(&self, constraint: &JoinConstraint) -> Verdict {
        match constraint {
            JoinConstraint::On(expr) => self.expr(expr),
            JoinConstraint::Using(names) | JoinConstraint::UsingAlias(names, _) => {
                names.iter().try_for_each(|name| plain_parts(name).map(drop))
            }
            JoinConstraint::Natural | JoinConstraint::None => Ok(()),
        }
    }

    fn table_factor(&self, factor: &TableFactor) -> Verdict {
        match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality: _,
                partitions: _,
                json_path,
                sample,
                index_directives: _,
                inheritance: _,
            } => {
                self.declare(alias.as_ref());
                absent(json_path.as_ref(), "a JSON path in FROM")?;
                match args {
                    None => self.table_name(name)?,
                    Some(TableFunctionArgs { args, settings }) => {
                        absent(settings.as_ref(), "SETTINGS")?;
                        self.function_name(name)?;
                        self.args(args)?;
                    }
                }
                self.exprs(with_hints)?;
                if let Some(version) = version {
                    self.version(version)?;
                }
                self.sample(sample.as_ref())
            }
            TableFactor::Derived {
                lateral: _,
                subquery,
                alias,
                sample,
            } => {
                self.declare(alias.as_ref());
                self.query(subquery)?;
                self.sample(sample.as_ref())
            }
            TableFactor::TableFunction { expr, alias } => {
                self.declare(alias.as_ref());
                self.expr(expr)
            }
            TableFactor::Function {
                lateral: _,
                name,
                args,
                with_ordinality: _,
                alias,
            } => {
                self.declare(alias.as_ref());
                self.function_name(name)?;
                self.args(args)
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset: _,
                with_offset_alias: _,
                with_ordinality: _,
            } => {
                self.declare(alias.as_ref());
                self.exprs(array_exprs)
            }
            TableFactor::JsonTable {
                json_expr,
                json_path: _,
                columns,
                alias,
            } => {
                self.declare(alias.as_ref());
                json_columns(columns);
                self.expr(json_expr)
            }
            TableFactor::OpenJsonTable {
                json_expr: _,
                json_path: _,
                columns: _,
                alias: _,
            } => unsupported("OPENJSON", None),
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => {
                self.declare(alias.as_ref());
                self.table_with_joins(table_with_joins)
            }
            TableFactor::Pivot {
                table,
                aggregate_functions,
                value_column,
                value_source,
                default_on_null,
                alias,
            } => {
                self.declare(alias.as_ref());
                self.table_factor(table)?;
                self.aliased(aggregate_functions)?;
                self.exprs(value_column)?;
                self.optional(default_on_null.as_ref())?;
                match value_source {
                    PivotValueSource::List(items) => self.aliased(items),
                    PivotValueSource::Any(order_by) => self.order_by_exprs(order_by),
                    PivotValueSource::Subquery(query) => self.query(query),
                }
            }
            TableFactor::Unpivot {
                table,
                value,
                name: _,
                columns,
                null_inclusion: _,
                alias,
            } => {
                self.declare(alias.as_ref());
                self.table_factor(table)?;
                self.expr(value)?;
                self.aliased(columns)
            }
            TableFactor::UnpivotExpr {
                expression: _,
                value_alias: _,
                attribute_alias: _,
            } => unsupported("UNPIVOT of an expression", None),
            TableFactor::MatchRecognize {
                table,
                partition_by,
                order_by,
                measures,
                rows_per_match: _,
                after_match_skip: _,
                pattern: _,
                symbols,
                alias,
            } => {
                self.declare(alias.as_ref());
                self.table_factor(table)?;
                self.exprs(partition_by)?;
                self.order_by_exprs(order_by)?;
                measures
                    .iter()
                    .try_for_each(|Measure { expr, alias: _ }| self.expr(expr))?;
                symbols
                    .iter()
                    .try_for_each(|SymbolDefinition { symbol, definition }| {
                        if self.engine == Engine::Oracle {
                            self.scope.borrow_mut().declare(symbol);
                        }
                        self.expr(definition)
                    })
            }
            TableFactor::XmlTable {
                namespaces,
                row_expression,
                passing,
                columns,
                alias,
            } => {
                self.declare(alias.as_ref());
                namespaces
                    .iter()
                    .try_for_each(|XmlNamespaceDefinition { uri, name: _ }| self.expr(uri))?;
                self.expr(row_expression)?;
                let XmlPassingClause { arguments } = passing;
                arguments.iter().try_for_each(|argument| {
                    let XmlPassingArgument {
                        expr,
                        alias: _,
                        by_value: _,
                    } = argument;
                    self.expr(expr)
                })?;
                columns.iter().try_for_each(|column| self.xml_column(column))
            }
            TableFactor::SemanticView {
                name: _,
                dimensions: _,
                metrics: _,
                facts: _,
                where_clause: _,
                alias: _,
            } => unsupported("SEMANTIC_VIEW", None),
        }
    }

    fn aliased(&self, items: &[ExprWithAlias]) -> Verdict {
        items
            .iter()
            .try_for_each(|ExprWithAlias { expr, alias: _ }| self.expr(expr))
    }

    fn version(&self, version: &TableVersion) -> Verdict {
        match version {
            TableVersion::ForSystemTimeAsOf(expr)
            | TableVersion::TimestampAsOf(expr)
            | TableVersion::VersionAsOf(expr)
            | TableVersion::Function(expr) => self.expr(expr),
            TableVersion::Changes {
                changes: _,
                at: _,
                end: _,
            } => unsupported("CHANGES", None),
        }
    }

    fn sample(&self, sample: Option<&TableSampleKind>) -> Verdict {
        let sample = match sample {
            None => return Ok(()),
            Some(TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) => {
                sample
            }
        };
        let TableSample {
            modifier: _,
            name: _,
            quantity,
            seed: _,
            bucket,
            offset,
        } = &**sample;
        if let Some(TableSampleQuantity {
            parenthesized: _,
            value,
            unit: _,
        }) = quantity
        {
            self.expr(value)?;
        }
        if let Some(TableSampleBucket {
            bucket: _,
            total: _,
            on,
        }) = bucket
        {
            self.optional(on.as_ref())?;
        }
        self.optional(offset.as_ref())
    }

    fn xml_column(&self, column: &XmlTableColumn) -> Verdict {
        let XmlTableColumn { name: _, option } = column;
        match option {
            XmlTableColumnOption::NamedInfo {
                r#type: _,
                path,
                default,
                nullable: _,
            } => {
                match path {
                    // XQuery, not XPath: the tripwire reads it, if it is a literal.
                    Some(path) if self.engine == Engine::Oracle && !matches!(path, Expr::Value(_)) => {
                        unsupported("a path that is not a literal", Some(path.span()))?;
                    }
                    path => self.optional(path.as_ref())?,
                }
                self.optional(default.as_ref())
            }
            XmlTableColumnOption::ForOrdinality => Ok(()),
        }
    }
}

/// The columns of JSON_TABLE hold names, types, paths and literals, and no expressions; this fails to compile if that
/// changes.
fn json_columns(columns: &[JsonTableColumn]) {
    for column in columns {
        match column {
            JsonTableColumn::Named(sqlparser::ast::JsonTableNamedColumn {
                name: _,
                r#type: _,
                path: _,
                exists: _,
                on_empty: _,
                on_error: _,
            })
            | JsonTableColumn::ForOrdinality(_) => {}
            JsonTableColumn::Nested(sqlparser::ast::JsonTableNestedColumn { path: _, columns }) => {
                json_columns(columns);
            }
        }
    }
}
