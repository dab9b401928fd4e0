//! Data sources in SQLite.

use async_trait::async_trait;
use gateway_core::{DataSource, DataSourceId, Secret, SourceDraft};
use rusqlite::{Connection, params, params_from_iter};

use super::error::{failed, failed_writing};
use super::{SqliteStore, begin_change, optional, read_row};
use crate::list_query::ListQuery;
use crate::record::{Old, Row, Written, open_password};
use crate::{DataSourceStore, Page, SourceFilter, SourcePage, StoreError, statements};

#[async_trait]
impl DataSourceStore for SqliteStore {
    async fn create(&self, draft: &SourceDraft) -> Result<DataSource, StoreError> {
        let id = DataSourceId::new();
        match self.add(id, draft).await {
            Err(error) if self.mended(&error).await? => self.add(id, draft).await,
            outcome => outcome,
        }
    }

    async fn get(&self, id: DataSourceId) -> Result<Option<DataSource>, StoreError> {
        let row = self
            .worker
            .call(move |connection| {
                let mut statement = connection.prepare_cached(&statements::get()).map_err(failed)?;
                optional(statement.query_row([id.as_bytes()], read_row))
            })
            .await?;
        Ok(row.map(Row::into_source).transpose()?.map(|(source, _)| source))
    }

    async fn list(&self, filter: &SourceFilter, page: &Page) -> Result<SourcePage, StoreError> {
        let query = ListQuery::new(filter, page)?;
        self.worker
            .call(move |connection| {
                let mut statement = connection.prepare_cached(&query.sql).map_err(failed)?;
                let rows = statement
                    .query_map(params_from_iter(&query.values), read_row)
                    .map_err(failed)?;
                query.page(rows.collect::<Result<_, _>>().map_err(failed)?)
            })
            .await
    }

    async fn update(
        &self,
        id: DataSourceId,
        draft: &SourceDraft,
        expected: Option<u64>,
    ) -> Result<DataSource, StoreError> {
        match self.change(id, draft, expected).await {
            Err(error) if self.mended(&error).await? => self.change(id, draft, expected).await,
            outcome => outcome,
        }
    }

    async fn delete(&self, id: DataSourceId, expected: Option<u64>) -> Result<(), StoreError> {
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                Old::check(find_old(&change, id)?, id, expected)?;
                change
                    .execute(statements::DELETE, [id.as_bytes()])
                    .map_err(failed)?;
                change.commit().map_err(failed)
            })
            .await
    }

    async fn password(&self, id: DataSourceId) -> Result<Option<Secret>, StoreError> {
        let sealed: Option<Option<Vec<u8>>> = self
            .worker
            .call(move |connection| {
                optional(connection.query_row(statements::PASSWORD, [id.as_bytes()], |row| row.get(0)))
            })
            .await?;
        let sealed = sealed.ok_or(StoreError::NotFound { id })?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        match open_password(&self.keys.ring(), id, &sealed) {
            Err(error) if self.mended(&error).await? => open_password(&self.keys.ring(), id, &sealed),
            outcome => outcome,
        }
        .map(Some)
    }
}

impl SqliteStore {
    async fn add(&self, id: DataSourceId, draft: &SourceDraft) -> Result<DataSource, StoreError> {
        let written = Written::new(id, draft, &self.keys.ring())?;
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                refuse_retired(&change, &written)?;
                insert(&change, &written)?;
                change.commit().map_err(failed)?;
                Ok(written.into_source(None))
            })
            .await
    }

    async fn change(
        &self,
        id: DataSourceId,
        draft: &SourceDraft,
        expected: Option<u64>,
    ) -> Result<DataSource, StoreError> {
        let written = Written::new(id, draft, &self.keys.ring())?;
        self.worker
            .call(move |connection| {
                let change = begin_change(connection)?;
                refuse_retired(&change, &written)?;
                let old = Old::check(find_old(&change, id)?, id, expected)?;
                replace(&change, &written, &old)?;
                change.commit().map_err(failed)?;
                Ok(written.into_source(Some(&old)))
            })
            .await
    }
}

/// Refuses what a key sealed that was retired meanwhile.
fn refuse_retired(connection: &Connection, written: &Written) -> Result<(), StoreError> {
    let Some(key_id) = written.key_id()? else {
        return Ok(());
    };
    let found: Option<i64> = optional(connection.query_row(statements::RETIRED, [key_id], |row| row.get(0)))?;
    match found {
        Some(_) => Err(StoreError::KeyRetired {
            key_id: key_id.to_owned(),
        }),
        None => Ok(()),
    }
}

fn insert(connection: &Connection, written: &Written) -> Result<(), StoreError> {
    let draft = &written.draft;
    connection
        .execute(
            statements::INSERT,
            params![
                written.id.as_bytes(),
                draft.name,
                written.name_key,
                draft.engine.as_str(),
                draft.description,
                draft.status.as_str(),
                written.config,
                written.password,
                written.now.0,
                written.now.0,
            ],
        )
        .map_err(|error| failed_writing(error, &draft.name))?;
    Ok(())
}

fn replace(connection: &Connection, written: &Written, old: &Old) -> Result<(), StoreError> {
    let draft = &written.draft;
    connection
        .execute(
            statements::UPDATE,
            params![
                draft.name,
                written.name_key,
                draft.engine.as_str(),
                draft.description,
                draft.status.as_str(),
                written.config,
                written.password.as_ref().or(old.password.as_ref()),
                written.now.0,
                written.id.as_bytes(),
            ],
        )
        .map_err(|error| failed_writing(error, &draft.name))?;
    Ok(())
}

fn find_old(connection: &Connection, id: DataSourceId) -> Result<Option<Old>, StoreError> {
    optional(connection.query_row(statements::OLD, [id.as_bytes()], |row| {
        Ok(Old {
            version: row.get(0)?,
            created_at: row.get(1)?,
            password: row.get(2)?,
        })
    }))
}
