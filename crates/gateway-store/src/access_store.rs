//! What a store can do for access: API keys and roles.

use async_trait::async_trait;
use gateway_core::{ApiKey, Role, RoleDraft, UnixMicros};

use crate::StoreError;
use crate::access_record::{KeyRow, RoleRow};

/// Every API key and role, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessSnapshot {
    /// The store's revision at that moment.
    pub revision: u64,
    /// The keys in the order of their prefixes.
    pub api_keys: Vec<ApiKey>,
    /// The roles in the order of their names.
    pub roles: Vec<Role>,
}

impl AccessSnapshot {
    pub(crate) fn read(revision: u64, keys: Vec<KeyRow>, roles: Vec<RoleRow>) -> Result<Self, StoreError> {
        Ok(Self {
            revision,
            api_keys: keys.into_iter().map(KeyRow::into_key).collect::<Result<_, _>>()?,
            roles: roles
                .into_iter()
                .map(RoleRow::into_role)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// API keys and roles. Drafts are stored as they are: whoever calls checks them first.
#[async_trait]
pub trait AccessStore: Send + Sync {
    /// All keys and roles.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if one cannot be read: access is never decided on a part of what is stored.
    async fn load_access(&self) -> Result<AccessSnapshot, StoreError>;

    /// Adds a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`] if there is one with that prefix.
    async fn create_api_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// Removes the key with that prefix.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoApiKey`] if there is none.
    async fn delete_api_key(&self, prefix: &str) -> Result<(), StoreError>;

    /// Notes when keys were last used. This is no change: the revision stays.
    async fn touch_api_keys(&self, uses: Vec<(String, UnixMicros)>) -> Result<(), StoreError>;

    /// Adds a role, with version 1.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`] if there is one of that name.
    async fn create_role(&self, draft: &RoleDraft) -> Result<Role, StoreError>;

    /// Replaces the role of the draft's name and adds one to its version.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRole`] if there is none, [`StoreError::RoleVersionMismatch`] if `expected` is given and is not its
    /// version.
    async fn update_role(&self, draft: &RoleDraft, expected: Option<u64>) -> Result<Role, StoreError>;

    /// Removes the role of that name.
    ///
    /// # Errors
    ///
    /// As for [`AccessStore::update_role`].
    async fn delete_role(&self, name: &str, expected: Option<u64>) -> Result<(), StoreError>;
}
