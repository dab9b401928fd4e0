//! The way of rows from a blocking client to the reader.

use std::sync::Arc;

use gateway_core::{BatchBuilder, Column};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::{ReaderGone, RowSink, RowStart, RowStep};

/// Takes the rows of one statement, on the thread of the client: the columns first, then each with [`Delivery::row`].
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

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Whole,
    /// Nothing but a stand-in was pushed: the value is beyond the limit for cells.
    #[cfg_attr(
        not(feature = "oracle"),
        expect(dead_code, reason = "no other engine has such values")
    )]
    Oversized,
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

    /// Takes the next row, of `width` columns: `push` appends the value of one. A row that is not wanted is not asked for any.
    pub(crate) fn row<E>(
        &mut self,
        width: usize,
        mut push: impl FnMut(&mut Self, usize) -> Result<Pushed, E>,
    ) -> Result<Wanted, E> {
        match self.sink.begin_row() {
            RowStart::Skip => return Ok(Wanted::More),
            RowStart::Enough => return Ok(Wanted::Enough),
            RowStart::Take => {}
        }
        let mut is_oversized = false;
        for index in 0..width {
            match push(self, index)? {
                Pushed::Whole => {}
                Pushed::Oversized => is_oversized = true,
            }
        }
        if is_oversized {
            self.sink.end_oversized_row();
            return Ok(Wanted::Enough);
        }
        Ok(self.end_row())
    }

    /// Counts the row that was just pushed, and passes rows on when there are enough of them.
    fn end_row(&mut self) -> Wanted {
        match self.sink.end_row() {
            RowStep::More => Wanted::More,
            RowStep::Enough => Wanted::Enough,
            RowStep::Flush => wait(self.runtime, self.stop, self.sink.flush()),
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
