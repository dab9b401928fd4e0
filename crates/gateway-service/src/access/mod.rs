//! Who may do what: API keys and roles.

mod key;
mod live;

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use gateway_core::{
    ApiKey, ApiKeyDraft, AuditAction, FieldProblem, Grant, IdentifiedBy, Principal, Role, RoleDraft, Scope,
    UnixMicros,
};
use gateway_store::{Store, StoreError};
use tokio::sync::Mutex;

pub use key::{API_KEY_MARK, NewApiKey};

use crate::{Auditor, Caller, ServiceError, SourceService};
use key::Presented;
use live::LiveAccess;

/// Most API keys, and most roles: all of them are held in memory.
const MOST: usize = 10_000;

/// How exactly the last use of a key is stored, in microseconds.
const USE_STEP: i64 = 60_000_000;

/// Something that no key has as its hash, to compare with where there is no key.
const NO_HASH: [u8; 32] = [0; 32];

/// Why an API key is not accepted. Carries the public prefix, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyRefusal {
    /// It does not have the form of a key.
    Malformed,
    /// There is no such key.
    Unknown {
        /// The public part of what was presented.
        prefix: String,
    },
    /// Its time is over.
    Expired {
        /// The public part.
        prefix: String,
    },
}

/// The state of roles and sources that a caller's permissions were worked out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRevision {
    access: u64,
    sources: u64,
}

/// Finds callers by their keys, gives them what their roles permit, and manages both.
pub struct AccessService {
    store: Arc<dyn Store>,
    sources: Arc<SourceService>,
    auditor: Auditor,
    live: ArcSwap<LiveAccess>,
    refreshing: Mutex<()>,
}

impl AccessService {
    /// A service over `store` that puts every change on record. Nothing is loaded before the first
    /// [`AccessService::refresh`].
    #[must_use]
    pub fn new(store: Arc<dyn Store>, sources: Arc<SourceService>, auditor: Auditor) -> Self {
        Self {
            store,
            sources,
            auditor,
            live: ArcSwap::default(),
            refreshing: Mutex::new(()),
        }
    }

    /// Brings keys and roles to the store's present state.
    ///
    /// # Errors
    ///
    /// If the store cannot be read; what is in use stays as it was.
    pub async fn refresh(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let snapshot = self.store.load_access().await?;
        let next = self.live.load().advance(snapshot, &self.sources.live());
        self.live.store(Arc::new(next));
        Ok(())
    }

    /// Brings into use what the store has committed. Should that fail, the change is made all the same: whoever asked for it
    /// is told so, and [`watch_store`](crate::watch_store) makes up for it, and logs that the store does not answer.
    async fn take_up(&self) {
        drop(self.refresh().await);
    }

    /// Refreshes if another replica has changed something.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub async fn refresh_if_changed(&self) -> Result<(), ServiceError> {
        if self.store.revision().await? == self.live.load().revision {
            return Ok(());
        }
        self.refresh().await
    }

    /// Stores when keys were last used.
    ///
    /// # Errors
    ///
    /// If the store cannot be written; the uses are kept for the next time.
    pub async fn save_uses(&self) -> Result<(), ServiceError> {
        let live = self.live.load_full();
        let uses: Vec<(String, UnixMicros)> = live
            .keys
            .values()
            .filter_map(|live| Some((live.key.prefix.clone(), live.unsaved_use(USE_STEP)?)))
            .collect();
        if uses.is_empty() {
            return Ok(());
        }
        self.store.touch_api_keys(uses).await?;
        // What is stored now is known only after reading it again.
        self.refresh().await
    }

    /// The caller who bears the key `text`.
    ///
    /// # Errors
    ///
    /// Why it is not accepted. How long that takes says nothing about which keys there are.
    pub fn by_api_key(&self, text: &str) -> Result<Arc<Principal>, KeyRefusal> {
        let presented = Presented::parse(text).ok_or(KeyRefusal::Malformed)?;
        let live = self.live.load();
        let found = live.keys.get(presented.prefix);
        let prefix = || presented.prefix.to_owned();
        let is_right = presented.is(found.map_or(&NO_HASH, |found| &found.key.hash));
        let Some(found) = found.filter(|_| is_right) else {
            return Err(KeyRefusal::Unknown { prefix: prefix() });
        };
        let now = UnixMicros::now();
        if found.key.has_expired(now) {
            return Err(KeyRefusal::Expired { prefix: prefix() });
        }
        found.touch(now);
        Ok(Arc::clone(&found.principal))
    }

    /// What permissions are worked out from at present; whoever keeps a principal asks whether this has changed.
    #[must_use]
    pub fn revision(&self) -> AccessRevision {
        let live = self.current();
        AccessRevision {
            access: live.revision,
            sources: live.sources_revision,
        }
    }

    /// The caller `subject` with its `own` permission and those of the roles that it or one of its groups has.
    #[must_use]
    pub fn principal(
        &self,
        subject: &str,
        identified_by: IdentifiedBy,
        own: Option<Grant>,
        groups: &[String],
    ) -> Principal {
        let mut grants: Vec<Grant> = own.into_iter().collect();
        grants.extend(self.current().grants_of(subject, groups));
        Principal {
            subject: subject.to_owned(),
            identified_by,
            grants,
        }
    }

    /// Keys and roles, the roles applied to the sources as they are now.
    fn current(&self) -> Guard<Arc<LiveAccess>> {
        let live = self.live.load();
        let sources = self.sources.live();
        if live.sources_revision == sources.revision {
            return live;
        }
        let applied = Arc::new(live.applied_to(&sources));
        // Whoever was faster has newer keys or the same result.
        self.live.compare_and_swap(&live, applied);
        self.live.load()
    }

    /// All keys, by prefix.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Forbidden`] unless `caller` administers every source.
    pub fn api_keys(&self, caller: &Principal) -> Result<Vec<ApiKey>, ServiceError> {
        require_admin(caller)?;
        let mut keys: Vec<ApiKey> = self.live.load().keys.values().map(live::LiveKey::shown).collect();
        keys.sort_by(|one, other| one.prefix.cmp(&other.prefix));
        Ok(keys)
    }

    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Fields`] for a draft that breaks the rules; if there are too many keys, or the store fails.
    pub async fn create_api_key(
        &self,
        caller: &Caller,
        draft: ApiKeyDraft,
    ) -> Result<NewApiKey, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::ApiKeyCreate)?;
        let making = async {
            require_admin(&caller.principal)?;
            require_none(draft.problems())?;
            require_room(self.live.load().keys.len(), "API keys")?;
            let made = NewApiKey::make(draft, &caller.principal.subject)?;
            record.target(&made.key.prefix);
            self.store.create_api_key(&made.key).await?;
            self.take_up().await;
            Ok(made)
        };
        let made = making.await;
        record.close(made).await
    }

    /// Removes a key. It is refused from now on here, and within the time of a refresh by other replicas, and here if the
    /// store stops answering in between.
    ///
    /// # Errors
    ///
    /// If there is none, or the store fails.
    pub async fn delete_api_key(&self, caller: &Caller, prefix: &str) -> Result<(), ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::ApiKeyDelete)?;
        record.target(prefix);
        let removing = async {
            require_admin(&caller.principal)?;
            self.store.delete_api_key(prefix).await?;
            self.take_up().await;
            Ok(())
        };
        record.close(removing.await).await
    }

    /// All roles, by name.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Forbidden`] unless `caller` administers every source.
    pub fn roles(&self, caller: &Principal) -> Result<Arc<[Role]>, ServiceError> {
        require_admin(caller)?;
        Ok(Arc::clone(&self.live.load().roles))
    }

    /// The role `name`.
    ///
    /// # Errors
    ///
    /// As for [`AccessService::roles`]; if there is none.
    pub fn role(&self, caller: &Principal, name: &str) -> Result<Role, ServiceError> {
        let roles = self.roles(caller)?;
        let found = roles.iter().find(|role| role.draft.name == name).cloned();
        Ok(found.ok_or_else(|| StoreError::NoRole {
            name: name.to_owned(),
        })?)
    }

    /// Adds a role.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Fields`] for a draft that breaks the rules; if the name is taken or there are too many roles.
    pub async fn create_role(&self, caller: &Caller, draft: RoleDraft) -> Result<Role, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::RoleCreate)?;
        record.target(&draft.name);
        let making = async {
            require_admin(&caller.principal)?;
            require_none(draft.problems())?;
            require_room(self.live.load().roles.len(), "roles")?;
            let made = self.store.create_role(&draft).await?;
            self.take_up().await;
            Ok(made)
        };
        record.close(making.await).await
    }

    /// Replaces the role of the draft's name.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Fields`] for a draft that breaks the rules; if there is no such role or its version is another.
    pub async fn change_role(
        &self,
        caller: &Caller,
        draft: RoleDraft,
        expected: Option<u64>,
    ) -> Result<Role, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::RoleChange)?;
        record.target(&draft.name);
        let changing = async {
            require_admin(&caller.principal)?;
            require_none(draft.problems())?;
            let changed = self.store.update_role(&draft, expected).await?;
            self.take_up().await;
            Ok(changed)
        };
        record.close(changing.await).await
    }

    /// Removes a role.
    ///
    /// # Errors
    ///
    /// If there is no such role or its version is another.
    pub async fn delete_role(
        &self,
        caller: &Caller,
        name: &str,
        expected: Option<u64>,
    ) -> Result<(), ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::RoleDelete)?;
        record.target(name);
        let removing = async {
            require_admin(&caller.principal)?;
            self.store.delete_role(name, expected).await?;
            self.take_up().await;
            Ok(())
        };
        record.close(removing.await).await
    }
}

/// Who gives permissions could give themselves any, so only those who have them all may.
fn require_admin(caller: &Principal) -> Result<(), ServiceError> {
    if caller.may_on_all(Scope::Admin) {
        return Ok(());
    }
    Err(ServiceError::Forbidden(
        "Managing access needs the scope \"admin\" on all data sources",
    ))
}

fn require_none(problems: Vec<FieldProblem>) -> Result<(), ServiceError> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(ServiceError::Fields(problems))
}

fn require_room(present: usize, what: &'static str) -> Result<(), ServiceError> {
    if present < MOST {
        return Ok(());
    }
    Err(ServiceError::TooMany { what, most: MOST })
}
