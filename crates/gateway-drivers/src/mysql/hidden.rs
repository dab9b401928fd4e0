//! MariaDB's types that its protocol shows as CHAR, looked up in its catalog.
//!
//! Each table with a CHAR column is looked up once in a session, when a statement on it is prepared; statements that are
//! prepared already cost nothing.

use std::collections::HashMap;
use std::fmt::Write;

use gateway_core::{Column, StandardType};
use mysql_common::constants::ColumnType;
use mysql_common::packets::Column as Definition;

use super::refusal::Failure;
use super::wire::Wire;

/// Tables remembered for each session; then all are forgotten.
const KEPT: usize = 1024;

/// Schema and name.
type Table = (String, String);

/// What a session knows of the tables it has seen.
#[derive(Debug, Default)]
pub(super) struct HiddenTypes(HashMap<Table, HashMap<String, String>>);

impl HiddenTypes {
    /// Looks up the tables in a result. What the server refuses is shown as it comes.
    pub(super) async fn learn(&mut self, wire: &mut Wire, definitions: &[Definition]) -> Result<(), Failure> {
        for table in definitions.iter().filter_map(table) {
            if self.0.contains_key(&table) {
                continue;
            }
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            let columns = match wire.ask(&asking(&table)).await {
                Ok(rows) => rows.into_iter().filter_map(pair).collect(),
                Err(Failure::Refused(_)) => HashMap::new(),
                Err(failure) => return Err(failure),
            };
            self.0.insert(table, columns);
        }
        Ok(())
    }

    /// Corrects the description of a column.
    pub(super) fn reveal(&self, definition: &Definition, column: &mut Column) {
        let native = table(definition)
            .and_then(|table| self.0.get(&table))
            .and_then(|columns| columns.get(&*definition.org_name_str()));
        if let Some(native) = native {
            column.native_type.clone_from(native);
            // They have one length each, which is that of their text.
            column.length = None;
            if native == "uuid" {
                column.standard_type = StandardType::Uuid;
                column.encoding = None;
            }
        }
    }
}

/// The table of a column that may be of one of these types.
fn table(definition: &Definition) -> Option<Table> {
    let table = definition.org_table_str();
    (definition.column_type() == ColumnType::MYSQL_TYPE_STRING && !table.is_empty())
        .then(|| (definition.schema_str().into_owned(), table.into_owned()))
}

/// Names and types of a table's columns that are of one of these types.
fn asking((schema, table): &Table) -> String {
    format!(
        "SELECT column_name, data_type FROM information_schema.columns \
         WHERE table_schema = {} AND table_name = {} AND data_type IN ('uuid', 'inet4', 'inet6')",
        literal(schema),
        literal(table)
    )
}

/// A text as digits, in which no quote has a meaning.
fn literal(text: &str) -> String {
    let mut literal = String::from("_utf8mb4 x'");
    for byte in text.bytes() {
        let _ = write!(literal, "{byte:02x}");
    }
    literal.push('\'');
    literal
}

fn pair(row: Vec<Option<String>>) -> Option<(String, String)> {
    match <[Option<String>; 2]>::try_from(row) {
        Ok([Some(name), Some(native)]) => Some((name, native)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sent_as_digits() {
        let table = ("a".to_owned(), "b' OR '".to_owned());
        let asked = asking(&table);
        assert!(asked.contains("table_schema = _utf8mb4 x'61' AND table_name = _utf8mb4 x'6227204f522027'"));
    }
}
