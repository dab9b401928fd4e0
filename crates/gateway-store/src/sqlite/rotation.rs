//! Keys of a store in SQLite.

use std::sync::Arc;

use async_trait::async_trait;

use super::SqliteStore;
use crate::{KeyStore, KeyUse, Keys, StoreError, rotation};

#[async_trait]
impl KeyStore for SqliteStore {
    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    async fn key_uses(&self) -> Result<Vec<KeyUse>, StoreError> {
        rotation::key_uses(self.audit.database(), &self.keys.ring()).await
    }

    async fn announce_keys(&self) -> Result<(), StoreError> {
        rotation::announce(self.audit.database()).await
    }

    async fn reseal(&self) -> Result<u64, StoreError> {
        rotation::reseal(self.audit.database(), &self.keys.ring()).await
    }

    async fn retire_keys(&self) -> Result<(), StoreError> {
        rotation::retire(self.audit.database(), &self.keys.ring()).await
    }
}
