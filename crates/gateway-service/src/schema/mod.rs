//! What a data source holds: schemas, tables and views, columns, keys.

mod assemble;
mod rows;

use std::sync::Arc;
use std::time::Instant;

use gateway_core::trace::Trace;
use gateway_core::{AuditAction, Column, DataSourceId, ParamValue, Parameters};
use gateway_drivers::{Catalog, DriverError, SourcePool};

use crate::{Auditor, Caller, LiveSource, ServiceError, SharedQuerySettings, SourceService};
use rows::{Row, collect};

/// How far down to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SchemaDepth {
    /// The names of schemas.
    Schemas,
    /// Tables and views, too.
    Tables,
    /// Their columns and keys, too.
    #[default]
    Columns,
}

/// What to look for.
#[derive(Debug, Clone)]
pub struct SchemaQuery {
    /// A schema's name, in which `*` stands for any characters; `None` for all but the engine's own.
    pub schema: Option<String>,
    /// A table's name, in the same form.
    pub table: Option<String>,
    /// How far down to look.
    pub depth: SchemaDepth,
    /// Most tables to give.
    pub limit: u32,
    /// The schema and table after which to go on.
    pub after: Option<(String, String)>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SchemaPage {
    /// Schemas, for [`SchemaDepth::Schemas`] only.
    pub schemas: Vec<SchemaInfo>,
    /// Tables and views.
    pub tables: Vec<TableInfo>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<(String, String)>,
}

/// A schema: a namespace on PostgreSQL, a database on MySQL, an attached file on SQLite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaInfo {
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub comment: Option<String>,
}

/// A table or view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableInfo {
    /// The schema it is in.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `view`, `materialized view` or `foreign table`.
    pub kind: String,
    /// What its owner says of it.
    pub comment: Option<String>,
    /// How many rows the engine believes it has.
    pub estimated_rows: Option<u64>,
    /// Its columns in order.
    pub columns: Vec<ColumnInfo>,
    /// The columns of its primary key.
    pub primary_key: Vec<String>,
    /// Its other unique keys.
    pub unique_keys: Vec<KeyInfo>,
    /// Its references to other tables.
    pub foreign_keys: Vec<ForeignKeyInfo>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Name and types.
    pub column: Column,
    /// Its place in the table.
    pub ordinal: u32,
    /// The expression that gives its value when none is given.
    pub default: Option<String>,
    /// What its owner says of it.
    pub comment: Option<String>,
}

/// A unique key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
}

/// A reference to another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKeyInfo {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The schema of the table it refers to.
    pub to_schema: String,
    /// That table.
    pub to_table: String,
    /// The columns it refers to.
    pub to_columns: Vec<String>,
}

/// Looks into data sources.
pub struct SchemaService {
    sources: Arc<SourceService>,
    auditor: Auditor,
    settings: SharedQuerySettings,
}

impl SchemaService {
    /// A service over the sources of `sources` that puts every look on record.
    #[must_use]
    pub fn new(sources: Arc<SourceService>, auditor: Auditor, settings: SharedQuerySettings) -> Self {
        Self {
            sources,
            auditor,
            settings,
        }
    }

    /// Looks into a source with the rights of its account.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownSource`]; whatever can go wrong with a query.
    pub async fn read(
        &self,
        caller: &Caller,
        source: DataSourceId,
        query: &SchemaQuery,
    ) -> Result<SchemaPage, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::Schema)?;
        record.about(source);
        let asked = Instant::now();
        let outcome = match self.find(caller, source, query, asked).await {
            // The source was changed meanwhile, and what was closed with it are the sessions of before.
            Err(ServiceError::Driver(DriverError::Closed)) => self.find(caller, source, query, asked).await,
            outcome => outcome,
        };
        record.close(outcome).await
    }

    async fn find(
        &self,
        caller: &Caller,
        source: DataSourceId,
        query: &SchemaQuery,
        asked: Instant,
    ) -> Result<SchemaPage, ServiceError> {
        let live = self.sources.usable(&caller.principal, source)?;
        caller
            .trace
            .learn("nexus.source.id", || source.to_string().into());
        let pool = self.sources.pool(&live)?;
        let longest = live
            .source()
            .config
            .query_timeout
            .min(self.settings.load().max_timeout);
        let look = Look {
            live: &live,
            pool,
            catalog: pool.catalog(),
            deadline: asked + longest,
            trace: &caller.trace,
        };
        if query.depth == SchemaDepth::Schemas {
            return look.schemas(query).await;
        }
        let mut page = look.tables(query).await?;
        if query.depth == SchemaDepth::Columns {
            look.fill(&mut page.tables).await?;
        }
        Ok(page)
    }
}

/// One look into a source.
struct Look<'a> {
    live: &'a LiveSource,
    pool: &'a SourcePool,
    catalog: &'static Catalog,
    deadline: Instant,
    trace: &'a Trace,
}

impl Look<'_> {
    async fn schemas(&self, query: &SchemaQuery) -> Result<SchemaPage, ServiceError> {
        let rows = self.ask(self.catalog.schemas, named(query)).await?;
        Ok(SchemaPage {
            schemas: rows.into_iter().map(assemble::schema).collect(),
            ..SchemaPage::default()
        })
    }

    async fn tables(&self, query: &SchemaQuery) -> Result<SchemaPage, ServiceError> {
        let (after_schema, after_table) = query.after.clone().unwrap_or_default();
        let parameters = [
            ("table", text(&pattern(query.table.as_deref()))),
            ("after_schema", text(&after_schema)),
            ("after_table", text(&after_table)),
            ("limit", ParamValue::Int(i64::from(query.limit) + 1)),
        ];
        let parameters = named(query).into_iter().chain(parameters);
        let rows = self.ask(self.catalog.tables, parameters).await?;
        let mut tables: Vec<TableInfo> = rows.into_iter().map(assemble::table).collect();
        let has_more = tables.len() > query.limit as usize;
        tables.truncate(query.limit as usize);
        if let Some(sql) = self.catalog.table {
            for some in tables.chunks_mut(self.catalog.tables_at_once) {
                let rows = self.ask(sql, names(some)).await?;
                assemble::details(some, rows);
            }
        }
        let last = tables.last().filter(|_| has_more);
        Ok(SchemaPage {
            next: last.map(|table| (table.schema.clone(), table.name.clone())),
            tables,
            ..SchemaPage::default()
        })
    }

    /// Finds the columns and keys of `tables`.
    async fn fill(&self, tables: &mut [TableInfo]) -> Result<(), ServiceError> {
        for some in tables.chunks_mut(self.catalog.tables_at_once) {
            let asked = names(some);
            let columns = self.ask(self.catalog.columns, asked.clone()).await?;
            let keys = self.ask(self.catalog.keys, asked).await?;
            assemble::columns(some, columns, self.catalog);
            assemble::keys(some, keys);
        }
        Ok(())
    }

    async fn ask(
        &self,
        sql: &str,
        parameters: impl IntoIterator<Item = (&'static str, ParamValue)>,
    ) -> Result<Vec<Row>, ServiceError> {
        let named = parameters
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let named = Parameters::Named(named.collect());
        collect(self, sql, &named).await
    }
}

/// The schemas and the names of `tables`, each once.
fn names(tables: &[TableInfo]) -> [(&'static str, ParamValue); 2] {
    let list = |name: fn(&TableInfo) -> &str| {
        let mut names: Vec<&str> = tables.iter().map(name).collect();
        names.sort_unstable();
        names.dedup();
        ParamValue::Array(names.into_iter().map(text).collect())
    };
    [
        ("schemas", list(|table| &table.schema)),
        ("tables", list(|table| &table.name)),
    ]
}

/// Which schemas to look into.
fn named(query: &SchemaQuery) -> [(&'static str, ParamValue); 2] {
    [
        ("schema", text(&pattern(query.schema.as_deref()))),
        ("own", text(query.schema.as_deref().unwrap_or_default())),
    ]
}

fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

/// A name with `*` as a pattern of LIKE, with `!` as its escape character.
fn pattern(name: Option<&str>) -> String {
    let Some(name) = name else {
        return "%".to_owned();
    };
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '*' => pattern.push('%'),
            '%' | '_' | '!' => pattern.extend(['!', character]),
            other => pattern.push(other),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_star_is_special() {
        assert_eq!(pattern(None), "%");
        assert_eq!(pattern(Some("order_*")), "order!_%");
        assert_eq!(pattern(Some("100%!")), "100!%!!");
    }
}
