//! Cutting the frames of a query into pages.

use std::sync::Arc;
use std::time::Instant;

use gateway_core::{Batch, Column, DataSourceId, Engine, Frame, QueryId, QuerySummary};
use gateway_drivers::QueryCanceller;

use crate::{AnswerStream, RunningQuery, ServiceError};

/// How large a page may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) rows: u64,
    /// Roughly: a page ends with the batch that reaches them.
    pub(super) bytes: u64,
}

/// Some rows of a read. Cloning its batches copies them, so it is shared.
#[derive(Debug)]
pub struct ReadPage {
    /// The read.
    pub id: QueryId,
    /// Where it runs.
    pub source: DataSourceId,
    /// On what.
    pub engine: Engine,
    /// From 1.
    pub number: u64,
    /// The description of the rows.
    pub columns: Arc<[Column]>,
    /// The rows.
    pub batches: Vec<Batch>,
    /// What there is to say of this page: its rows, its bytes, the time it took to gather; on the last page, what cut the
    /// result.
    pub summary: QuerySummary,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl ReadPage {
    /// The page as the frames of a complete answer.
    pub fn frames(&self) -> impl Iterator<Item = Frame> {
        let columns = std::iter::once(Frame::Columns(Arc::clone(&self.columns)));
        let batches = self.batches.iter().map(|batch| Frame::Batch(batch.clone()));
        columns.chain(batches).chain([Frame::End(self.summary)])
    }
}

/// A query whose frames are taken as pages want them.
pub(super) struct Reading {
    id: QueryId,
    source: DataSourceId,
    engine: Engine,
    size: Size,
    /// Gone once the end has come; then the session is free.
    stream: Option<AnswerStream>,
    canceller: QueryCanceller,
    columns: Arc<[Column]>,
    gathered: Gathered,
    /// The beginning of the page after the one that is gathered.
    pending: Option<Batch>,
    end: Option<QuerySummary>,
    last: Option<Arc<ReadPage>>,
}

/// The rows of the next page so far.
#[derive(Default)]
struct Gathered {
    batches: Vec<Batch>,
    rows: u64,
    bytes: u64,
}

impl Gathered {
    fn push(&mut self, batch: Batch) {
        self.rows += batch.row_count() as u64;
        self.bytes += batch.weight() as u64;
        self.batches.push(batch);
    }

    fn is_full(&self, size: Size) -> bool {
        self.rows >= size.rows || self.bytes >= size.bytes
    }
}

impl Reading {
    pub(super) fn new(query: RunningQuery, size: Size) -> Self {
        Self {
            id: query.id,
            source: query.source,
            engine: query.engine,
            size,
            canceller: query.stream.canceller(),
            stream: Some(query.stream),
            columns: Arc::new([]),
            gathered: Gathered::default(),
            pending: None,
            end: None,
            last: None,
        }
    }

    pub(super) fn canceller(&self) -> QueryCanceller {
        self.canceller.clone()
    }

    pub(super) fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// The last page once more, or the one after it.
    pub(super) async fn page(&mut self, number: u64) -> Result<Arc<ReadPage>, ServiceError> {
        let (last, was_last) = match &self.last {
            Some(page) if page.number == number => return Ok(Arc::clone(page)),
            Some(page) => (page.number, page.is_last),
            None => (0, false),
        };
        if was_last || number != last + 1 {
            return Err(ServiceError::NoSuchPage);
        }
        let asked = Instant::now();
        self.gather().await?;
        let page = Arc::new(self.finish(number, asked));
        self.last = Some(Arc::clone(&page));
        Ok(page)
    }

    /// Takes frames until the page is full and it is known whether anything follows. Every frame is put away before the
    /// next is waited for, so that this may be given up at any time.
    async fn gather(&mut self) -> Result<(), ServiceError> {
        loop {
            if let Some(batch) = self.pending.take() {
                if self.gathered.is_full(self.size) {
                    self.pending = Some(batch);
                    return Ok(());
                }
                self.take(batch);
                continue;
            }
            let Some(stream) = &mut self.stream else {
                return Ok(());
            };
            match stream.next().await.unwrap_or(Err(ServiceError::Incomplete))? {
                Frame::Columns(columns) => self.columns = columns,
                Frame::Batch(batch) => self.pending = Some(batch),
                Frame::End(summary) => {
                    self.end = Some(summary);
                    self.stream = None;
                }
            }
        }
    }

    fn take(&mut self, mut batch: Batch) {
        let room = usize::try_from(self.size.rows - self.gathered.rows).unwrap_or(usize::MAX);
        if batch.row_count() > room {
            self.pending = Some(batch.split_off(room));
        }
        self.gathered.push(batch);
    }

    fn finish(&mut self, number: u64, asked: Instant) -> ReadPage {
        let gathered = std::mem::take(&mut self.gathered);
        let is_last = self.pending.is_none();
        ReadPage {
            id: self.id,
            source: self.source,
            engine: self.engine,
            number,
            columns: Arc::clone(&self.columns),
            batches: gathered.batches,
            summary: QuerySummary {
                rows: gathered.rows,
                bytes: gathered.bytes,
                truncated_by: self
                    .end
                    .filter(|_| is_last)
                    .and_then(|summary| summary.truncated_by),
                elapsed: asked.elapsed(),
            },
            is_last,
        }
    }
}
