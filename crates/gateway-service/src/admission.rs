//! Admission: how many statements may be under way at once, for one caller and on one source.
//!
//! Whoever comes beyond that waits in a bounded queue for a bounded time. A place is given back when the answer ends.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use gateway_core::DataSourceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ServiceError;

/// How many statements may be under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmissionSettings {
    /// For one caller, on all sources.
    pub per_caller: usize,
    /// On one source, for all callers.
    pub per_source: usize,
    /// How many may wait for one source, and for one caller's turn, beyond those.
    pub queue: usize,
    /// How long they may wait.
    pub queue_timeout: Duration,
}

impl Default for AdmissionSettings {
    fn default() -> Self {
        Self {
            per_caller: 256,
            per_source: 1000,
            queue: 500,
            queue_timeout: Duration::from_secs(5),
        }
    }
}

/// Lets statements in.
pub(crate) struct Admission {
    settings: ArcSwap<AdmissionSettings>,
    callers: Gates<String>,
    sources: Gates<DataSourceId>,
}

/// A statement's place; dropped, it is free for the next.
pub(crate) struct Admitted {
    _of_caller: Place<String>,
    _on_source: Place<DataSourceId>,
}

impl Admission {
    pub(crate) fn new(settings: AdmissionSettings) -> Self {
        Self {
            settings: ArcSwap::from_pointee(settings),
            callers: Gates::default(),
            sources: Gates::default(),
        }
    }

    /// Takes other settings. A gate with somebody in it or before it keeps its own until it is empty.
    pub(crate) fn change(&self, settings: AdmissionSettings) {
        self.settings.store(Arc::new(settings));
    }

    /// How many wait now, at either gate.
    pub(crate) fn waiting(&self) -> usize {
        self.callers.waiting() + self.sources.waiting()
    }

    /// Waits for a place.
    ///
    /// # Errors
    ///
    /// [`ServiceError::TooManyQueries`] if too many wait already, or no place comes free in time.
    pub(crate) async fn enter(&self, subject: &str, source: DataSourceId) -> Result<Admitted, ServiceError> {
        let settings = **self.settings.load();
        let both = async {
            Ok(Admitted {
                _of_caller: self
                    .callers
                    .enter(subject.to_owned(), settings.per_caller, settings.queue, OF_CALLER)
                    .await?,
                _on_source: self
                    .sources
                    .enter(source, settings.per_source, settings.queue, ON_SOURCE)
                    .await?,
            })
        };
        tokio::time::timeout(settings.queue_timeout, both)
            .await
            .unwrap_or(Err(ServiceError::TooManyQueries(NO_TURN)))
    }
}

const OF_CALLER: &str = "Too many of your queries are under way and waiting";
const ON_SOURCE: &str = "Too many queries are under way and waiting on this data source";
const NO_TURN: &str = "Too many queries are under way; this one waited too long for its turn";

/// The gates that somebody is in or waits before. Others are forgotten, so what is kept is bounded by what is under way.
struct Gates<K: Hash + Eq>(Arc<Mutex<HashMap<K, Gate>>>);

struct Gate {
    places: Arc<Semaphore>,
    limit: usize,
    /// Those who are in and those who wait.
    present: usize,
}

impl<K: Hash + Eq> Default for Gates<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Hash + Eq + Clone> Gates<K> {
    fn waiting(&self) -> usize {
        let gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |gate: &Gate| {
            let inside = gate.limit.saturating_sub(gate.places.available_permits());
            gate.present.saturating_sub(inside)
        };
        gates.values().map(waiting).sum()
    }

    async fn enter(
        &self,
        key: K,
        limit: usize,
        queue: usize,
        full: &'static str,
    ) -> Result<Place<K>, ServiceError> {
        let (mut place, places) = self.join(key, limit, queue, full)?;
        // Only dropping the semaphore closes it, and the gate is kept while somebody is present.
        place.permit = places.acquire_owned().await.ok();
        Ok(place)
    }

    fn join(
        &self,
        key: K,
        limit: usize,
        queue: usize,
        full: &'static str,
    ) -> Result<(Place<K>, Arc<Semaphore>), ServiceError> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates.entry(key.clone()).or_insert_with(|| Gate {
            places: Arc::new(Semaphore::new(limit)),
            limit,
            present: 0,
        });
        if gate.present >= gate.limit.saturating_add(queue) {
            return Err(ServiceError::TooManyQueries(full));
        }
        gate.present += 1;
        let place = Place {
            gates: Self(Arc::clone(&self.0)),
            key,
            permit: None,
        };
        Ok((place, Arc::clone(&gate.places)))
    }
}

/// Somebody's presence at a gate, in it once there is a permit.
struct Place<K: Hash + Eq + Clone> {
    gates: Gates<K>,
    key: K,
    permit: Option<OwnedSemaphorePermit>,
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut gates = self.gates.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = gates.entry(self.key.clone()) {
            entry.get_mut().present -= 1;
            if entry.get().present == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::{Classify, ErrorKind};

    fn admission(per_caller: usize, per_source: usize, queue: usize) -> Admission {
        Admission::new(AdmissionSettings {
            per_caller,
            per_source,
            queue,
            queue_timeout: Duration::from_secs(60),
        })
    }

    #[tokio::test]
    async fn whoever_is_beyond_the_limit_waits_for_a_place() {
        let (admission, source) = (admission(1, 10, 1), DataSourceId::new());
        let first = admission.enter("ann", source).await.unwrap();
        let _other = admission.enter("bob", source).await.unwrap();
        let mut second = Box::pin(admission.enter("ann", source));
        assert!(poll_once(&mut second).await.is_none());
        let third = admission.enter("ann", source).await;
        assert!(third.is_err_and(|error| error.kind() == ErrorKind::Overloaded));
        drop(first);
        assert!(second.await.is_ok());
    }

    #[tokio::test]
    async fn a_full_source_takes_nothing_from_others_and_nothing_is_kept() {
        let (admission, full, free) = (admission(10, 1, 0), DataSourceId::new(), DataSourceId::new());
        let held = admission.enter("ann", full).await.unwrap();
        assert!(admission.enter("bob", full).await.is_err());
        let other = admission.enter("bob", free).await.unwrap();
        drop((held, other));
        assert!(admission.callers.0.lock().unwrap().is_empty());
        assert!(admission.sources.0.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let (admission, source) = (admission(1, 1, 5), DataSourceId::new());
        let _held = admission.enter("ann", source).await.unwrap();
        assert!(admission.enter("ann", source).await.is_err());
        assert_eq!(admission.callers.0.lock().unwrap()["ann"].present, 1);
    }

    async fn poll_once<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
                std::task::Poll::Ready(value) => Some(value),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
