//! Rows on their way from a driver to an encoder.
//!
//! A [`Batch`] is row-major: one flat vector of 16-byte [`Cell`]s plus one byte arena that holds all text and binary
//! values. Filling it costs two amortized buffers a batch and nothing per cell; reading it costs no copy. The reasons
//! for this shape are recorded in the project's architecture decisions.

/// A range of bytes in the arena of the batch that a cell belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    len: u32,
}

impl Span {
    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len as usize
    }

    /// Whether the span holds no bytes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// One value. The column's standard type says how to read it; `Text` is allowed in every column for values that the
/// engine can hold but the type cannot express (a MySQL zero date, PostgreSQL `infinity`), which go out verbatim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A signed whole number.
    Int(i64),
    /// An unsigned whole number.
    UInt(u64),
    /// A binary32 number.
    Float(f32),
    /// A binary64 number.
    Double(f64),
    /// UTF-8 text, including the digits of exact decimals, UUIDs and intervals.
    Text(Span),
    /// Raw bytes.
    Bytes(Span),
    /// JSON text, to be passed through as it is.
    Json(Span),
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    Date(i32),
    /// A signed time.
    Time {
        /// Nanoseconds since midnight, or of the signed duration.
        nanos: i64,
        /// Fractional digits to show (0 to 9).
        digits: u8,
    },
    /// A date and time without a zone.
    Timestamp {
        /// Seconds since 1970-01-01T00:00:00.
        secs: i64,
        /// Nanoseconds within the second (0 to 999,999,999).
        nanos: u32,
        /// Fractional digits to show (0 to 9).
        digits: u8,
    },
    /// An instant, in UTC.
    TimestampTz {
        /// Seconds since 1970-01-01T00:00:00Z.
        secs: i64,
        /// Nanoseconds within the second (0 to 999,999,999).
        nanos: u32,
        /// Fractional digits to show (0 to 9).
        digits: u8,
    },
}

// The layout is a promise to the hot path: a cell more than 16 bytes wide would double the memory traffic.
const _: () = assert!(size_of::<Cell>() == 16);

/// A block of complete rows.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    width: usize,
    cells: Vec<Cell>,
    arena: Vec<u8>,
}

impl Batch {
    /// The rows in order; every slice has one cell a column.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        // `chunks_exact` needs a width above zero; a result without columns has no cells either.
        self.cells.chunks_exact(self.width.max(1))
    }

    /// Number of complete rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    /// The bytes of a `Text`, `Bytes` or `Json` cell of this batch; `None` for every other kind of cell.
    #[must_use]
    pub fn bytes(&self, cell: Cell) -> Option<&[u8]> {
        match cell {
            Cell::Text(span) | Cell::Bytes(span) | Cell::Json(span) => self.slice(span),
            Cell::Null
            | Cell::Bool(_)
            | Cell::Int(_)
            | Cell::UInt(_)
            | Cell::Float(_)
            | Cell::Double(_)
            | Cell::Date(_)
            | Cell::Time { .. }
            | Cell::Timestamp { .. }
            | Cell::TimestampTz { .. } => None,
        }
    }

    /// The text of a `Text` or `Json` cell of this batch.
    #[must_use]
    pub fn text(&self, cell: Cell) -> Option<&str> {
        match cell {
            Cell::Text(span) | Cell::Json(span) => {
                self.slice(span).and_then(|bytes| std::str::from_utf8(bytes).ok())
            }
            _ => None,
        }
    }

    /// The bytes of a span of this batch; `None` if the span belongs to another, larger batch.
    #[must_use]
    pub fn slice(&self, span: Span) -> Option<&[u8]> {
        let start = span.start as usize;
        self.arena.get(start..start + span.len as usize)
    }

    /// Bytes held in the arena.
    #[must_use]
    pub fn arena_len(&self) -> usize {
        self.arena.len()
    }

    /// Cells and arena bytes held, as a measure of memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.cells.len() * size_of::<Cell>() + self.arena.len()
    }

    /// Keeps the first `rows` rows and returns the others. The arena is copied, since cells of both parts point into it.
    #[must_use]
    pub fn split_off(&mut self, rows: usize) -> Self {
        let at = (rows * self.width).min(self.cells.len());
        Self {
            width: self.width,
            cells: self.cells.split_off(at),
            arena: self.arena.clone(),
        }
    }
}

/// Fills a [`Batch`] cell by cell, in row order.
///
/// Cells are pushed left to right; a row is complete after as many pushes as there are columns. [`BatchBuilder::take`]
/// hands the complete rows out and starts the next batch.
#[derive(Debug)]
pub struct BatchBuilder {
    batch: Batch,
}

impl BatchBuilder {
    /// A builder for rows of `width` columns.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            batch: Batch {
                width,
                cells: Vec::new(),
                arena: Vec::new(),
            },
        }
    }

    /// Appends a cell that needs no arena space.
    pub fn push(&mut self, cell: Cell) {
        self.batch.cells.push(cell);
    }

    /// Appends a `Text` cell.
    pub fn push_text(&mut self, text: &str) {
        let span = self.store(text.as_bytes());
        self.push(Cell::Text(span));
    }

    /// Appends a `Text` cell from bytes that should be UTF-8; malformed sequences become U+FFFD.
    pub fn push_text_lossy(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push_text(text),
            Err(_) => self.push_text(&String::from_utf8_lossy(bytes)),
        }
    }

    /// Appends a `Bytes` cell.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        let span = self.store(bytes);
        self.push(Cell::Bytes(span));
    }

    /// Appends a `Json` cell; `text` must be one JSON value.
    pub fn push_json(&mut self, text: &str) {
        let span = self.store(text.as_bytes());
        self.push(Cell::Json(span));
    }

    /// Appends a `Text` cell whose content `write` appends to the arena; `write` must append UTF-8.
    pub fn push_text_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let span = self.store_with(write);
        self.push(Cell::Text(span));
    }

    /// Appends a `Json` cell whose content `write` appends to the arena; `write` must append one JSON value.
    pub fn push_json_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let span = self.store_with(write);
        self.push(Cell::Json(span));
    }

    /// [`Batch::weight`] so far.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.batch.weight()
    }

    /// Arena bytes held so far.
    #[must_use]
    pub fn arena_len(&self) -> usize {
        self.batch.arena.len()
    }

    /// Complete rows held so far.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.batch.row_count()
    }

    /// The cells pushed since the last complete row ended; the whole last row if it is complete.
    #[must_use]
    pub fn last_row(&self) -> &[Cell] {
        let width = self.batch.width.min(self.batch.cells.len());
        &self.batch.cells[self.batch.cells.len() - width..]
    }

    /// Drops the last complete row, and the arena bytes from `arena_mark` (an earlier [`BatchBuilder::arena_len`]) on.
    pub fn drop_last_row(&mut self, arena_mark: usize) {
        let keep = self.batch.cells.len().saturating_sub(self.batch.width);
        self.batch.cells.truncate(keep);
        self.batch.arena.truncate(arena_mark);
    }

    /// Hands out the rows so far and starts an empty batch of the same width.
    pub fn take(&mut self) -> Batch {
        let next = Batch {
            width: self.batch.width,
            ..Batch::default()
        };
        std::mem::replace(&mut self.batch, next)
    }

    fn store(&mut self, bytes: &[u8]) -> Span {
        self.store_with(|arena| arena.extend_from_slice(bytes))
    }

    fn store_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Span {
        let start = self.batch.arena.len();
        write(&mut self.batch.arena);
        // Batches are flushed at a fraction of a megabyte and a cell is capped far below 4 GiB, so neither saturates.
        let len = self.batch.arena.len() - start;
        Span {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            len: u32::try_from(len).unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order_with_their_text() {
        let mut builder = BatchBuilder::new(2);
        for (number, text) in [(1, "a"), (2, "ü"), (3, "")] {
            builder.push(Cell::Int(number));
            builder.push_text(text);
        }
        let batch = builder.take();
        let seen: Vec<_> = batch
            .rows()
            .map(|row| (row[0], batch.text(row[1]).unwrap().to_owned()))
            .collect();
        assert_eq!(
            seen,
            [
                (Cell::Int(1), "a".into()),
                (Cell::Int(2), "ü".into()),
                (Cell::Int(3), String::new())
            ]
        );
        assert_eq!(builder.row_count(), 0);
    }

    #[test]
    fn both_parts_of_a_split_batch_keep_their_text() {
        let mut builder = BatchBuilder::new(1);
        ["a", "b", "c"].iter().for_each(|text| builder.push_text(text));
        let mut first = builder.take();
        let rest = first.split_off(2);
        let texts = |batch: &Batch| -> Vec<String> {
            batch
                .rows()
                .map(|row| batch.text(row[0]).unwrap().to_owned())
                .collect()
        };
        assert_eq!(
            (texts(&first), texts(&rest)),
            (vec!["a".into(), "b".into()], vec!["c".into()])
        );
    }

    #[test]
    fn a_dropped_row_leaves_no_trace() {
        let mut builder = BatchBuilder::new(1);
        builder.push_text("keep");
        let mark = builder.arena_len();
        builder.push_text("drop");
        builder.drop_last_row(mark);
        let batch = builder.take();
        assert_eq!(batch.row_count(), 1);
        assert_eq!(batch.arena_len(), 4);
    }

    #[test]
    fn malformed_utf8_becomes_replacement_characters() {
        let mut builder = BatchBuilder::new(1);
        builder.push_text_lossy(b"a\xffb");
        let batch = builder.take();
        assert_eq!(batch.text(batch.rows().next().unwrap()[0]), Some("a\u{fffd}b"));
    }
}
