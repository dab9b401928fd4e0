//! Statements prepared on one session, kept within bounds.

use std::num::NonZeroUsize;
use std::sync::Arc;

use gateway_core::{BoundSql, Column, ParamType, ParamValue, StatementKind};
use lru::LruCache;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use super::origins::Origins;
use super::types::{self, Decode};
use super::value::Reader;
use crate::nullability::may_pad_with_nulls;

/// Statements kept for each session; the least recently used one is closed on the server.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A statement that the server has parsed, with all that is needed to read its rows.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) statement: Statement,
    pub(super) columns: Arc<[Column]>,
    pub(super) readers: Arc<[Reader]>,
}

/// The statements of one session.
pub(super) struct Cache {
    kept: LruCache<(Box<str>, Box<[u32]>), Prepared>,
    origins: Origins,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            kept: LruCache::new(KEPT),
            origins: Origins::new(),
        }
    }

    /// The prepared form of `sql`, from the cache or from the server.
    pub(super) async fn get(&mut self, client: &Client, sql: &BoundSql) -> Result<Prepared, Error> {
        let declared = declared_types(sql);
        let key = (sql.text().into(), declared.iter().map(Type::oid).collect());
        if let Some(prepared) = self.kept.get(&key) {
            return Ok(prepared.clone());
        }
        let prepared = self.prepare(client, sql, &declared).await?;
        self.kept.put(key, prepared.clone());
        Ok(prepared)
    }

    async fn prepare(
        &mut self,
        client: &Client,
        sql: &BoundSql,
        declared: &[Type],
    ) -> Result<Prepared, Error> {
        let statement = client.prepare_typed(sql.text(), declared).await?;
        let decoders: Vec<Decode> = statement
            .columns()
            .iter()
            .map(|column| types::decode(column.type_()))
            .collect();
        let columns = self.describe(client, sql, &statement, &decoders).await?;
        let in_words: Vec<bool> = decoders.iter().map(Decode::needs_words).collect();
        let readers = decoders
            .into_iter()
            .zip(&in_words)
            .map(|(decode, in_words)| {
                if *in_words {
                    Reader::Words(decode)
                } else {
                    Reader::Binary(decode)
                }
            })
            .collect();
        let statement = if in_words.contains(&true) {
            client
                .prepare_typed(&asking_for_words(sql, &in_words), declared)
                .await?
        } else {
            statement
        };
        Ok(Prepared {
            statement,
            columns,
            readers,
        })
    }

    async fn describe(
        &mut self,
        client: &Client,
        sql: &BoundSql,
        statement: &Statement,
        decoders: &[Decode],
    ) -> Result<Arc<[Column]>, Error> {
        let origins = self.origins.of(client, statement).await?;
        let padded = may_pad_with_nulls(sql.text());
        let columns = statement.columns().iter().zip(decoders).zip(origins);
        Ok(columns
            .map(|((column, decode), origin)| {
                let mut described =
                    types::column(column.name(), column.type_(), decode, column.type_modifier());
                if let Some(origin) = origin {
                    described.nullable = match (origin.not_null, padded) {
                        (false, _) => Some(true),
                        (true, false) => Some(false),
                        (true, true) => None,
                    };
                    described.table = Some(origin.table.to_string());
                }
                described
            })
            .collect())
    }

    pub(super) fn forget(&mut self, sql: &BoundSql) {
        let oids = declared_types(sql).iter().map(Type::oid).collect();
        self.kept.pop(&(sql.text().into(), oids));
    }
}

/// The types that the caller named; UNKNOWN leaves the choice to the server.
fn declared_types(sql: &BoundSql) -> Vec<Type> {
    let of = |value: &ParamValue| match value {
        ParamValue::Typed(declared, _) => match declared {
            ParamType::Decimal => Type::NUMERIC,
            ParamType::Date => Type::DATE,
            ParamType::Time => Type::TIME,
            ParamType::Timestamp => Type::TIMESTAMP,
            ParamType::TimestampTz => Type::TIMESTAMPTZ,
            ParamType::Uuid => Type::UUID,
            ParamType::Json => Type::JSONB,
        },
        ParamValue::Binary(_) => Type::BYTEA,
        _ => Type::UNKNOWN,
    };
    if sql.values().iter().all(|value| of(value) == Type::UNKNOWN) {
        return Vec::new();
    }
    sql.values().iter().map(of).collect()
}

/// The statement with a cast to text around each column that must come in the server's words.
fn asking_for_words(sql: &BoundSql, in_words: &[bool]) -> String {
    let names: Vec<String> = (0..in_words.len()).map(|index| format!("c{index}")).collect();
    let selected: Vec<String> = in_words
        .iter()
        .zip(&names)
        .map(|(in_words, name)| {
            if *in_words {
                format!("q.{name}::text")
            } else {
                format!("q.{name}")
            }
        })
        .collect();
    debug_assert_eq!(
        sql.kind(),
        StatementKind::Query,
        "only queries have columns of such types"
    );
    // A line break first, in case the text ends in a comment.
    let inner = sql.text().trim_end().trim_end_matches(';');
    format!(
        "SELECT {} FROM ({inner}\n) AS q({})",
        selected.join(", "),
        names.join(", ")
    )
}
