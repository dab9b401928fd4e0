//! Statements prepared on one session, kept within bounds.

use std::num::NonZeroUsize;
use std::sync::Arc;

use gateway_core::{BoundSql, Column, ParamType, ParamValue, StatementKind};
use lru::LruCache;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use super::types::{self, Decode, Scalar};

/// Statements kept for each session; the least recently used one is closed on the server.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A statement that the server has parsed, with all that is needed to read its rows.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) statement: Statement,
    pub(super) columns: Arc<[Column]>,
    pub(super) decoders: Arc<[Decode]>,
}

/// The statements of one session.
pub(super) struct Cache {
    kept: LruCache<(Box<str>, Box<[u32]>), Prepared>,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            kept: LruCache::new(KEPT),
        }
    }

    /// The prepared form of `sql`, from the cache or from the server.
    pub(super) async fn get(&mut self, client: &Client, sql: &BoundSql) -> Result<Prepared, Error> {
        let declared = declared_types(sql);
        let key = (sql.text().into(), declared.iter().map(Type::oid).collect());
        if let Some(prepared) = self.kept.get(&key) {
            return Ok(prepared.clone());
        }
        let prepared = prepare(client, sql, &declared).await?;
        self.kept.put(key, prepared.clone());
        Ok(prepared)
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

async fn prepare(client: &Client, sql: &BoundSql, declared: &[Type]) -> Result<Prepared, Error> {
    let statement = client.prepare_typed(sql.text(), declared).await?;
    let columns: Arc<[Column]> = statement
        .columns()
        .iter()
        .map(|column| types::column(column.name(), column.type_(), column.type_modifier()))
        .collect();
    let known: Option<Arc<[Decode]>> = statement
        .columns()
        .iter()
        .map(|column| types::decode(column.type_()))
        .collect();
    if let Some(decoders) = known {
        return Ok(Prepared {
            statement,
            columns,
            decoders,
        });
    }
    // Only the server can put some of these types into words, so it is asked to.
    let wrapped = in_words(sql, &statement);
    let statement = client.prepare_typed(&wrapped, declared).await?;
    let decoders = statement
        .columns()
        .iter()
        .map(|column| types::decode(column.type_()).unwrap_or(Decode::Scalar(Scalar::Text)))
        .collect();
    Ok(Prepared {
        statement,
        columns,
        decoders,
    })
}

/// The statement with a cast to text around each column whose binary form is unknown to us.
fn in_words(sql: &BoundSql, statement: &Statement) -> String {
    let count = statement.columns().len();
    let names: Vec<String> = (0..count).map(|index| format!("c{index}")).collect();
    let selected: Vec<String> = statement
        .columns()
        .iter()
        .zip(&names)
        .map(|(column, name)| match types::decode(column.type_()) {
            Some(_) => format!("q.{name}"),
            None => format!("q.{name}::text"),
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
