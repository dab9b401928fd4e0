//! Following a request through the gateway: which stages it went through, and when.
//!
//! A [`Trace`] travels with a request and its query. Whoever does a part of the work opens a [`Stage`] and says how it ended;
//! that makes a [`Span`], which goes to the request's [`SpanSink`] at once. Where spans go from there, and in which format,
//! nobody here knows. A trace that is off, as every one is unless a [`Tracer`] has made it, reads no clock and holds nothing.
//!
//! ```
//! use gateway_core::trace::{SpanKind, Trace};
//!
//! let trace = Trace::default();
//! let mut stage = trace.stage("approve", SpanKind::Internal);
//! stage.set("nexus.query.rows", 1_u64);
//! stage.succeeded();
//! ```

mod context;
mod span;

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime};

pub use context::{SpanId, TraceContext, TraceId, is_trace_state};
pub use span::{Span, SpanEvent, SpanKind, SpanSink, SpanValue};

use crate::ErrorKind;

/// Decides which requests are followed.
pub trait Tracer: Send + Sync + 'static {
    /// Begins a request's trace, or continues the one that its caller has begun. `None` if no identifiers can be had.
    fn join(&self, caller: Option<TraceContext>, state: Option<&str>) -> Option<Joined>;
}

/// A request's place in a trace.
#[derive(Debug)]
pub struct Joined {
    /// What the caller is told.
    pub context: TraceContext,
    /// The request's own span, the one that all others of it are within. Off if the trace is not kept.
    pub request: Stage,
}

/// The trace of one request. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Trace(Option<Arc<Inner>>);

struct Inner {
    context: TraceContext,
    state: Option<Arc<str>>,
    sink: Arc<dyn SpanSink>,
    /// One moment on both clocks: what lies between two readings of the first is never negative.
    began: (Instant, SystemTime),
    /// Stages so far.
    stages: AtomicU64,
    /// What is found out about the request on its way.
    learnt: [OnceLock<(&'static str, SpanValue)>; LEARNT],
    broken_by: OnceLock<&'static str>,
}

/// How much may be found out.
const LEARNT: usize = 4;

impl Inner {
    fn now(&self) -> SystemTime {
        let (instant, wall) = self.began;
        wall + instant.elapsed()
    }

    fn learnt(&self) -> impl Iterator<Item = (&'static str, SpanValue)> {
        self.learnt.iter().filter_map(|place| place.get().cloned())
    }

    /// Another span of this trace: every number gives another one, and none gives the request's own.
    fn next_span(&self) -> SpanId {
        let number = self.stages.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let own = u64::from_be_bytes(self.context.span.0);
        // Zero is no identifier.
        SpanId((own ^ spread).max(1).to_be_bytes())
    }
}

impl Trace {
    /// Opens the span of a request, whose trace is kept. `context` is its own, `parent` the caller's.
    #[must_use]
    pub fn begin(
        context: TraceContext,
        parent: Option<SpanId>,
        state: Option<&str>,
        sink: Arc<dyn SpanSink>,
    ) -> Stage {
        let began = (Instant::now(), SystemTime::now());
        let trace = Arc::new(Inner {
            context,
            state: state.map(Arc::from),
            sink,
            began,
            stages: AtomicU64::new(0),
            learnt: Default::default(),
            broken_by: OnceLock::new(),
        });
        let span = Span {
            context,
            parent,
            is_parent_remote: parent.is_some(),
            state: trace.state.clone(),
            name: Cow::Borrowed("request"),
            kind: SpanKind::Server,
            started: began.1,
            ended: began.1,
            attributes: Vec::with_capacity(16),
            events: Vec::new(),
            failure: Some(ErrorKind::Cancelled.code()),
        };
        Stage(Some(Box::new(Open { span, trace })))
    }

    /// Opens a stage of the request. Dropping it without a word of how it ended says that it was cancelled.
    #[must_use]
    pub fn stage(&self, name: &'static str, kind: SpanKind) -> Stage {
        let Some(trace) = &self.0 else { return Stage(None) };
        let now = trace.now();
        let span = Span {
            context: TraceContext {
                span: trace.next_span(),
                ..trace.context
            },
            parent: Some(trace.context.span),
            is_parent_remote: false,
            state: trace.state.clone(),
            name: Cow::Borrowed(name),
            kind,
            started: now,
            ended: now,
            attributes: trace.learnt().collect(),
            events: Vec::new(),
            failure: Some(ErrorKind::Cancelled.code()),
        };
        let trace = Arc::clone(trace);
        Stage(Some(Box::new(Open { span, trace })))
    }

    /// Adds what is known only now: to the request's own span, and to stages that begin later. More than four such things
    /// are not kept.
    pub fn learn(&self, key: &'static str, value: impl FnOnce() -> SpanValue) {
        let Some(trace) = &self.0 else { return };
        let mut fact = (key, value());
        for place in &trace.learnt {
            match place.set(fact) {
                Ok(()) => return,
                Err(refused) => fact = refused,
            }
        }
    }

    /// Says that the answer broke off with `code` after it had begun well.
    pub fn broken_off(&self, code: &'static str) {
        if let Some(trace) = &self.0 {
            let _ = trace.broken_by.set(code);
        }
    }

    /// Whether anybody keeps what is said.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// What it is called, if it is kept.
    #[must_use]
    pub fn id(&self) -> Option<TraceId> {
        self.0.as_ref().map(|trace| trace.context.trace)
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = self.0.as_ref().map(|trace| trace.context);
        f.debug_tuple("Trace").field(&context).finish()
    }
}

/// A part of the work that is going on.
#[derive(Default)]
pub struct Stage(Option<Box<Open>>);

struct Open {
    span: Span,
    trace: Arc<Inner>,
}

impl Stage {
    /// The trace that it belongs to.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace(self.0.as_ref().map(|open| Arc::clone(&open.trace)))
    }

    /// Whether anybody keeps what is said.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// What whoever is asked within it may continue, if it is kept.
    #[must_use]
    pub fn context(&self) -> Option<TraceContext> {
        self.0.as_ref().map(|open| open.span.context)
    }

    /// Gives it another name than the one it began with.
    pub fn rename(&mut self, name: impl FnOnce() -> String) {
        if let Some(open) = &mut self.0 {
            open.span.name = Cow::Owned(name());
        }
    }

    /// Adds what is known of it.
    pub fn set(&mut self, key: &'static str, value: impl Into<SpanValue>) {
        if let Some(open) = &mut self.0 {
            open.span.attributes.push((key, value.into()));
        }
    }

    /// Notes what happens now.
    pub fn event(&mut self, name: &'static str) {
        if let Some(open) = &mut self.0 {
            let at = open.trace.now();
            open.span.events.push(SpanEvent { name, at });
        }
    }

    /// Says how it will have ended when it is dropped: well, or with a failure's code.
    pub fn turned_out(&mut self, failure: Option<&'static str>) {
        if let Some(open) = &mut self.0 {
            open.span.failure = failure;
        }
    }

    /// Ends it well.
    pub fn succeeded(mut self) {
        self.turned_out(None);
    }

    /// Ends it with a failure's code.
    pub fn failed(mut self, code: &'static str) {
        self.turned_out(Some(code));
    }

    /// Ends it as `outcome` tells.
    pub fn concluded<T, E: crate::Classify>(self, outcome: &Result<T, E>) {
        match outcome {
            Ok(_) => self.succeeded(),
            Err(error) => self.failed(error.kind().code()),
        }
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.as_ref().map(|open| &open.span.name);
        f.debug_tuple("Stage").field(&name).finish()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let Some(open) = self.0.take() else { return };
        let Open { mut span, trace } = *open;
        span.ended = trace.now();
        if span.context.span == trace.context.span {
            span.attributes.extend(trace.learnt());
            span.failure = trace.broken_by.get().copied().or(span.failure);
        }
        trace.sink.take(span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Kept(Mutex<Vec<Span>>);

    impl SpanSink for Kept {
        fn take(&self, span: Span) {
            self.0.lock().unwrap().push(span);
        }
    }

    fn context() -> TraceContext {
        TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap()
    }

    #[test]
    fn stages_are_within_their_request() {
        let kept = Arc::new(Kept::default());
        let caller = SpanId([7; 8]);
        let mut request = Trace::begin(context(), Some(caller), Some("a=b"), kept.clone());
        let trace = request.trace();
        trace.stage("one", SpanKind::Internal).succeeded();
        trace.learn("nexus.known", || 3_u64.into());
        drop(trace.stage("two", SpanKind::Client));
        trace.broken_off("BROKEN");
        request.turned_out(None);
        drop(request);
        let spans = kept.0.lock().unwrap();
        let [one, two, request] = &spans[..] else {
            panic!("{spans:?}")
        };
        assert_eq!((one.failure, two.failure), (None, Some("QUERY_CANCELLED")));
        assert_eq!(request.failure, Some("BROKEN"));
        let learnt = [("nexus.known", SpanValue::Int(3))];
        assert_eq!(one.attributes, []);
        assert_eq!(
            (&two.attributes[..], &request.attributes[..]),
            (&learnt[..], &learnt[..])
        );
        assert_eq!((request.parent, request.is_parent_remote), (Some(caller), true));
        for stage in [one, two] {
            assert_eq!(stage.parent, Some(request.context.span));
            assert!(request.started <= stage.started && stage.ended <= request.ended);
            assert_eq!(stage.context.trace, request.context.trace);
            assert_eq!(stage.state.as_deref(), Some("a=b"));
        }
        assert_ne!(one.context.span, two.context.span);
    }

    #[test]
    fn what_is_off_keeps_nothing() {
        let trace = Trace::default();
        trace.learn("nexus.costly", || panic!("asked for"));
        let mut stage = trace.stage("one", SpanKind::Internal);
        stage.rename(|| panic!("asked for"));
        assert!(!stage.is_kept() && !stage.trace().is_kept());
    }
}
