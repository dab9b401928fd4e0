//! Connecting to a data source, to see whether that works.

use gateway_core::{AuditAction, DataSourceId, Engine, Principal, Scope, Secret, SourceConfig, SourceDraft};
use gateway_drivers::{Activity, Probe, SourcePool};

use super::{SourceService, require_all};
use crate::{Caller, ServiceError};

impl SourceService {
    /// Connects to a stored source, outside its pool.
    ///
    /// # Errors
    ///
    /// If it is unknown, or the driver's error.
    pub async fn test(&self, caller: &Caller, id: DataSourceId) -> Result<Probe, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::SourceTest)?;
        record.about(id);
        let outcome = self.test_stored(&caller.principal, id).await;
        record.close(outcome).await
    }

    async fn test_stored(&self, caller: &Principal, id: DataSourceId) -> Result<Probe, ServiceError> {
        let source = self.find(caller, Scope::SourcesWrite, id).await?;
        let live = self.live.load().get(id).cloned();
        let live = live.filter(|live| live.source().version == source.version);
        let password = match &live {
            Some(live) => live.password().cloned(),
            None => self.store.password(id).await?,
        };
        let probe = self.probe(source.engine, source.config, password).await?;
        if let Some(Ok(pool)) = live.as_deref().map(|live| live.pool(&self.workshop)) {
            // Whoever has mended a database need not wait for the breaker's next attempt.
            pool.reached();
        }
        Ok(probe)
    }

    /// Connects to a source that is not stored.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Fields`] for a draft that breaks the rules, or the driver's error.
    pub async fn test_draft(&self, caller: &Caller, draft: SourceDraft) -> Result<Probe, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::SourceTest)?;
        if let Some(place) = place(&draft.config) {
            record.target(place);
        }
        let outcome = self.test_unstored(&caller.principal, draft).await;
        record.close(outcome).await
    }

    async fn test_unstored(&self, caller: &Principal, draft: SourceDraft) -> Result<Probe, ServiceError> {
        require_all(caller)?;
        self.check(&draft)?;
        self.probe(draft.engine, draft.config, draft.password).await
    }

    async fn probe(
        &self,
        engine: Engine,
        config: SourceConfig,
        password: Option<Secret>,
    ) -> Result<Probe, ServiceError> {
        let drivers = &self.workshop.drivers;
        let pool = SourcePool::sharing(
            &Activity::default(),
            drivers.rules(),
            drivers.get(engine)?,
            config,
            password,
        );
        let outcome = pool.probe().await;
        pool.close();
        Ok(outcome?)
    }
}

/// Where a source that is not stored would be.
fn place(config: &SourceConfig) -> Option<&str> {
    config.host.as_deref().or(config.path.as_deref())
}
