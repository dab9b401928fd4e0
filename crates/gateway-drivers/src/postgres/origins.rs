//! Which table columns the columns of results come from, as the catalog knows them.
//!
//! The server names the table and the column by number only. Each is looked up once in a session, in the same round trip
//! as others that a new statement needs; statements that are prepared already cost nothing.

use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Statement};

/// Columns remembered for each session.
const KEPT: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

const ASK: &str = "SELECT a.attrelid, a.attnum, a.attnotnull, c.relname \
     FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS wanted(relation, number) \
     JOIN pg_catalog.pg_attribute a ON a.attrelid = wanted.relation AND a.attnum = wanted.number \
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid";

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) table: Arc<str>,
    pub(super) not_null: bool,
}

/// The table columns that a session has seen.
pub(super) struct Origins {
    kept: LruCache<(u32, i16), Origin>,
}

impl Origins {
    pub(super) fn new() -> Self {
        Self {
            kept: LruCache::new(KEPT),
        }
    }

    /// The origin of each column of `statement`; `None` for those that are computed, or if the server does not tell.
    pub(super) async fn of(
        &mut self,
        client: &Client,
        statement: &Statement,
    ) -> Result<Vec<Option<Origin>>, Error> {
        let keys: Vec<Option<(u32, i16)>> = statement
            .columns()
            .iter()
            .map(|column| column.table_oid().zip(column.column_id()))
            .collect();
        let (relations, numbers): (Vec<u32>, Vec<i16>) = keys
            .iter()
            .flatten()
            .filter(|key| !self.kept.contains(*key))
            .copied()
            .unzip();
        if !relations.is_empty() {
            let wanted: [(&(dyn ToSql + Sync), Type); 2] =
                [(&relations, Type::OID_ARRAY), (&numbers, Type::INT2_ARRAY)];
            let answer = match client.query_typed(ASK, &wanted).await {
                // Nobody's query fails for the want of a table's name.
                Err(refusal) if refusal.as_db_error().is_some() => Vec::new(),
                answer => answer?,
            };
            for row in answer {
                let origin = Origin {
                    table: row.try_get::<_, &str>(3)?.into(),
                    not_null: row.try_get(2)?,
                };
                self.kept.put((row.try_get(0)?, row.try_get(1)?), origin);
            }
        }
        Ok(keys
            .into_iter()
            .map(|key| key.and_then(|key| self.kept.get(&key).cloned()))
            .collect())
    }
}
