//! What the types of a database are made of: those that are not built in have to be asked for.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use postgres_types::{Field, Kind, Type};

use super::refusal::Failure;
use super::wire::{Answer, Wire};

const ASK_TYPE: &str = "SELECT t.typname, t.typtype, t.typelem, t.typbasetype, n.nspname, t.typrelid \
     FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid \
     WHERE t.oid = $1::pg_catalog.oid";

const ASK_FIELDS: &str = "SELECT attname, atttypid FROM pg_catalog.pg_attribute \
     WHERE attrelid = $1::pg_catalog.oid AND NOT attisdropped AND attnum > 0 ORDER BY attnum";

/// A composite may have parts that are composites, and so on; this many levels, or the innermost is in the server's words.
const DEEPEST: usize = 16;

/// Types that a session has asked for.
#[derive(Default)]
pub(super) struct TypeBook {
    known: HashMap<u32, Type>,
}

impl TypeBook {
    /// The type with this number.
    pub(super) async fn get(&mut self, wire: &mut Wire, oid: u32) -> Result<Type, Failure> {
        self.at(wire, oid, 0).await
    }

    fn at<'a>(
        &'a mut self,
        wire: &'a mut Wire,
        oid: u32,
        depth: usize,
    ) -> BoxFuture<'a, Result<Type, Failure>> {
        Box::pin(async move {
            if let Some(known) = Type::from_oid(oid).or_else(|| self.known.get(&oid).cloned()) {
                return Ok(known);
            }
            let answer = wire.ask(ASK_TYPE, &[&oid.to_string()]).await?;
            let row = answer.first().and_then(Row::parse).ok_or(Failure::OutOfStep)?;
            let kind = match row.kind {
                _ if depth >= DEEPEST => Kind::Pseudo,
                // What an enumeration may hold is of no interest: its values come as texts.
                b'e' => Kind::Enum(Vec::new()),
                b'p' => Kind::Pseudo,
                _ if row.base != 0 => Kind::Domain(self.at(wire, row.base, depth + 1).await?),
                _ if row.element != 0 => Kind::Array(self.at(wire, row.element, depth + 1).await?),
                _ if row.relation != 0 => Kind::Composite(self.fields(wire, row.relation, depth + 1).await?),
                // Ranges and multiranges too: the server puts them into words.
                _ => Kind::Simple,
            };
            let found = Type::new(row.name, oid, kind, row.schema);
            self.known.insert(oid, found.clone());
            Ok(found)
        })
    }

    async fn fields(&mut self, wire: &mut Wire, relation: u32, depth: usize) -> Result<Vec<Field>, Failure> {
        let answer = wire.ask(ASK_FIELDS, &[&relation.to_string()]).await?;
        let mut fields = Vec::with_capacity(answer.len());
        for row in answer {
            let [Some(name), Some(oid)] = row.as_slice() else {
                return Err(Failure::OutOfStep);
            };
            let oid = oid.parse().map_err(|_| Failure::OutOfStep)?;
            fields.push(Field::new(name.clone(), self.at(wire, oid, depth).await?));
        }
        Ok(fields)
    }
}

struct Row {
    name: String,
    kind: u8,
    element: u32,
    base: u32,
    schema: String,
    relation: u32,
}

impl Row {
    fn parse(answer: &Answer) -> Option<Self> {
        let [name, kind, element, base, schema, relation] = answer.as_slice() else {
            return None;
        };
        let number = |text: &Option<String>| text.as_ref()?.parse().ok();
        Some(Self {
            name: name.clone()?,
            kind: *kind.as_ref()?.as_bytes().first()?,
            element: number(element)?,
            base: number(base)?,
            schema: schema.clone()?,
            relation: number(relation)?,
        })
    }
}
