//! Data sources in MySQL and MariaDB.

use async_trait::async_trait;
use gateway_core::{DataSource, DataSourceId, Secret, SourceDraft};
use mysql_async::Value;
use mysql_async::prelude::Queryable;

use super::error::{failed, failed_writing};
use super::session::Lease;
use super::{MySqlStore, read_row, take};
use crate::list_query::ListQuery;
use crate::record::{Old, Row, Written, open_password};
use crate::{DataSourceStore, Page, SourceFilter, SourcePage, StoreError, statements};

#[async_trait]
impl DataSourceStore for MySqlStore {
    async fn create(&self, draft: &SourceDraft) -> Result<DataSource, StoreError> {
        let id = DataSourceId::new();
        match self.add(id, draft).await {
            Err(error) if self.mended(&error).await? => self.add(id, draft).await,
            outcome => outcome,
        }
    }

    async fn get(&self, id: DataSourceId) -> Result<Option<DataSource>, StoreError> {
        let values = vec![id.as_bytes().into()];
        let rows = self.select(&statements::get(), values).await?;
        let row = rows.into_iter().next();
        Ok(row.map(Row::into_source).transpose()?.map(|(source, _)| source))
    }

    async fn list(&self, filter: &SourceFilter, page: &Page) -> Result<SourcePage, StoreError> {
        let query = ListQuery::new(filter, page)?;
        let values = query.values.iter().map(Value::from).collect();
        let rows = self.select(&query.sql, values).await?;
        query.page(rows)
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
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let removed = remove(&mut lease, id, expected).await;
            lease.finish(removed).await
        })
        .await
    }

    async fn password(&self, id: DataSourceId) -> Result<Option<Secret>, StoreError> {
        let sealed = self
            .limited(async {
                let mut lease = Lease::take(&self.pool).await?;
                let row: Option<mysql_async::Row> = lease
                    .connection()?
                    .exec_first(statements::PASSWORD, (id.as_bytes(),))
                    .await
                    .map_err(failed)?;
                lease.give_back();
                let mut row = row.ok_or(StoreError::NotFound { id })?;
                take::<Option<Vec<u8>>>(&mut row, 0)
            })
            .await?;
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

impl MySqlStore {
    async fn add(&self, id: DataSourceId, draft: &SourceDraft) -> Result<DataSource, StoreError> {
        let written = Written::new(id, draft, &self.keys.ring())?;
        self.limited(async {
            let mut lease = self.begin_change().await?;
            let inserted = insert(&mut lease, &written).await;
            lease.finish(inserted).await
        })
        .await?;
        Ok(written.into_source(None))
    }

    async fn change(
        &self,
        id: DataSourceId,
        draft: &SourceDraft,
        expected: Option<u64>,
    ) -> Result<DataSource, StoreError> {
        let written = Written::new(id, draft, &self.keys.ring())?;
        let old = self
            .limited(async {
                let mut lease = self.begin_change().await?;
                let replaced = replace(&mut lease, &written, expected).await;
                lease.finish(replaced).await
            })
            .await?;
        Ok(written.into_source(Some(&old)))
    }

    /// Begins a change: takes the lock that puts changes in order, and counts it.
    pub(super) async fn begin_change(&self) -> Result<Lease, StoreError> {
        let mut lease = Lease::take(&self.pool).await?;
        lease.begin("START TRANSACTION").await?;
        lease
            .connection()?
            .query_drop(statements::BUMP_REVISION)
            .await
            .map_err(failed)?;
        Ok(lease)
    }

    async fn select(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<mysql_async::Row> = self
            .limited(async {
                let mut lease = Lease::take(&self.pool).await?;
                let rows = lease
                    .connection()?
                    .exec(sql, positional(values))
                    .await
                    .map_err(failed)?;
                lease.give_back();
                Ok(rows)
            })
            .await?;
        rows.into_iter().map(read_row).collect()
    }
}

/// The library refuses an empty list of parameters in positional form.
fn positional(values: Vec<Value>) -> mysql_async::Params {
    if values.is_empty() {
        mysql_async::Params::Empty
    } else {
        mysql_async::Params::Positional(values)
    }
}

/// Refuses what a key sealed that was retired meanwhile.
async fn refuse_retired(lease: &mut Lease, written: &Written) -> Result<(), StoreError> {
    let Some(key_id) = written.key_id()? else {
        return Ok(());
    };
    let found: Option<u8> = lease
        .connection()?
        .exec_first(statements::RETIRED, (key_id,))
        .await
        .map_err(failed)?;
    match found {
        Some(_) => Err(StoreError::KeyRetired {
            key_id: key_id.to_owned(),
        }),
        None => Ok(()),
    }
}

async fn insert(lease: &mut Lease, written: &Written) -> Result<(), StoreError> {
    refuse_retired(lease, written).await?;
    let draft = &written.draft;
    let values: Vec<Value> = vec![
        written.id.as_bytes().into(),
        draft.name.as_str().into(),
        written.name_key.as_str().into(),
        draft.engine.as_str().into(),
        draft.description.as_str().into(),
        draft.status.as_str().into(),
        written.config.as_str().into(),
        written.password.as_deref().into(),
        written.now.0.into(),
        written.now.0.into(),
    ];
    lease
        .connection()?
        .exec_drop(statements::INSERT, values)
        .await
        .map_err(|error| failed_writing(error, &draft.name))
}

async fn replace(lease: &mut Lease, written: &Written, expected: Option<u64>) -> Result<Old, StoreError> {
    refuse_retired(lease, written).await?;
    let old = Old::check(find_old(lease, written.id).await?, written.id, expected)?;
    let draft = &written.draft;
    let values: Vec<Value> = vec![
        draft.name.as_str().into(),
        written.name_key.as_str().into(),
        draft.engine.as_str().into(),
        draft.description.as_str().into(),
        draft.status.as_str().into(),
        written.config.as_str().into(),
        written.password.as_deref().or(old.password.as_deref()).into(),
        written.now.0.into(),
        written.id.as_bytes().into(),
    ];
    lease
        .connection()?
        .exec_drop(statements::UPDATE, values)
        .await
        .map_err(|error| failed_writing(error, &draft.name))?;
    Ok(old)
}

async fn remove(lease: &mut Lease, id: DataSourceId, expected: Option<u64>) -> Result<(), StoreError> {
    Old::check(find_old(lease, id).await?, id, expected)?;
    lease
        .connection()?
        .exec_drop(statements::DELETE, (id.as_bytes(),))
        .await
        .map_err(failed)
}

async fn find_old(lease: &mut Lease, id: DataSourceId) -> Result<Option<Old>, StoreError> {
    let row: Option<mysql_async::Row> = lease
        .connection()?
        .exec_first(statements::OLD, (id.as_bytes(),))
        .await
        .map_err(failed)?;
    row.map(|mut row| {
        Ok(Old {
            version: take(&mut row, 0)?,
            created_at: take(&mut row, 1)?,
            password: take(&mut row, 2)?,
        })
    })
    .transpose()
}
