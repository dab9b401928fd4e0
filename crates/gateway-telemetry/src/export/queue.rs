//! Spans that wait to be sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway_core::trace::{Span, SpanSink};
use metrics::{counter, describe_counter};
use tokio::sync::mpsc;

/// Spans that may wait: some seconds of a busy gateway, and some megabytes.
const WAITING_SPANS: usize = 8192;

const SPANS: &str = "nexus_trace_spans_total";

/// How often something happened to spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Taken by the collector.
    pub sent: u64,
    /// Refused by the collector, or it was not there.
    pub failed: u64,
    /// Never sent, because too many waited.
    pub dropped: u64,
    /// Neither yet.
    pub waiting: u64,
}

/// The queue, with what became of its spans.
pub(super) struct Queue {
    spans: mpsc::Sender<Span>,
    entered: AtomicU64,
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

impl Queue {
    pub(super) fn new() -> (Arc<Self>, mpsc::Receiver<Span>) {
        let (spans, waiting) = mpsc::channel(WAITING_SPANS);
        describe_counter!(
            SPANS,
            "Spans that were sent to the collector, not taken by it, or dropped because too many waited"
        );
        for outcome in ["sent", "failed", "dropped"] {
            counter!(SPANS, "outcome" => outcome).increment(0);
        }
        let queue = Self {
            spans,
            entered: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        };
        (Arc::new(queue), waiting)
    }

    pub(super) fn tally(&self) -> Tally {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (sent, failed) = (count(&self.sent), count(&self.failed));
        Tally {
            sent,
            failed,
            dropped: count(&self.dropped),
            waiting: count(&self.entered).saturating_sub(sent + failed),
        }
    }

    pub(super) fn count_sent(&self, spans: u64) {
        self.sent.fetch_add(spans, Ordering::Relaxed);
        counter!(SPANS, "outcome" => "sent").increment(spans);
    }

    pub(super) fn count_failed(&self, spans: u64) {
        self.failed.fetch_add(spans, Ordering::Relaxed);
        counter!(SPANS, "outcome" => "failed").increment(spans);
    }
}

impl SpanSink for Queue {
    fn take(&self, span: Span) {
        match self.spans.try_send(span) {
            Ok(()) => {
                self.entered.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {
                self.dropped.fetch_add(1, Ordering::Relaxed);
                counter!(SPANS, "outcome" => "dropped").increment(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::trace::{SpanId, Trace, TraceContext, TraceId};

    #[test]
    fn what_finds_no_place_is_dropped_and_counted() {
        let (queue, mut waiting) = Queue::new();
        let context = TraceContext {
            trace: TraceId([1; 16]),
            span: SpanId([2; 8]),
            is_sampled: true,
        };
        for _ in 0..WAITING_SPANS + 3 {
            drop(Trace::begin(context, None, None, Arc::clone(&queue) as _));
        }
        let expected = Tally {
            sent: 0,
            failed: 0,
            dropped: 3,
            waiting: WAITING_SPANS as u64,
        };
        assert_eq!(queue.tally(), expected);
        waiting.close();
        drop(Trace::begin(context, None, None, Arc::clone(&queue) as _));
        assert_eq!(queue.tally().dropped, 4);
    }
}
