//! Counting requests by route.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use metrics::{Counter, Histogram, counter, histogram};

use super::{DURATION, REQUESTS};

/// Handles on the series of every route that was used, for one worker. The recorder would have to be asked for them, and the
/// labels be put together, with each request otherwise.
#[derive(Default)]
pub(crate) struct RouteMeters(RefCell<HashMap<String, Series>>);

struct Series {
    duration: Histogram,
    by_code: HashMap<&'static str, Counter>,
}

impl RouteMeters {
    /// Notes an answer. `route` is a pattern of the contract, or one name for everything else, so that there are not many.
    pub(crate) fn answered(&self, route: &str, code: &'static str, took: Duration) {
        let mut known = self.0.borrow_mut();
        if !known.contains_key(route) {
            let series = Series {
                duration: histogram!(DURATION, "route" => route.to_owned()),
                by_code: HashMap::new(),
            };
            known.insert(route.to_owned(), series);
        }
        let Some(series) = known.get_mut(route) else {
            return;
        };
        series.duration.record(took.as_secs_f64());
        let count = series
            .by_code
            .entry(code)
            .or_insert_with(|| counter!(REQUESTS, "route" => route.to_owned(), "code" => code));
        count.increment(1);
    }
}
