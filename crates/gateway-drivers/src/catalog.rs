//! What an engine's own catalog says about its schemas, tables and columns: the statements that ask, and how to read types.
//!
//! The statements are plain reads. Whoever runs them sends them through the validator like any other, so that nothing about
//! discovery is privileged. Every column of their results is text, in the order given here.

use gateway_core::Column;

/// The statements of one engine.
///
/// | statement | parameters | columns |
/// | --- | --- | --- |
/// | `schemas` | `schema`, `own` | name, comment |
/// | `tables` | `schema`, `own`, `table`, `after_schema`, `after_table`, `limit` | schema, name, kind, comment, estimated rows |
/// | `table` | `schemas`, `tables` (lists) | as `tables` |
/// | `columns` | `schemas`, `tables` (lists) | schema, table, ordinal, name, type key, type modifier, native type, nullable, default, comment |
/// | `keys` | `schemas`, `tables` (lists) | schema, table, name, kind (`primary`, `unique`, `foreign`), ordinal, column, and for foreign keys the schema, table and column they refer to |
///
/// `schema` and `table` are patterns of LIKE with `!` as the escape character. An engine's own schemas are left out, but
/// for the one called `own`. Tables come in order of schema and name, after the pair `after_…`.
#[derive(Debug, Clone, Copy)]
pub struct Catalog {
    /// Lists schemas.
    pub schemas: &'static str,
    /// Lists tables and views.
    pub tables: &'static str,
    /// Describes tables, where `tables` gives no more than their names.
    pub table: Option<&'static str>,
    /// Lists the columns of tables.
    pub columns: &'static str,
    /// Lists the columns of keys.
    pub keys: &'static str,
    /// Tables whose columns and keys are best asked for at once.
    pub tables_at_once: usize,
    /// Describes a column from its type.
    pub describe: fn(&CatalogType<'_>) -> Column,
}

/// The type of a column, as the statement `columns` gives it.
#[derive(Debug, Clone, Copy)]
pub struct CatalogType<'a> {
    /// What decides the standard type.
    pub key: &'a str,
    /// What decides precision, scale and length.
    pub modifier: Option<&'a str>,
    /// The name for people.
    pub native: &'a str,
}
