//! Statements prepared on one session, kept within bounds.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::sync::Arc;

use gateway_core::{BoundSql, Column, ParamType, ParamValue, StatementKind};
use lru::LruCache;
use postgres_protocol::message::frontend;
use postgres_types::Type;

use super::origins::Origins;
use super::refusal::Failure;
use super::type_book::TypeBook;
use super::types::{self, Decode};
use super::value::Reader;
use super::wire::{Description, Field, Wire};
use crate::nullability::may_pad_with_nulls;

/// Statements kept for each session; the least recently used one is closed on the server.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A statement that the server has parsed, with all that is needed to run it and to read its rows.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Its name on the server.
    pub(super) name: String,
    pub(super) parameters: Vec<Type>,
    pub(super) columns: Arc<[Column]>,
    pub(super) readers: Vec<Reader>,
}

/// The statements of one session.
pub(super) struct Cache {
    kept: LruCache<Box<str>, Arc<Prepared>>,
    /// How many have been prepared, for their names.
    made: u64,
    /// Names of statements that the server need not keep any longer.
    unwanted: Vec<String>,
    origins: Origins,
    types: TypeBook,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            kept: LruCache::new(KEPT),
            made: 0,
            unwanted: Vec::new(),
            origins: Origins::new(),
            types: TypeBook::default(),
        }
    }

    /// The prepared form of `sql`, from the cache or from the server.
    pub(super) async fn get(&mut self, wire: &mut Wire, sql: &BoundSql) -> Result<Arc<Prepared>, Failure> {
        let declared = declared_types(sql);
        let key = key(sql, &declared);
        if let Some(prepared) = self.kept.get(&*key) {
            return Ok(Arc::clone(prepared));
        }
        let prepared = Arc::new(self.prepare(wire, sql, &declared).await?);
        if let Some((_, oldest)) = self.kept.push(key.into(), Arc::clone(&prepared)) {
            self.unwanted.push(oldest.name.clone());
        }
        Ok(prepared)
    }

    /// Writes what closes the statements that are not wanted any longer. The answers to it are passed over.
    pub(super) fn close_unwanted(&mut self, wire: &mut Wire) -> Result<(), Failure> {
        for name in self.unwanted.drain(..) {
            frontend::close(b'S', &name, wire.outgoing())?;
        }
        Ok(())
    }

    pub(super) fn forget(&mut self, sql: &BoundSql) {
        if let Some(prepared) = self.kept.pop(&*key(sql, &declared_types(sql))) {
            self.unwanted.push(prepared.name.clone());
        }
    }

    async fn prepare(
        &mut self,
        wire: &mut Wire,
        sql: &BoundSql,
        declared: &[u32],
    ) -> Result<Prepared, Failure> {
        let name = self.new_name();
        let description = wire.describe(&name, sql.text(), declared).await?;
        let prepared = self.understand(wire, sql, declared, &name, description).await;
        if !matches!(&prepared, Ok(prepared) if prepared.name == name) {
            self.unwanted.push(name);
        }
        prepared
    }

    /// Learns what it takes to run the statement `name` and to read its rows. A column that only the server can put into words
    /// makes it another statement.
    async fn understand(
        &mut self,
        wire: &mut Wire,
        sql: &BoundSql,
        declared: &[u32],
        name: &str,
        description: Description,
    ) -> Result<Prepared, Failure> {
        let mut parameters = Vec::with_capacity(description.parameters.len());
        for oid in description.parameters {
            parameters.push(self.types.get(wire, oid).await?);
        }
        let fields = description.fields;
        let mut of = Vec::with_capacity(fields.len());
        for field in &fields {
            of.push(self.types.get(wire, field.type_oid).await?);
        }
        let decoders: Vec<Decode> = of.iter().map(types::decode).collect();
        let columns = self.columns(wire, sql, &fields, &of, &decoders).await?;
        let in_words: Vec<bool> = decoders.iter().map(Decode::needs_words).collect();
        let mut name = name.to_owned();
        if in_words.contains(&true) {
            name = self.new_name();
            wire.describe(&name, &asking_for_words(sql, &in_words), declared)
                .await?;
        }
        let readers = decoders.into_iter().zip(in_words);
        Ok(Prepared {
            name,
            parameters,
            columns,
            readers: readers
                .map(|(decode, in_words)| match in_words {
                    true => Reader::Words(decode),
                    false => Reader::Binary(decode),
                })
                .collect(),
        })
    }

    fn new_name(&mut self) -> String {
        self.made += 1;
        format!("s{}", self.made)
    }

    async fn columns(
        &mut self,
        wire: &mut Wire,
        sql: &BoundSql,
        fields: &[Field],
        of: &[Type],
        decoders: &[Decode],
    ) -> Result<Arc<[Column]>, Failure> {
        let origins = self.origins.of(wire, fields).await?;
        let padded = may_pad_with_nulls(sql.text());
        let columns = fields.iter().zip(of).zip(decoders).zip(origins);
        Ok(columns
            .map(|(((field, of), decode), origin)| {
                let mut described = types::column(&field.name, of, decode, field.modifier);
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
}

/// What a prepared statement is found by: its text, and the types that the caller named, if any.
fn key<'a>(sql: &'a BoundSql, declared: &[u32]) -> Cow<'a, str> {
    if declared.is_empty() {
        return Cow::Borrowed(sql.text());
    }
    // No text begins with a zero.
    Cow::Owned(format!("\0{declared:?}{}", sql.text()))
}

/// The types that the caller named; 0 leaves the choice to the server.
fn declared_types(sql: &BoundSql) -> Vec<u32> {
    let of = |value: &ParamValue| match value {
        ParamValue::Typed(declared, _) => match declared {
            ParamType::Decimal => Type::NUMERIC.oid(),
            ParamType::Date => Type::DATE.oid(),
            ParamType::Time => Type::TIME.oid(),
            ParamType::Timestamp => Type::TIMESTAMP.oid(),
            ParamType::TimestampTz => Type::TIMESTAMPTZ.oid(),
            ParamType::Uuid => Type::UUID.oid(),
            ParamType::Json => Type::JSONB.oid(),
        },
        ParamValue::Binary(_) => Type::BYTEA.oid(),
        _ => 0,
    };
    if sql.values().iter().all(|value| of(value) == 0) {
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
