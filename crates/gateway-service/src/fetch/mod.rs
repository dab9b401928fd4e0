//! Paged reading: one statement whose rows are taken a page at a time, whenever the caller comes for the next.
//!
//! The statement stays open on the server, in the READ ONLY transaction it began in, and waits until its rows are taken. So
//! rows neither repeat nor go missing while others write. A read that nobody continues is closed after a while.

mod address;
mod held;
mod page;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use gateway_core::{DataSourceId, Principal, QueryId};

pub use address::PageAddress;
pub use page::ReadPage;

use crate::{Caller, QueryCommand, QueryService, ServiceError};
use address::Slug;
use held::Held;
use page::{Reading, Size};

/// How often reads that nobody continues are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Bounds on paged reading.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// How long a read waits for the caller to come for the next page.
    pub idle_timeout: Duration,
    /// How long a read may take in all.
    pub max_lifetime: Duration,
    /// Open reads one caller may have.
    pub per_caller: usize,
    /// Open reads one source may have; never more than half its sessions, so that other queries go on.
    pub per_source: usize,
    /// Bytes of cell data after which a page ends, full or not.
    pub page_bytes: u64,
    /// What this replica is called in the addresses of pages, so that a load balancer can tell whose they are: letters and
    /// digits. `None` for a name made at the start.
    pub replica: Option<String>,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_mins(5),
            max_lifetime: Duration::from_hours(1),
            per_caller: 10,
            per_source: 5,
            page_bytes: 8 << 20,
            replica: None,
        }
    }
}

/// The open reads of one gateway.
pub struct FetchService {
    queries: Arc<QueryService>,
    settings: ArcSwap<FetchSettings>,
    replica: String,
    reads: Mutex<Reads>,
}

#[derive(Default)]
struct Reads {
    by_id: HashMap<QueryId, Arc<Held>>,
    closed: bool,
}

impl FetchService {
    /// A service that closes by itself the reads that nobody continues. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(queries: Arc<QueryService>, settings: FetchSettings) -> Arc<Self> {
        let replica = settings.replica.clone().unwrap_or_else(address::random_replica);
        let service = Arc::new(Self {
            queries,
            settings: ArcSwap::from_pointee(settings),
            replica,
            reads: Mutex::default(),
        });
        tokio::spawn(close_idle(Arc::downgrade(&service)));
        service
    }

    /// Starts a statement and reads its first page, of `command.limit` rows.
    ///
    /// # Errors
    ///
    /// As for [`QueryService::run`]; [`ServiceError::TooManyReads`].
    pub async fn begin(&self, caller: &Caller, command: QueryCommand) -> Result<Arc<ReadPage>, ServiceError> {
        let size = Size {
            rows: self.queries.page_rows(&caller.principal, &command)?,
            bytes: self.settings.load().page_bytes,
        };
        let id = QueryId::new();
        let held = Arc::new(Held::opening(
            Slug::new(&self.replica)?,
            caller.principal.subject.clone(),
            command.source,
        ));
        self.admit(id, &held)?;
        // Removes the read again if anything goes wrong, the caller's departure included.
        let mut admitted = Admitted {
            service: self,
            id,
            keep: false,
        };
        let lifetime = self.settings.load().max_lifetime;
        let timeout = self.queries.timeout(&caller.principal, &command)?;
        let query = self.queries.hold(caller, command, id, lifetime).await?;
        held.open(Reading::new(query, size), timeout);
        let page = held.page(1).await?;
        admitted.keep = !page.is_last;
        Ok(page)
    }

    /// A page of an open read: the one after the last, or the last once more.
    ///
    /// # Errors
    ///
    /// [`ServiceError::NoSuchPage`], also if the read is somebody else's; [`ServiceError::WrongReplica`]; the statement's own
    /// failure, which ends the read.
    pub async fn page(
        &self,
        caller: &Principal,
        address: &PageAddress,
    ) -> Result<Arc<ReadPage>, ServiceError> {
        let held = self.find(caller, address)?;
        if self.queries.may_use(caller, held.source).is_err() {
            self.remove(address.id);
            return Err(ServiceError::NoSuchPage);
        }
        let outcome = held.page(address.number).await;
        if outcome
            .as_ref()
            .is_err_and(|error| !matches!(error, ServiceError::NoSuchPage))
        {
            self.remove(address.id);
        }
        outcome
    }

    /// Closes a read, whatever page `address` names.
    ///
    /// # Errors
    ///
    /// As for [`FetchService::page`], if there is no such read.
    pub fn free(&self, caller: &Principal, address: &PageAddress) -> Result<(), ServiceError> {
        self.find(caller, address)?;
        self.remove(address.id);
        Ok(())
    }

    /// Takes other settings, but for the replica's name, which is in addresses already given. Reads that are open keep their
    /// lifetime.
    pub fn change(&self, settings: FetchSettings) {
        self.settings.store(Arc::new(settings));
    }

    /// How many reads are open.
    #[must_use]
    pub fn open_reads(&self) -> usize {
        self.lock().by_id.len()
    }

    /// Closes every read and takes no more.
    pub fn close(&self) {
        let mut reads = self.lock();
        reads.closed = true;
        for held in std::mem::take(&mut reads.by_id).into_values() {
            held.cancel();
        }
    }

    /// The address of the page after `page`; `None` at the end.
    #[must_use]
    pub fn next_address(&self, page: &ReadPage) -> Option<PageAddress> {
        if page.is_last {
            return None;
        }
        let slug = self.lock().by_id.get(&page.id)?.slug.to_string();
        Some(PageAddress {
            id: page.id,
            slug,
            number: page.number + 1,
        })
    }

    fn find(&self, caller: &Principal, address: &PageAddress) -> Result<Arc<Held>, ServiceError> {
        let theirs = Slug::replica_of(&address.slug).ok_or(ServiceError::NoSuchPage)?;
        if theirs != self.replica {
            return Err(ServiceError::WrongReplica);
        }
        let reads = self.lock();
        let held = reads.by_id.get(&address.id).ok_or(ServiceError::NoSuchPage)?;
        let is_theirs = held.owner == caller.subject && held.slug.is(&address.slug);
        is_theirs
            .then(|| Arc::clone(held))
            .ok_or(ServiceError::NoSuchPage)
    }

    fn admit(&self, id: QueryId, held: &Arc<Held>) -> Result<(), ServiceError> {
        let mut reads = self.lock();
        if reads.closed {
            return Err(ServiceError::TooManyReads("The gateway is shutting down"));
        }
        let open = |wanted: &dyn Fn(&Held) -> bool| {
            let open = reads.by_id.values().filter(|other| other.is_open());
            open.filter(|other| wanted(other)).count()
        };
        if open(&|other| other.owner == held.owner) >= self.settings.load().per_caller {
            return Err(ServiceError::TooManyReads("You have too many open paged reads"));
        }
        if open(&|other| other.source == held.source) >= self.most_for(held.source) {
            return Err(ServiceError::TooManyReads(
                "The data source has too many open paged reads",
            ));
        }
        reads.by_id.insert(id, Arc::clone(held));
        Ok(())
    }

    fn most_for(&self, source: DataSourceId) -> usize {
        let half = self.queries.sessions_of(source).div_ceil(2);
        self.settings.load().per_source.min(half).max(1)
    }

    fn remove(&self, id: QueryId) {
        if let Some(held) = self.lock().by_id.remove(&id) {
            held.cancel();
        }
    }

    fn close_idle(&self) {
        let idle_timeout = self.settings.load().idle_timeout;
        let idle: Vec<QueryId> = {
            let reads = self.lock();
            let idle = reads.by_id.iter();
            idle.filter(|(_, held)| held.is_idle_for(idle_timeout))
                .map(|(id, _)| *id)
                .collect()
        };
        for id in idle {
            self.remove(id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Reads> {
        // The map is never left half changed, so one that was locked during a panic is as good as any.
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read that is being opened.
struct Admitted<'a> {
    service: &'a FetchService,
    id: QueryId,
    keep: bool,
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if !self.keep {
            self.service.remove(self.id);
        }
    }
}

async fn close_idle(service: Weak<FetchService>) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        let Some(service) = service.upgrade() else { return };
        service.close_idle();
    }
}
