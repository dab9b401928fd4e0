//! API keys and roles in MySQL and MariaDB.

use async_trait::async_trait;
use gateway_core::{ApiKey, Role, RoleDraft, UnixMicros};
use mysql_async::Row;
use mysql_async::prelude::Queryable;

use super::error::{failed, failed_writing};
use super::session::Lease;
use super::{MySqlStore, read_revision, take};
use crate::access_record::{self, KeyRow, RoleRow, check_role, definition};
use crate::{AccessSnapshot, AccessStore, StoreError};

#[async_trait]
impl AccessStore for MySqlStore {
    async fn load_access(&self) -> Result<AccessSnapshot, StoreError> {
        let (revision, keys, roles) = self
            .limited(async {
                let mut lease = Lease::take(&self.pool).await?;
                lease
                    .begin("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
                    .await?;
                let read = read_access(&mut lease).await;
                lease.finish(read).await
            })
            .await?;
        AccessSnapshot::read(revision, keys, roles)
    }

    async fn create_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let row = KeyRow::of(key);
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let values = (
                &row.prefix,
                &row.hash,
                &row.name,
                &row.scopes,
                &row.sources,
                &row.created_by,
                row.created_at,
                row.expires_at,
            );
            let inserted = lease
                .connection()?
                .exec_drop(access_record::INSERT_KEY, values)
                .await
                .map_err(|error| failed_writing(error, &row.prefix));
            lease.finish(inserted).await
        })
        .await
    }

    async fn delete_api_key(&self, prefix: &str) -> Result<(), StoreError> {
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let removed = remove_key(&mut lease, prefix).await;
            lease.finish(removed).await
        })
        .await
    }

    async fn touch_api_keys(&self, uses: Vec<(String, UnixMicros)>) -> Result<(), StoreError> {
        self.limited(async {
            let mut lease = Lease::take(&self.pool).await?;
            let values = uses.iter().map(|(prefix, at)| (at.0, prefix, at.0));
            lease
                .connection()?
                .exec_batch(access_record::TOUCH_KEY, values)
                .await
                .map_err(failed)?;
            lease.give_back();
            Ok(())
        })
        .await
    }

    async fn create_role(&self, draft: &RoleDraft) -> Result<Role, StoreError> {
        let (text, now) = (definition(draft)?, UnixMicros::now());
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let inserted = lease
                .connection()?
                .exec_drop(access_record::INSERT_ROLE, (&draft.name, &text, now.0, now.0))
                .await
                .map_err(|error| failed_writing(error, &draft.name));
            lease.finish(inserted).await
        })
        .await?;
        Ok(Role {
            draft: draft.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    async fn update_role(&self, draft: &RoleDraft, expected: Option<u64>) -> Result<Role, StoreError> {
        let (text, now) = (definition(draft)?, UnixMicros::now());
        let (version, created_at) = self
            .limited(async {
                let mut lease = self.begin_change().await?;
                let replaced = replace_role(&mut lease, &draft.name, &text, now, expected).await;
                lease.finish(replaced).await
            })
            .await?;
        Ok(Role {
            draft: draft.clone(),
            version: version + 1,
            created_at,
            updated_at: now,
        })
    }

    async fn delete_role(&self, name: &str, expected: Option<u64>) -> Result<(), StoreError> {
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let removed = remove_role(&mut lease, name, expected).await;
            lease.finish(removed).await
        })
        .await
    }
}

async fn read_access(lease: &mut Lease) -> Result<(u64, Vec<KeyRow>, Vec<RoleRow>), StoreError> {
    let revision = read_revision(lease).await?;
    let connection = lease.connection()?;
    let keys: Vec<Row> = connection.exec(access_record::KEYS, ()).await.map_err(failed)?;
    let roles: Vec<Row> = connection.exec(access_record::ROLES, ()).await.map_err(failed)?;
    Ok((
        revision,
        keys.into_iter().map(read_key).collect::<Result<_, _>>()?,
        roles.into_iter().map(read_role).collect::<Result<_, _>>()?,
    ))
}

async fn remove_key(lease: &mut Lease, prefix: &str) -> Result<(), StoreError> {
    let connection = lease.connection()?;
    connection
        .exec_drop(access_record::DELETE_KEY, (prefix,))
        .await
        .map_err(failed)?;
    if connection.affected_rows() == 0 {
        return Err(StoreError::NoApiKey {
            prefix: prefix.to_owned(),
        });
    }
    Ok(())
}

async fn replace_role(
    lease: &mut Lease,
    name: &str,
    definition: &str,
    now: UnixMicros,
    expected: Option<u64>,
) -> Result<(u64, UnixMicros), StoreError> {
    let found = check_role(find_role(lease, name).await?, name, expected)?;
    lease
        .connection()?
        .exec_drop(access_record::UPDATE_ROLE, (definition, now.0, name))
        .await
        .map_err(failed)?;
    Ok(found)
}

async fn remove_role(lease: &mut Lease, name: &str, expected: Option<u64>) -> Result<(), StoreError> {
    check_role(find_role(lease, name).await?, name, expected)?;
    lease
        .connection()?
        .exec_drop(access_record::DELETE_ROLE, (name,))
        .await
        .map_err(failed)
}

async fn find_role(lease: &mut Lease, name: &str) -> Result<Option<(u64, i64)>, StoreError> {
    let row: Option<Row> = lease
        .connection()?
        .exec_first(access_record::ROLE_VERSION, (name,))
        .await
        .map_err(failed)?;
    row.map(|mut row| Ok((take(&mut row, 0)?, take(&mut row, 1)?)))
        .transpose()
}

fn read_key(mut row: Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        prefix: take(&mut row, 0)?,
        hash: take(&mut row, 1)?,
        name: take(&mut row, 2)?,
        scopes: take(&mut row, 3)?,
        sources: take(&mut row, 4)?,
        created_by: take(&mut row, 5)?,
        created_at: take(&mut row, 6)?,
        expires_at: take(&mut row, 7)?,
        last_used_at: take(&mut row, 8)?,
    })
}

fn read_role(mut row: Row) -> Result<RoleRow, StoreError> {
    Ok(RoleRow {
        name: take(&mut row, 0)?,
        definition: take(&mut row, 1)?,
        version: take(&mut row, 2)?,
        created_at: take(&mut row, 3)?,
        updated_at: take(&mut row, 4)?,
    })
}
