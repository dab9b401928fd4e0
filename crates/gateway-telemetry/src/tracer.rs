//! Which requests are followed.

use std::sync::Arc;

use gateway_core::trace::{Joined, SpanId, SpanSink, Stage, Trace, TraceContext, TraceId, Tracer};

/// Bits of a trace's identifier that decide.
const DECIDING_BITS: u32 = 56;

/// Follows what a caller has decided, and else a part of the requests.
pub(crate) struct RatioTracer {
    /// Of all values of the deciding bits, those below are kept.
    kept_below: u64,
    sink: Arc<dyn SpanSink>,
}

impl RatioTracer {
    pub(crate) fn new(ratio: f64, sink: Arc<dyn SpanSink>) -> Self {
        let all = (1_u64 << DECIDING_BITS) as f64;
        Self {
            kept_below: (ratio.clamp(0.0, 1.0) * all).round() as u64,
            sink,
        }
    }
}

impl Tracer for RatioTracer {
    fn join(&self, caller: Option<TraceContext>, state: Option<&str>) -> Option<Joined> {
        let mut random = [0; 24];
        rand::fill(&mut random);
        let (span, trace) = random.split_first_chunk()?;
        let (span, fresh) = (SpanId(*span), TraceId(*trace.first_chunk()?));
        let trace = caller.map_or(fresh, |caller| caller.trace);
        let context = TraceContext {
            trace,
            span,
            is_sampled: caller.map_or(trace.randomness() < self.kept_below, |caller| caller.is_sampled),
        };
        let request = if context.is_sampled {
            let parent = caller.map(|caller| caller.span);
            // Without a caller's identifiers its state means nothing.
            let state = state.filter(|_| parent.is_some());
            Trace::begin(context, parent, state, Arc::clone(&self.sink))
        } else {
            Stage::default()
        };
        Some(Joined { context, request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::trace::Span;

    struct Nowhere;

    impl SpanSink for Nowhere {
        fn take(&self, _: Span) {}
    }

    fn kept(ratio: f64, caller: Option<TraceContext>) -> usize {
        let tracer = RatioTracer::new(ratio, Arc::new(Nowhere));
        let joined = (0..1000).filter_map(|_| tracer.join(caller, None));
        joined.filter(|joined| joined.request.is_kept()).count()
    }

    #[test]
    fn the_ratio_decides_where_no_caller_has() {
        assert_eq!((kept(0.0, None), kept(1.0, None)), (0, 1000));
        // Ten standard deviations around the mean.
        assert!((90..=410).contains(&kept(0.25, None)));
    }

    #[test]
    fn a_callers_decision_holds() {
        let mut caller = TraceContext {
            trace: TraceId([1; 16]),
            span: SpanId([2; 8]),
            is_sampled: true,
        };
        assert_eq!(kept(0.0, Some(caller)), 1000);
        caller.is_sampled = false;
        assert_eq!(kept(1.0, Some(caller)), 0);
        let tracer = RatioTracer::new(1.0, Arc::new(Nowhere));
        let joined = tracer.join(Some(caller), None).unwrap();
        assert_eq!(
            (joined.context.trace, joined.context.is_sampled),
            (caller.trace, false)
        );
        assert_ne!(joined.context.span, caller.span);
    }
}
