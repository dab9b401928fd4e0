//! MariaDB's types that its protocol shows as CHAR, looked up in its catalog.
//!
//! Each table with a CHAR column is looked up once in a session, when a statement on it is prepared; statements that are
//! prepared already cost nothing.

use std::collections::HashMap;

use gateway_core::{Column, StandardType};
use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Column as Definition, Conn};

/// Tables remembered for each session; then all are forgotten.
const KEPT: usize = 1024;

const ASK: &str = "SELECT column_name, data_type FROM information_schema.columns \
     WHERE table_schema = ? AND table_name = ? AND data_type IN ('uuid', 'inet4', 'inet6')";

/// Schema and name.
type Table = (String, String);

/// What a session knows of the tables it has seen.
#[derive(Debug, Default)]
pub(super) struct HiddenTypes(HashMap<Table, HashMap<String, String>>);

impl HiddenTypes {
    /// Looks up the tables in the result of `text`. What fails here fails again where it is reported, or does not matter.
    pub(super) async fn learn(&mut self, connection: &mut Conn, text: &str) {
        // The library keeps it, so this is the preparation that the execution would begin with.
        let Ok(statement) = connection.prep(text).await else {
            return;
        };
        for table in statement.columns().iter().filter_map(table) {
            if self.0.contains_key(&table) {
                continue;
            }
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            let columns = connection.exec::<(String, String), _, _>(ASK, &table).await;
            self.0
                .insert(table, columns.unwrap_or_default().into_iter().collect());
        }
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
