//! The way of rows from a blocking client to the reader.

use std::sync::Arc;

use gateway_core::{BatchBuilder, Column};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::{ReaderGone, RowSink, RowStart};

/// Takes the rows of one statement, on the thread of the client. As with a [`RowSink`]: the columns first; then for each row
/// [`Delivery::begin_row`], its cells, and [`Delivery::end_row`].
pub(crate) struct Delivery<'a> {
    sink: &'a mut RowSink,
    runtime: &'a Handle,
    stop: &'a Notify,
}

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    More,
    /// A limit is reached, the reader has gone, or the statement was cancelled.
    Enough,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(sink: &'a mut RowSink, runtime: &'a Handle, stop: &'a Notify) -> Self {
        Self { sink, runtime, stop }
    }

    /// Announces the columns.
    pub(crate) fn columns(&mut self, columns: Vec<Column>) -> Wanted {
        let columns: Arc<[Column]> = columns.into();
        wait(self.runtime, self.stop, self.sink.columns(columns))
    }

    /// Decides on the next row before its cells are decoded.
    pub(crate) fn begin_row(&mut self) -> RowStart {
        self.sink.begin_row()
    }

    /// Where the cells of the current row go.
    pub(crate) fn cells(&mut self) -> &mut BatchBuilder {
        self.sink.cells()
    }

    /// The most bytes that a cell may have.
    #[cfg(feature = "oracle")]
    pub(crate) fn max_cell_bytes(&self) -> usize {
        self.sink.max_cell_bytes()
    }

    /// How values inside others are to be written.
    #[cfg(feature = "oracle")]
    pub(crate) fn style(&self) -> gateway_core::ValueStyle {
        self.sink.style()
    }

    /// Ends the result before a row that has a cell beyond its limit.
    #[cfg(feature = "oracle")]
    pub(crate) fn end_oversized_row(&mut self) {
        self.sink.end_oversized_row();
    }

    /// Counts the row that was just pushed, and passes rows on when there are enough of them.
    pub(crate) fn end_row(&mut self) -> Wanted {
        match self.sink.end_row() {
            crate::RowStep::More => Wanted::More,
            crate::RowStep::Enough => Wanted::Enough,
            crate::RowStep::Flush => wait(self.runtime, self.stop, self.sink.flush()),
        }
    }
}

/// Waits for the reader, but no longer than until the statement is cancelled.
fn wait(runtime: &Handle, stop: &Notify, delivery: impl Future<Output = Result<(), ReaderGone>>) -> Wanted {
    runtime.block_on(async {
        tokio::select! {
            delivered = delivery => match delivered {
                Ok(()) => Wanted::More,
                Err(ReaderGone) => Wanted::Enough,
            },
            () = stop.notified() => Wanted::Enough,
        }
    })
}
