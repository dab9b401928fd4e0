//! API keys and roles in SQLite.

use async_trait::async_trait;
use gateway_core::{ApiKey, Role, RoleDraft, UnixMicros};
use rusqlite::{TransactionBehavior, params};

use super::error::{failed, failed_writing};
use super::{SqliteStore, begin_change, optional, revision};
use crate::access_record::{self, KeyRow, RoleRow, check_role, definition};
use crate::{AccessSnapshot, AccessStore, StoreError};

#[async_trait]
impl AccessStore for SqliteStore {
    async fn load_access(&self) -> Result<AccessSnapshot, StoreError> {
        let (revision, keys, roles) = self
            .worker
            .call(|connection| {
                let moment = connection
                    .transaction_with_behavior(TransactionBehavior::Deferred)
                    .map_err(failed)?;
                let mut statement = moment.prepare_cached(access_record::KEYS).map_err(failed)?;
                let keys: Vec<KeyRow> = statement
                    .query_map([], read_key)
                    .and_then(Iterator::collect)
                    .map_err(failed)?;
                let mut statement = moment.prepare_cached(access_record::ROLES).map_err(failed)?;
                let roles: Vec<RoleRow> = statement
                    .query_map([], read_role)
                    .and_then(Iterator::collect)
                    .map_err(failed)?;
                Ok((revision(&moment)?, keys, roles))
            })
            .await?;
        AccessSnapshot::read(revision, keys, roles)
    }

    async fn create_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let row = KeyRow::of(key);
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                change
                    .execute(
                        access_record::INSERT_KEY,
                        params![
                            row.prefix,
                            row.hash,
                            row.name,
                            row.scopes,
                            row.sources,
                            row.created_by,
                            row.created_at,
                            row.expires_at
                        ],
                    )
                    .map_err(|error| failed_writing(error, &row.prefix))?;
                change.commit().map_err(failed)
            })
            .await
    }

    async fn delete_api_key(&self, prefix: &str) -> Result<(), StoreError> {
        let prefix = prefix.to_owned();
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                let removed = change
                    .execute(access_record::DELETE_KEY, [&prefix])
                    .map_err(failed)?;
                if removed == 0 {
                    return Err(StoreError::NoApiKey { prefix });
                }
                change.commit().map_err(failed)
            })
            .await
    }

    async fn touch_api_keys(&self, uses: Vec<(String, UnixMicros)>) -> Result<(), StoreError> {
        self.worker
            .call(move |connection| {
                let change = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(failed)?;
                for (prefix, at) in &uses {
                    change
                        .execute(access_record::TOUCH_KEY, params![at.0, prefix, at.0])
                        .map_err(failed)?;
                }
                change.commit().map_err(failed)
            })
            .await
    }

    async fn create_role(&self, draft: &RoleDraft) -> Result<Role, StoreError> {
        let (draft, text, now) = (draft.clone(), definition(draft)?, UnixMicros::now());
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                change
                    .execute(
                        access_record::INSERT_ROLE,
                        params![draft.name, text, now.0, now.0],
                    )
                    .map_err(|error| failed_writing(error, &draft.name))?;
                change.commit().map_err(failed)?;
                Ok(Role {
                    draft,
                    version: 1,
                    created_at: now,
                    updated_at: now,
                })
            })
            .await
    }

    async fn update_role(&self, draft: &RoleDraft, expected: Option<u64>) -> Result<Role, StoreError> {
        let (draft, text, now) = (draft.clone(), definition(draft)?, UnixMicros::now());
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                let (version, created_at) =
                    check_role(find_role(&change, &draft.name)?, &draft.name, expected)?;
                change
                    .execute(access_record::UPDATE_ROLE, params![text, now.0, draft.name])
                    .map_err(failed)?;
                change.commit().map_err(failed)?;
                Ok(Role {
                    draft,
                    version: version + 1,
                    created_at,
                    updated_at: now,
                })
            })
            .await
    }

    async fn delete_role(&self, name: &str, expected: Option<u64>) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                check_role(find_role(&change, &name)?, &name, expected)?;
                change
                    .execute(access_record::DELETE_ROLE, [&name])
                    .map_err(failed)?;
                change.commit().map_err(failed)
            })
            .await
    }
}

fn find_role(connection: &rusqlite::Connection, name: &str) -> Result<Option<(u64, i64)>, StoreError> {
    optional(connection.query_row(access_record::ROLE_VERSION, [name], |row| {
        Ok((row.get(0)?, row.get(1)?))
    }))
}

fn read_key(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeyRow> {
    Ok(KeyRow {
        prefix: row.get(0)?,
        hash: row.get(1)?,
        name: row.get(2)?,
        scopes: row.get(3)?,
        sources: row.get(4)?,
        created_by: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        last_used_at: row.get(8)?,
    })
}

fn read_role(row: &rusqlite::Row<'_>) -> rusqlite::Result<RoleRow> {
    Ok(RoleRow {
        name: row.get(0)?,
        definition: row.get(1)?,
        version: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
    })
}
