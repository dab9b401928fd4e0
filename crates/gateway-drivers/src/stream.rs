//! The way of rows from a session to a reader, and the one place where limits on results are counted.

use std::sync::Arc;

use gateway_core::{AtDeadline, BatchBuilder, Column, Frame, QueryLimits, TruncatedBy, ValueStyle};
use tokio::sync::mpsc;

use crate::DriverError;

/// What travels to the reader.
pub(crate) type FrameResult = Result<Frame, DriverError>;

/// Frames that may wait for a slow reader before the session stops reading from the database.
pub(crate) const CHANNEL_FRAMES: usize = 4;

/// A batch is sent on once it weighs this many bytes.
const BATCH_WEIGHT: usize = 64 * 1024;

/// The reader dropped its end of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderGone;

/// Whether the next row is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowStart {
    /// Push its cells, then call [`RowSink::end_row`].
    Take,
    /// It lies before the offset: go on to the next.
    Skip,
    /// The row limit is reached and this row proves that there was more: stop.
    Enough,
}

/// What to do after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowStep {
    /// Go on.
    More,
    /// Call [`RowSink::flush`] before going on.
    Flush,
    /// A limit is reached: stop.
    Enough,
}

/// Takes rows from a session, counts them against the limits, and passes them on in batches.
///
/// For each row: [`RowSink::begin_row`]; if it says `Take`, push one cell a column into [`RowSink::cells`], then
/// [`RowSink::end_row`] and do as it says. Before the first row: [`RowSink::columns`].
#[derive(Debug)]
pub struct RowSink {
    frames: mpsc::Sender<FrameResult>,
    limits: QueryLimits,
    style: ValueStyle,
    rows: BatchBuilder,
    row_mark: usize,
    seen: u64,
    counts: Counts,
    columns_sent: bool,
    width: usize,
}

/// What has been delivered so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) truncated_by: Option<TruncatedBy>,
}

impl RowSink {
    pub(crate) fn new(frames: mpsc::Sender<FrameResult>, limits: QueryLimits) -> Self {
        Self {
            frames,
            limits,
            style: ValueStyle::default(),
            rows: BatchBuilder::new(0),
            row_mark: 0,
            seen: 0,
            counts: Counts::default(),
            columns_sent: false,
            width: 0,
        }
    }

    pub(crate) fn styled(mut self, style: ValueStyle) -> Self {
        self.style = style;
        self
    }

    /// How values inside arrays and composites are to be written.
    #[must_use]
    pub fn style(&self) -> ValueStyle {
        self.style
    }

    /// The most bytes that a cell may have; a driver that reads large values piece by piece may stop there.
    #[must_use]
    pub fn max_cell_bytes(&self) -> usize {
        self.limits.max_cell_bytes
    }

    /// A sink that takes nothing, to stand in while a session's own thread holds the real one.
    #[must_use]
    pub fn detached() -> Self {
        let (frames, _) = mpsc::channel(1);
        let limits = QueryLimits {
            max_rows: Some(0),
            offset: 0,
            max_bytes: 0,
            max_cell_bytes: 0,
            deadline: std::time::Instant::now(),
            at_deadline: AtDeadline::Fail,
        };
        Self::new(frames, limits)
    }

    /// Announces the columns, once.
    ///
    /// # Errors
    ///
    /// [`ReaderGone`] if nobody reads.
    pub async fn columns(&mut self, columns: Arc<[Column]>) -> Result<(), ReaderGone> {
        let frame = self.announce(columns);
        self.frames.send(Ok(frame)).await.map_err(|_| ReaderGone)
    }

    /// Decides on the next row before its cells are decoded.
    pub fn begin_row(&mut self) -> RowStart {
        self.seen += 1;
        if self.seen <= self.limits.offset {
            return RowStart::Skip;
        }
        if self.limits.max_rows.is_some_and(|most| self.counts.rows >= most) {
            self.counts.truncated_by = Some(TruncatedBy::Rows);
            return RowStart::Enough;
        }
        self.row_mark = self.rows.arena_len();
        RowStart::Take
    }

    /// Where the cells of the current row go.
    pub fn cells(&mut self) -> &mut BatchBuilder {
        &mut self.rows
    }

    /// Counts the row that was just pushed.
    pub fn end_row(&mut self) -> RowStep {
        let arena = self.rows.arena_len() - self.row_mark;
        // Fixed-width cells count as eight bytes: about what they take up in any output.
        let width = self.rows.last_row().len();
        let bytes = arena as u64 + 8 * width as u64;
        if arena > self.limits.max_cell_bytes && self.has_oversized_cell() {
            return self.refuse_row(TruncatedBy::Cell);
        }
        if self.counts.bytes + bytes > self.limits.max_bytes {
            return self.refuse_row(TruncatedBy::Bytes);
        }
        self.counts.rows += 1;
        self.counts.bytes += bytes;
        if self.rows.weight() >= BATCH_WEIGHT {
            RowStep::Flush
        } else {
            RowStep::More
        }
    }

    /// Ends a row that has a cell which was not even read because it is beyond its limit; the row's other cells may be anything.
    /// The result ends before it.
    pub fn end_oversized_row(&mut self) {
        self.refuse_row(TruncatedBy::Cell);
    }

    /// Passes on the rows so far, waiting while the reader is busy.
    ///
    /// # Errors
    ///
    /// [`ReaderGone`] if nobody reads.
    pub async fn flush(&mut self) -> Result<(), ReaderGone> {
        if self.rows.row_count() == 0 {
            return Ok(());
        }
        // Room first: a flush that is given up while it waits must not lose rows that are counted already.
        let room = self.frames.reserve().await.map_err(|_| ReaderGone)?;
        room.send(Ok(Frame::Batch(self.rows.take())));
        Ok(())
    }

    /// Whether anything has reached the reader yet; a statement may be started again only while nothing has.
    #[must_use]
    pub fn has_delivered(&self) -> bool {
        self.columns_sent
    }

    /// Whether the statement gave a result at all. Whatever may be approved gives columns; a statement that does not has done
    /// something else, and its session is not to be trusted.
    pub(crate) fn has_columns(&self) -> bool {
        self.width > 0
    }

    /// At the deadline: whether the rows so far are to be the result, which then says that time cut it.
    pub(crate) fn keeps_rows_at_deadline(&mut self) -> bool {
        let keeps = self.limits.at_deadline == AtDeadline::Truncate && self.counts.rows > 0;
        if keeps {
            self.counts.truncated_by = Some(TruncatedBy::Time);
        }
        keeps
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    fn announce(&mut self, columns: Arc<[Column]>) -> Frame {
        self.columns_sent = true;
        self.width = columns.len();
        self.rows = BatchBuilder::new(columns.len());
        Frame::Columns(columns)
    }

    fn has_oversized_cell(&self) -> bool {
        self.rows.last_row().iter().any(|cell| match cell {
            gateway_core::Cell::Text(span)
            | gateway_core::Cell::Bytes(span)
            | gateway_core::Cell::Json(span) => span.len() > self.limits.max_cell_bytes,
            _ => false,
        })
    }

    fn refuse_row(&mut self, why: TruncatedBy) -> RowStep {
        self.rows.drop_last_row(self.row_mark);
        self.counts.truncated_by = Some(why);
        RowStep::Enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::{Cell, StandardType};
    use std::time::{Duration, Instant};

    fn sink(limits: QueryLimits) -> (RowSink, mpsc::Receiver<FrameResult>) {
        let (frames, reader) = mpsc::channel(CHANNEL_FRAMES);
        (RowSink::new(frames, limits), reader)
    }

    fn limits() -> QueryLimits {
        QueryLimits {
            max_rows: Some(2),
            offset: 1,
            max_bytes: 1000,
            max_cell_bytes: 10,
            deadline: Instant::now() + Duration::from_secs(60),
            at_deadline: AtDeadline::Fail,
        }
    }

    fn columns() -> Arc<[Column]> {
        vec![Column::new("a", StandardType::String, "text")].into()
    }

    #[tokio::test]
    async fn offset_is_skipped_and_the_row_beyond_the_limit_is_only_probed() {
        let (mut sink, _reader) = sink(limits());
        sink.columns(columns()).await.unwrap();
        let mut starts = Vec::new();
        for _ in 0..4 {
            let start = sink.begin_row();
            if start == RowStart::Take {
                sink.cells().push_text("x");
                assert_eq!(sink.end_row(), RowStep::More);
            }
            starts.push(start);
        }
        assert_eq!(
            starts,
            [RowStart::Skip, RowStart::Take, RowStart::Take, RowStart::Enough]
        );
        assert_eq!(sink.counts().rows, 2);
        assert_eq!(sink.counts().truncated_by, Some(TruncatedBy::Rows));
    }

    #[tokio::test]
    async fn a_cell_or_a_result_above_its_limit_is_not_delivered() {
        for (text, limit, expected) in [
            ("12345678901", limits(), TruncatedBy::Cell),
            (
                "123456789",
                QueryLimits {
                    max_bytes: 12,
                    ..limits()
                },
                TruncatedBy::Bytes,
            ),
        ] {
            let (mut sink, _reader) = sink(QueryLimits { offset: 0, ..limit });
            sink.columns(columns()).await.unwrap();
            assert_eq!(sink.begin_row(), RowStart::Take);
            sink.cells().push_text(text);
            assert_eq!(sink.end_row(), RowStep::Enough);
            assert_eq!(
                sink.counts(),
                Counts {
                    rows: 0,
                    bytes: 0,
                    truncated_by: Some(expected)
                }
            );
            assert_eq!(sink.cells().row_count(), 0);
        }
    }

    #[tokio::test]
    async fn a_flush_that_is_given_up_keeps_its_rows() {
        let (mut sink, mut reader) = sink(QueryLimits {
            offset: 0,
            max_rows: None,
            ..limits()
        });
        sink.columns(columns()).await.unwrap();
        for _ in 1..CHANNEL_FRAMES {
            sink.cells().push_text("x");
            sink.flush().await.unwrap();
        }
        sink.cells().push_text("last");
        let full = tokio::time::timeout(Duration::ZERO, sink.flush()).await;
        assert!(full.is_err(), "nobody has read yet");
        reader.recv().await.unwrap().unwrap();
        sink.flush().await.unwrap();
        assert_eq!(sink.cells().row_count(), 0);
    }

    #[tokio::test]
    async fn a_reader_that_left_is_noticed() {
        let (mut sink, reader) = sink(QueryLimits {
            offset: 0,
            ..limits()
        });
        sink.columns(columns()).await.unwrap();
        drop(reader);
        sink.begin_row();
        sink.cells().push(Cell::Null);
        sink.end_row();
        assert_eq!(sink.flush().await, Err(ReaderGone));
    }
}
