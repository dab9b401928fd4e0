//! What a data source holds, on the wire.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::ErrorKind;
use gateway_service::{ColumnInfo, ForeignKeyInfo, KeyInfo, SchemaInfo, SchemaPage, TableInfo};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// A page of what was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemaList {
    items: Vec<SchemaItem>,
    /// Pass it as `cursor` to get the next page; null at the end.
    next_cursor: Option<String>,
}

/// A schema, or a table or view.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum SchemaItem {
    Schema(SchemaBody),
    Table(Box<TableBody>),
}

/// A schema, with `depth` `schemas`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SchemaBody {
    schema: String,
    comment: Option<String>,
}

/// A table or view.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TableBody {
    schema: String,
    name: String,
    /// `table`, `view`, `materialized view` or `foreign table`.
    kind: String,
    comment: Option<String>,
    /// What the engine believes; null where it does not count.
    row_estimate: Option<u64>,
    /// With `depth` `columns`.
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<ColumnEntry>>,
    /// Names of columns; empty if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_key: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_keys: Option<Vec<KeyEntry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_keys: Option<Vec<ForeignKeyEntry>>,
}

/// A column of a table.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ColumnEntry {
    name: String,
    /// From 1.
    ordinal: u32,
    /// The standard type.
    r#type: &'static str,
    /// The engine's own name of the type.
    native_type: String,
    nullable: Option<bool>,
    /// An expression in SQL.
    default: Option<String>,
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<u64>,
}

/// A unique key.
#[derive(Serialize, ToSchema)]
struct KeyEntry {
    name: String,
    columns: Vec<String>,
}

/// A reference to another table.
#[derive(Serialize, ToSchema)]
struct ForeignKeyEntry {
    name: String,
    columns: Vec<String>,
    references: ReferenceEntry,
}

/// Where a reference leads.
#[derive(Serialize, ToSchema)]
struct ReferenceEntry {
    schema: String,
    table: String,
    columns: Vec<String>,
}

impl SchemaList {
    /// The page on the wire; `with_columns` tells whether columns and keys were asked for.
    pub(crate) fn new(page: SchemaPage, with_columns: bool) -> Self {
        let schemas = page.schemas.into_iter().map(SchemaItem::from);
        let tables = page.tables.into_iter();
        let tables = tables.map(|table| SchemaItem::Table(Box::new(TableBody::new(table, with_columns))));
        Self {
            items: schemas.chain(tables).collect(),
            next_cursor: page.next.map(|after| encode_cursor(&after)),
        }
    }
}

impl From<SchemaInfo> for SchemaItem {
    fn from(info: SchemaInfo) -> Self {
        Self::Schema(SchemaBody {
            schema: info.name,
            comment: info.comment,
        })
    }
}

impl TableBody {
    fn new(table: TableInfo, with_columns: bool) -> Self {
        Self {
            schema: table.schema,
            name: table.name,
            kind: table.kind,
            comment: table.comment,
            row_estimate: table.estimated_rows,
            columns: with_columns.then(|| table.columns.into_iter().map(ColumnEntry::from).collect()),
            primary_key: with_columns.then_some(table.primary_key),
            unique_keys: with_columns.then(|| table.unique_keys.into_iter().map(KeyEntry::from).collect()),
            foreign_keys: with_columns.then(|| {
                table
                    .foreign_keys
                    .into_iter()
                    .map(ForeignKeyEntry::from)
                    .collect()
            }),
        }
    }
}

impl From<ColumnInfo> for ColumnEntry {
    fn from(info: ColumnInfo) -> Self {
        let column = info.column;
        Self {
            name: column.name,
            ordinal: info.ordinal,
            r#type: column.standard_type.as_str(),
            native_type: column.native_type,
            nullable: column.nullable,
            default: info.default,
            comment: info.comment,
            precision: column.precision,
            scale: column.scale,
            length: column.length,
        }
    }
}

impl From<KeyInfo> for KeyEntry {
    fn from(key: KeyInfo) -> Self {
        Self {
            name: key.name,
            columns: key.columns,
        }
    }
}

impl From<ForeignKeyInfo> for ForeignKeyEntry {
    fn from(key: ForeignKeyInfo) -> Self {
        Self {
            name: key.name,
            columns: key.columns,
            references: ReferenceEntry {
                schema: key.to_schema,
                table: key.to_table,
                columns: key.to_columns,
            },
        }
    }
}

fn encode_cursor(after: &(String, String)) -> String {
    // A pair of strings always serializes.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(after).unwrap_or_default())
}

/// The schema and table that a cursor stands for.
pub(crate) fn decode_cursor(cursor: &str) -> Result<(String, String), ApiError> {
    let decoded = URL_SAFE_NO_PAD.decode(cursor).ok();
    decoded
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| ApiError::field(ErrorKind::Validation, "cursor", "is not one that was given out"))
}
