//! Which table columns the columns of results come from, as the catalog knows them.
//!
//! The server names the table and the column by number only. Each is looked up once in a session, in the same round trip
//! as others that a new statement needs; statements that are prepared already cost nothing.

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;

use super::refusal::Failure;
use super::wire::{Answer, Field, Wire};

/// Columns remembered for each session.
const KEPT: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

const ASK: &str = "SELECT a.attrelid, a.attnum, a.attnotnull, c.relname \
     FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int2[])) AS wanted(relation, number) \
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

    /// The origin of each of `fields`; `None` for those that are computed, or if the server does not tell.
    pub(super) async fn of(
        &mut self,
        wire: &mut Wire,
        fields: &[Field],
    ) -> Result<Vec<Option<Origin>>, Failure> {
        let unknown = fields.iter().filter_map(|field| field.origin);
        let (relations, numbers): (Vec<u32>, Vec<i16>) =
            unknown.filter(|key| !self.kept.contains(key)).unzip();
        if !relations.is_empty() {
            let answer = match wire.ask(ASK, &[&array(&relations), &array(&numbers)]).await {
                // Nobody's query fails for the want of a table's name.
                Err(Failure::Refused(_)) => Vec::new(),
                answer => answer?,
            };
            for row in answer {
                let (key, origin) = parse(row).ok_or(Failure::OutOfStep)?;
                self.kept.put(key, origin);
            }
        }
        let known = fields
            .iter()
            .map(|field| field.origin.and_then(|key| self.kept.get(&key).cloned()));
        Ok(known.collect())
    }
}

/// An array in the server's words.
fn array(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("{{{}}}", items.join(","))
}

fn parse(row: Answer) -> Option<((u32, i16), Origin)> {
    let [relation, number, not_null, table] = <[Option<String>; 4]>::try_from(row).ok()?;
    let key = (relation?.parse().ok()?, number?.parse().ok()?);
    let origin = Origin {
        table: table?.into(),
        not_null: not_null? == "t",
    };
    Some((key, origin))
}
