//! API keys and roles as they are in use.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gateway_core::{ApiKey, Grant, Principal, Role, SourceGrant, SourcePattern, UnixMicros};
use gateway_store::AccessSnapshot;

use crate::live::LiveSources;

/// A key with the caller that bears it.
pub(super) struct LiveKey {
    pub(super) key: ApiKey,
    pub(super) principal: Arc<Principal>,
    last_used: Arc<AtomicI64>,
}

impl LiveKey {
    /// Notes a use.
    pub(super) fn touch(&self, now: UnixMicros) {
        self.last_used.fetch_max(now.0, Ordering::Relaxed);
    }

    /// When it was last used, as far as this process knows; 0 for never.
    fn last_used(&self) -> i64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// The last use, if it is later than what is stored by at least `step` microseconds.
    pub(super) fn unsaved_use(&self, step: i64) -> Option<UnixMicros> {
        let used = self.last_used();
        let stored = self.key.last_used_at.map_or(0, |at| at.0);
        (used >= stored.saturating_add(step)).then_some(UnixMicros(used))
    }

    /// The key with its last use.
    pub(super) fn shown(&self) -> ApiKey {
        let mut key = self.key.clone();
        let used = self.last_used();
        if used > key.last_used_at.map_or(0, |at| at.0) {
            key.last_used_at = Some(UnixMicros(used));
        }
        key
    }
}

/// All keys and roles at one revision of the store, the roles applied to the sources of one revision.
#[derive(Default)]
pub(super) struct LiveAccess {
    pub(super) revision: u64,
    pub(super) sources_revision: u64,
    pub(super) keys: Arc<HashMap<String, LiveKey>>,
    pub(super) roles: Arc<[Role]>,
    /// What each role permits, in the order of the roles.
    grants: Vec<Grant>,
    holders: Arc<Holders>,
}

/// Who has which role.
#[derive(Default)]
struct Holders {
    subjects: HashMap<String, Vec<usize>>,
    groups: HashMap<String, Vec<usize>>,
}

impl LiveAccess {
    /// What a new snapshot makes of these; uses that are not stored yet are kept.
    pub(super) fn advance(&self, snapshot: AccessSnapshot, sources: &LiveSources) -> Self {
        let keys = snapshot.api_keys.into_iter().map(|key| {
            let known = self
                .keys
                .get(&key.prefix)
                .map(|known| Arc::clone(&known.last_used));
            let live = LiveKey {
                principal: Arc::new(key.principal()),
                last_used: known.unwrap_or_default(),
                key,
            };
            (live.key.prefix.clone(), live)
        });
        let mut holders = Holders::default();
        for (index, role) in snapshot.roles.iter().enumerate() {
            for subject in &role.draft.subjects {
                holders.subjects.entry(subject.clone()).or_default().push(index);
            }
            for group in &role.draft.groups {
                holders.groups.entry(group.clone()).or_default().push(index);
            }
        }
        Self {
            revision: snapshot.revision,
            keys: Arc::new(keys.collect()),
            roles: snapshot.roles.into(),
            holders: Arc::new(holders),
            ..Self::default()
        }
        .applied_to(sources)
    }

    /// The same keys and roles, applied to `sources`.
    pub(super) fn applied_to(&self, sources: &LiveSources) -> Self {
        Self {
            revision: self.revision,
            sources_revision: sources.revision,
            keys: Arc::clone(&self.keys),
            grants: self.roles.iter().map(|role| grant(role, sources)).collect(),
            roles: Arc::clone(&self.roles),
            holders: Arc::clone(&self.holders),
        }
    }

    /// What roles permit to `subject` in `groups`.
    pub(super) fn grants_of(&self, subject: &str, groups: &[String]) -> Vec<Grant> {
        let by_name = self.holders.subjects.get(subject).into_iter();
        let by_group = groups.iter().filter_map(|group| self.holders.groups.get(group));
        let mut held: Vec<usize> = by_name.chain(by_group).flatten().copied().collect();
        held.sort_unstable();
        held.dedup();
        held.into_iter()
            .filter_map(|index| self.grants.get(index).cloned())
            .collect()
    }
}

fn grant(role: &Role, sources: &LiveSources) -> Grant {
    let patterns = &role.draft.sources;
    let covered = if patterns.iter().any(SourcePattern::is_all) {
        SourceGrant::All
    } else {
        SourceGrant::Only(
            sources
                .iter()
                .map(|live| live.source())
                .filter(|source| {
                    patterns
                        .iter()
                        .any(|pattern| pattern.matches(source.id, &source.name))
                })
                .map(|source| source.id)
                .collect(),
        )
    };
    Grant {
        max_rows: role.draft.max_rows,
        max_timeout: role.draft.max_timeout,
        ..Grant::new(role.draft.scopes.clone(), covered)
    }
}
