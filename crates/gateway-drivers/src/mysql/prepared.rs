//! Statements prepared on one session, kept within bounds.

use std::num::NonZeroUsize;

use gateway_core::BoundSql;
use lru::LruCache;

use super::hidden::HiddenTypes;
use super::param;
use super::refusal::Failure;
use super::shape::Shape;
use super::wire::Wire;

/// Statements kept for each session; the least recently used one is closed on the server.
const KEPT: NonZeroUsize = NonZeroUsize::new(128).unwrap();

/// A statement that the server has parsed, with all that is needed to run it and to read its rows.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Its number on the server.
    pub(super) id: u32,
    /// How many parameters it has.
    pub(super) parameters: usize,
    /// What its result looked like last.
    pub(super) shape: Shape,
}

/// The statements of one session.
pub(super) struct Cache {
    kept: LruCache<Box<str>, Prepared>,
    /// Where keys are put together.
    key: String,
    /// Numbers of statements that the server need not keep any longer.
    unwanted: Vec<u32>,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            kept: LruCache::new(KEPT),
            key: String::new(),
            unwanted: Vec::new(),
        }
    }

    /// The prepared form of `sql`, from the cache or from the server.
    pub(super) async fn get(
        &mut self,
        wire: &mut Wire,
        hidden: Option<&mut HiddenTypes>,
        sql: &BoundSql,
    ) -> Result<&mut Prepared, Failure> {
        write_key(&mut self.key, sql);
        if !self.kept.contains(&*self.key) {
            let prepared = prepare(wire, hidden, sql.text()).await?;
            if let Some((_, oldest)) = self.kept.push(self.key.as_str().into(), prepared) {
                self.unwanted.push(oldest.id);
            }
        }
        self.kept.get_mut(&*self.key).ok_or(Failure::OutOfStep)
    }

    /// Writes what closes the statements that are not wanted any longer, which has no answer.
    pub(super) fn close_unwanted(&mut self, wire: &mut Wire) {
        for id in self.unwanted.drain(..) {
            wire.write_close(id);
        }
    }
}

async fn prepare(wire: &mut Wire, hidden: Option<&mut HiddenTypes>, text: &str) -> Result<Prepared, Failure> {
    let description = wire.prepare(text).await?;
    let definitions = description.columns.parse()?;
    let shape = match hidden {
        Some(hidden) => {
            hidden.learn(wire, &definitions).await?;
            Shape::of(description.columns, &definitions, Some(hidden))
        }
        None => Shape::of(description.columns, &definitions, None),
    };
    Ok(Prepared {
        id: description.id,
        parameters: description.parameters,
        shape,
    })
}

/// What a prepared statement is found by: the types of its values, and its text. MySQL reads a value as being of the type that
/// the first execution of a prepared statement came with, and makes a 0 of a text in a number's place. So a prepared statement
/// must serve one combination of types.
fn write_key(key: &mut String, sql: &BoundSql) {
    key.clear();
    key.extend(sql.values().iter().map(param::letter));
    key.push('\0');
    key.push_str(sql.text());
}
