//! A statement that a client has open.

use std::sync::Arc;

use super::binds::{BindType, ROW};
use super::encode::Encoder;
use super::facts::Counted;
use super::faults::RowFault;
use super::query::Query;
use super::wire::Out;
use super::{Column, OraError, Value};

/// Where rows come from.
pub(super) enum Source<'c> {
    /// They have all been fetched, or there never were any.
    Ended,
    /// From a test's script.
    Scripted {
        count: u64,
        make: Arc<dyn Fn(u64) -> Vec<Value> + Send + Sync>,
    },
    /// From SQLite.
    Query(Box<Query<'c>>),
}

/// A cursor.
pub(super) struct Cursor<'c> {
    pub(super) sql: String,
    /// Of its binds.
    pub(super) types: Vec<BindType>,
    /// Which LOBs the client wants as LONGs.
    pub(super) inline: Vec<bool>,
    pub(super) columns: Vec<Column>,
    pub(super) source: Source<'c>,
    pub(super) fetched: u64,
    pub(super) fault: Option<(u64, RowFault)>,
    /// Counts as long as rows are left.
    pub(super) underway: Option<Counted>,
}

impl<'c> Cursor<'c> {
    pub(super) fn new(sql: String) -> Self {
        Self {
            sql,
            types: Vec::new(),
            inline: Vec::new(),
            columns: Vec::new(),
            source: Source::Ended,
            fetched: 0,
            fault: None,
            underway: None,
        }
    }

    /// Opens it anew.
    pub(super) fn begin(&mut self, source: Source<'c>, columns: Vec<Column>, underway: Counted) {
        if self.columns != columns {
            self.inline.clear();
        }
        self.columns = columns;
        self.source = source;
        self.fetched = 0;
        self.underway = Some(underway);
    }

    /// There are no more rows.
    pub(super) fn finish(&mut self) {
        self.source = Source::Ended;
        self.underway = None;
    }

    /// Whether rows wait for the client to say how it wants them.
    pub(super) fn waits_for_definition(&self) -> bool {
        self.inline.is_empty() && self.columns.iter().any(|column| column.kind.has_locator())
    }

    /// What a test wants to happen now, once.
    pub(super) fn take_fault(&mut self) -> Option<RowFault> {
        let (rows, _) = self.fault.as_ref()?;
        if *rows > self.fetched {
            return None;
        }
        self.fault.take().map(|(_, fault)| fault)
    }

    /// Writes the next row, if there is one.
    pub(super) fn write_next(&mut self, out: &mut Out, encoder: &mut Encoder<'_>) -> Result<bool, OraError> {
        let written = match &mut self.source {
            Source::Ended => return Err(OraError::new(1002, "fetch out of sequence")),
            Source::Scripted { count, .. } if *count == self.fetched => false,
            Source::Scripted { make, .. } => {
                let row = make(self.fetched);
                out.u8(ROW);
                for (at, column) in self.columns.iter().enumerate() {
                    let inline = self.inline.get(at).copied().unwrap_or(false);
                    encoder.write(out, column.kind, inline, row.get(at).unwrap_or(&Value::Null))?;
                }
                true
            }
            Source::Query(query) => query.write_next(out, encoder, &self.inline)?,
        };
        self.fetched += u64::from(written);
        Ok(written)
    }
}
