//! From the rows of a catalog to tables with their columns and keys.

use std::collections::HashMap;

use gateway_drivers::{Catalog, CatalogType};

use super::rows::Row;
use super::{ColumnInfo, ForeignKeyInfo, KeyInfo, SchemaInfo, TableInfo};

pub(super) fn schema(mut row: Row) -> SchemaInfo {
    SchemaInfo {
        name: row.text(0),
        comment: row.take(1),
    }
}

pub(super) fn table(mut row: Row) -> TableInfo {
    TableInfo {
        schema: row.text(0),
        name: row.text(1),
        kind: row.text(2),
        comment: row.take(3),
        estimated_rows: row.take(4).and_then(|rows| rows.parse().ok()),
        ..TableInfo::default()
    }
}

/// Finds tables by schema and name.
struct ByName<'a> {
    tables: &'a mut [TableInfo],
    places: HashMap<(String, String), usize>,
}

impl<'a> ByName<'a> {
    fn new(tables: &'a mut [TableInfo]) -> Self {
        let places = tables
            .iter()
            .enumerate()
            .map(|(place, table)| ((table.schema.clone(), table.name.clone()), place))
            .collect();
        Self { tables, places }
    }

    /// The table that the first two columns of `row` name; none for what was not asked for.
    fn find(&mut self, row: &mut Row) -> Option<&mut TableInfo> {
        let place = self.places.get(&(row.text(0), row.text(1)))?;
        self.tables.get_mut(*place)
    }
}

/// Fills in what the list of names did not say. A table that has gone in between stays as it is.
pub(super) fn details(tables: &mut [TableInfo], rows: Vec<Row>) {
    let mut by_name = ByName::new(tables);
    for mut row in rows {
        let Some(table) = by_name.find(&mut row) else {
            continue;
        };
        table.kind = row.text(2);
        table.comment = row.take(3);
        table.estimated_rows = row.take(4).and_then(|rows| rows.parse().ok());
    }
}

pub(super) fn columns(tables: &mut [TableInfo], rows: Vec<Row>, catalog: &Catalog) {
    let mut by_name = ByName::new(tables);
    for mut row in rows {
        let Some(table) = by_name.find(&mut row) else {
            continue;
        };
        let (key, modifier, native) = (row.text(4), row.take(5), row.text(6));
        let mut column = (catalog.describe)(&CatalogType {
            key: &key,
            modifier: modifier.as_deref(),
            native: &native,
        });
        column.name = row.text(3);
        column.nullable = row.take(7).map(|nullable| nullable == "true");
        column.table = None;
        table.columns.push(ColumnInfo {
            column,
            ordinal: row.text(2).parse().unwrap_or(0),
            default: row.take(8),
            comment: row.take(9),
        });
    }
}

pub(super) fn keys(tables: &mut [TableInfo], rows: Vec<Row>) {
    let mut by_name = ByName::new(tables);
    for mut row in rows {
        let Some(table) = by_name.find(&mut row) else {
            continue;
        };
        let (name, kind, column) = (row.text(2), row.text(3), row.text(5));
        match kind.as_str() {
            "primary" => table.primary_key.push(column),
            "unique" => match table.unique_keys.last_mut().filter(|key| key.name == name) {
                Some(key) => key.columns.push(column),
                None => table.unique_keys.push(KeyInfo {
                    name,
                    columns: vec![column],
                }),
            },
            _ => foreign_key(&mut table.foreign_keys, name, column, &mut row),
        }
    }
}

fn foreign_key(keys: &mut Vec<ForeignKeyInfo>, name: String, column: String, row: &mut Row) {
    let (to_schema, to_table, to_column) = (row.text(6), row.text(7), row.take(8));
    match keys.last_mut().filter(|key| key.name == name) {
        Some(key) => {
            key.columns.push(column);
            key.to_columns.extend(to_column);
        }
        None => keys.push(ForeignKeyInfo {
            name,
            columns: vec![column],
            to_schema,
            to_table,
            to_columns: to_column.into_iter().collect(),
        }),
    }
}
