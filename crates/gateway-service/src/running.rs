//! The queries that run now, so that they can be seen and cancelled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use gateway_core::{DataSourceId, Engine, Principal, QueryId, Scope, UnixMicros};
use gateway_drivers::QueryCanceller;

/// Queries are spread over this many maps, so that workers seldom meet at the same lock.
const SHARDS: usize = 16;

/// A query that runs now.
#[derive(Debug, Clone)]
pub struct RunningQueryInfo {
    /// Its identifier.
    pub id: QueryId,
    /// Who asked for it.
    pub subject: String,
    /// Where it runs.
    pub source: DataSourceId,
    /// On what.
    pub engine: Engine,
    /// When it began.
    pub started_at: UnixMicros,
    /// The statement as it was sent.
    pub statement: Arc<str>,
    pub(crate) started: Instant,
}

impl RunningQueryInfo {
    /// For how long it has been running.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.started.elapsed()
    }
}

struct Entry {
    info: RunningQueryInfo,
    canceller: QueryCanceller,
}

/// The queries of one gateway. Cloning shares.
#[derive(Clone, Default)]
pub(crate) struct RunningQueries(Arc<[Mutex<HashMap<QueryId, Entry>>; SHARDS]>);

impl RunningQueries {
    /// Lists a query for as long as the returned value lives.
    pub(crate) fn enter(&self, info: RunningQueryInfo, canceller: QueryCanceller) -> Listed {
        let id = info.id;
        self.shard(id).insert(id, Entry { info, canceller });
        Listed {
            id,
            queries: self.clone(),
        }
    }

    /// The queries that `caller` may see, the oldest first.
    pub(crate) fn list(&self, caller: &Principal) -> Vec<RunningQueryInfo> {
        let mut found: Vec<RunningQueryInfo> = self
            .0
            .iter()
            .flat_map(|shard| {
                let entries = lock(shard);
                let seen = entries.values().filter(|entry| may_see(caller, &entry.info));
                seen.map(|entry| entry.info.clone()).collect::<Vec<_>>()
            })
            .collect();
        // Identifiers sort by time.
        found.sort_by_key(|info| info.id);
        found
    }

    /// Cancels a query, if there is one with that id that `caller` may see; where it runs.
    pub(crate) fn cancel(&self, caller: &Principal, id: QueryId) -> Option<DataSourceId> {
        let entries = self.shard(id);
        let entry = entries.get(&id).filter(|entry| may_see(caller, &entry.info))?;
        entry.canceller.cancel();
        Some(entry.info.source)
    }

    fn shard(&self, id: QueryId) -> MutexGuard<'_, HashMap<QueryId, Entry>> {
        // The last byte of a version 7 UUID is random.
        let index = usize::from(id.as_bytes()[15]) % SHARDS;
        lock(&self.0[index])
    }
}

fn lock(shard: &Mutex<HashMap<QueryId, Entry>>) -> MutexGuard<'_, HashMap<QueryId, Entry>> {
    // A map is never left half changed, so one that was locked during a panic is as good as any.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn may_see(caller: &Principal, info: &RunningQueryInfo) -> bool {
    info.subject == caller.subject || caller.may_on(Scope::Admin, info.source)
}

/// Keeps a query listed.
pub(crate) struct Listed {
    id: QueryId,
    queries: RunningQueries,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.queries.shard(self.id).remove(&self.id);
    }
}
