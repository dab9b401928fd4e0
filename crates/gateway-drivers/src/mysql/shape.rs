//! What a result looks like, remembered for as long as the server says the same.

use std::sync::Arc;

use gateway_core::Column;
use mysql_common::io::ParseBuf;
use mysql_common::packets::Column as Definition;

use super::hidden::HiddenTypes;
use super::refusal::Failure;
use super::types;
use super::value::Reader;
use super::wire::Wire;

/// The most that the definitions of a result may take up. Those of as many columns as a table can have, with names as long as
/// they can be, are less.
const MOST: usize = 16 << 20;

/// Definitions of columns as a server sent them.
#[derive(Debug, Default)]
pub(super) struct Told {
    bytes: Vec<u8>,
    /// Where in `bytes` each ends.
    ends: Vec<usize>,
}

impl Told {
    pub(super) fn push(&mut self, definition: &[u8]) -> Result<(), Failure> {
        if self.bytes.len() + definition.len() > MOST {
            return Err(Failure::OutOfStep);
        }
        self.bytes.extend_from_slice(definition);
        self.ends.push(self.bytes.len());
        Ok(())
    }

    /// The definitions in the library's terms.
    pub(super) fn parse(&self) -> Result<Vec<Definition>, Failure> {
        (0..self.ends.len())
            .map(|index| {
                let mut bytes = ParseBuf(self.get(index).unwrap_or_default());
                bytes.parse(()).map_err(|_| Failure::OutOfStep)
            })
            .collect()
    }

    fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        self.bytes.get(self.end_before(index)..end)
    }

    fn first(&self, count: usize) -> Self {
        Self {
            bytes: self.bytes[..self.end_before(count)].to_vec(),
            ends: self.ends[..count].to_vec(),
        }
    }

    fn end_before(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

/// The columns of a result, and how to read its values.
#[derive(Debug)]
pub(super) struct Shape {
    told: Told,
    pub(super) columns: Arc<[Column]>,
    pub(super) readers: Vec<Reader>,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            told: Told::default(),
            columns: Arc::new([]),
            readers: Vec::new(),
        }
    }
}

impl Shape {
    pub(super) fn of(told: Told, definitions: &[Definition], hidden: Option<&HiddenTypes>) -> Self {
        let mut columns: Vec<Column> = definitions.iter().map(types::column).collect();
        if let Some(hidden) = hidden {
            for (definition, column) in definitions.iter().zip(&mut columns) {
                hidden.reveal(definition, column);
            }
        }
        let readers = definitions
            .iter()
            .zip(&columns)
            .map(|(definition, column)| Reader::of(definition, column))
            .collect();
        Self {
            told,
            columns: columns.into(),
            readers,
        }
    }

    /// Reads the definitions of a result with `count` columns. They are made sense of only if they are not those of the last
    /// time: a table may have been altered, or a parameter have made the result another.
    pub(super) async fn refresh(
        &mut self,
        wire: &mut Wire,
        count: usize,
        hidden: Option<&HiddenTypes>,
    ) -> Result<(), Failure> {
        let mut changed: Option<Told> = None;
        for index in 0..count {
            let definition = wire.definition().await?;
            match &mut changed {
                Some(told) => told.push(definition)?,
                None if self.told.get(index) == Some(definition) => {}
                None => {
                    let mut told = self.told.first(index);
                    told.push(definition)?;
                    changed = Some(told);
                }
            }
        }
        wire.end_definitions(count).await?;
        if changed.is_none() && count < self.readers.len() {
            changed = Some(self.told.first(count));
        }
        if let Some(told) = changed {
            let definitions = told.parse()?;
            *self = Self::of(told, &definitions, hidden);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_found_by_their_place() {
        let mut told = Told::default();
        for definition in [&b"one"[..], b"", b"three"] {
            told.push(definition).unwrap();
        }
        assert_eq!(told.get(0), Some(&b"one"[..]));
        assert_eq!(told.get(1), Some(&b""[..]));
        assert_eq!(told.get(2), Some(&b"three"[..]));
        assert_eq!(told.get(3), None);
        assert_eq!(told.first(0).get(0), None);
        assert_eq!(told.first(2).get(1), Some(&b""[..]));
        assert_eq!(told.first(2).get(2), None);
    }

    #[test]
    fn more_than_any_result_needs_is_not_kept() {
        let mut told = Told::default();
        told.push(&vec![0; MOST]).unwrap();
        assert!(matches!(told.push(b"x"), Err(Failure::OutOfStep)));
    }

    #[test]
    fn rubbish_is_no_definition() {
        for rubbish in [
            &b""[..],
            b"\x03def",
            b"\x03def\xfe\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xff\xff\xff",
        ] {
            let mut told = Told::default();
            told.push(rubbish).unwrap();
            assert!(told.parse().is_err(), "{rubbish:?}");
        }
    }
}
