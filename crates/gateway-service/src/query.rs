//! Running statements.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::trace::SpanKind;
use gateway_core::{
    ApprovedSql, AtDeadline, AuditAction, CallerLimits, DataSourceId, Engine, Parameters, Principal, QueryId,
    QueryLimits, QueryRequest, UnixMicros, ValueStyle,
};
use gateway_drivers::{DriverError, QueryCanceller, QueryStream};
use gateway_sql::{Policy, Rejection, Validator};

use crate::admission::{Admission, Admitted};
use crate::audit::OpenRecord;
use crate::bounds::{SharedQuerySettings, bounds_of};
use crate::meters::{QueryMeter, SlowQueries};
use crate::running::{Listed, RunningQueries, RunningQueryInfo};
use crate::verdict::{Purpose, approve, row_cap};
use crate::{AdmissionSettings, AnswerStream, Auditor, Caller, LiveSource, ServiceError, SourceService};

/// The one answer for a source that is missing, inactive or hidden.
pub(crate) const UNKNOWN: ServiceError = ServiceError::UnknownSource;

/// What a caller wants to run.
#[derive(Debug, Clone)]
pub struct QueryCommand {
    /// Where.
    pub source: DataSourceId,
    /// What.
    pub sql: String,
    /// With which values.
    pub parameters: Parameters,
    /// Rows to give.
    pub limit: Option<u64>,
    /// Whether the answer flows, so that it may have any number of rows.
    pub flows: bool,
    /// Rows to skip first.
    pub offset: u64,
    /// Longest time it may run.
    pub timeout: Option<Duration>,
    /// How values inside arrays and composites look.
    pub style: ValueStyle,
}

/// A statement that has started.
pub struct RunningQuery {
    /// Its identifier.
    pub id: QueryId,
    /// Where it runs.
    pub source: DataSourceId,
    /// On what.
    pub engine: Engine,
    /// Its frames.
    pub stream: AnswerStream,
}

/// A statement that may be given to a session of its source.
struct Prepared {
    live: Arc<LiveSource>,
    request: QueryRequest,
}

/// Runs and checks statements.
pub struct QueryService {
    sources: Arc<SourceService>,
    auditor: Auditor,
    running: RunningQueries,
    admission: Admission,
    settings: SharedQuerySettings,
    slow: Arc<SlowQueries>,
}

impl QueryService {
    /// A service over the sources of `sources` that puts every query on record, and those that are slow into the log by way
    /// of `slow`.
    #[must_use]
    pub fn new(
        sources: Arc<SourceService>,
        auditor: Auditor,
        settings: SharedQuerySettings,
        admission: AdmissionSettings,
        slow: Arc<SlowQueries>,
    ) -> Self {
        Self {
            slow,
            sources,
            auditor,
            running: RunningQueries::default(),
            admission: Admission::new(admission),
            settings,
        }
    }

    /// Starts a statement.
    ///
    /// # Errors
    ///
    /// Anything that can be wrong with the request or the source. Failures of the statement itself come through the stream.
    pub async fn run(&self, caller: &Caller, command: QueryCommand) -> Result<RunningQuery, ServiceError> {
        self.recorded(caller, command, Purpose::Rows, QueryId::new())
            .await
    }

    /// Starts a statement whose rows are taken in pages, over as long as `lifetime`, under an identifier of the caller's.
    pub(crate) async fn hold(
        &self,
        caller: &Caller,
        command: QueryCommand,
        id: QueryId,
        lifetime: Duration,
    ) -> Result<RunningQuery, ServiceError> {
        self.recorded(caller, command, Purpose::Pages { lifetime }, id)
            .await
    }

    /// Starts the engine's EXPLAIN of a query, which is never executed; the frames hold the plan in the engine's own form.
    ///
    /// # Errors
    ///
    /// As for [`QueryService::run`]; a statement that is not a query, or an engine that cannot explain without writing.
    pub async fn explain(
        &self,
        caller: &Caller,
        command: QueryCommand,
    ) -> Result<RunningQuery, ServiceError> {
        self.recorded(caller, command, Purpose::Plan, QueryId::new())
            .await
    }

    async fn recorded(
        &self,
        caller: &Caller,
        command: QueryCommand,
        purpose: Purpose,
        id: QueryId,
    ) -> Result<RunningQuery, ServiceError> {
        let action = match purpose {
            Purpose::Rows | Purpose::Pages { .. } => AuditAction::Query,
            Purpose::Plan => AuditAction::Explain,
        };
        let mut record = self.auditor.open(caller, action)?;
        record.about(command.source);
        record.statement(&command.sql, &command.parameters);
        if let Some(meters) = self.sources.meters(command.source) {
            record.metered(QueryMeter::start(
                meters,
                Arc::clone(&self.slow),
                caller.trace.id(),
            ));
        }
        let trace = &caller.trace;
        trace.learn("nexus.source.id", || command.source.to_string().into());
        trace.learn("nexus.query.id", || id.to_string().into());
        match self.start(caller, &command, purpose, id, &mut record).await {
            Ok((engine, frames, admitted)) => {
                let listed = self.list_running(caller, &command, id, engine, frames.canceller());
                let stream = AnswerStream::new(frames, record, listed, admitted).traced(&caller.trace);
                Ok(RunningQuery {
                    id,
                    source: command.source,
                    engine,
                    stream,
                })
            }
            Err(error) => {
                record.failed(&error).await?;
                Err(error)
            }
        }
    }

    fn list_running(
        &self,
        caller: &Caller,
        command: &QueryCommand,
        id: QueryId,
        engine: Engine,
        canceller: QueryCanceller,
    ) -> Listed {
        let info = RunningQueryInfo {
            id,
            subject: caller.principal.subject.clone(),
            source: command.source,
            engine,
            started_at: UnixMicros::now(),
            statement: command.sql.as_str().into(),
            started: Instant::now(),
        };
        self.running.enter(info, canceller)
    }

    /// How many statements wait to be let in.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.admission.waiting()
    }

    /// Takes other bounds on what may be under way at once.
    pub fn change_admission(&self, settings: AdmissionSettings) {
        self.admission.change(settings);
    }

    /// The queries that run now: the caller's own, or everybody's on the sources an administrator may see.
    #[must_use]
    pub fn running(&self, caller: &Principal) -> Vec<RunningQueryInfo> {
        self.running.list(caller)
    }

    /// Stops a query on the server.
    ///
    /// # Errors
    ///
    /// [`ServiceError::NoSuchQuery`] if none with that id runs that the caller may see.
    pub async fn cancel(&self, caller: &Caller, id: QueryId) -> Result<(), ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::QueryCancel)?;
        record.target(id.to_string());
        let Some(source) = self.running.cancel(&caller.principal, id) else {
            return record.close(Err(ServiceError::NoSuchQuery)).await;
        };
        record.about(source);
        record.close(Ok(())).await
    }

    async fn start(
        &self,
        caller: &Caller,
        command: &QueryCommand,
        purpose: Purpose,
        id: QueryId,
        record: &mut OpenRecord,
    ) -> Result<(Engine, QueryStream, Admitted), ServiceError> {
        let prepared = self.prepare(caller, command, purpose, id)?;
        let asked = Instant::now();
        let admitting = caller.trace.stage("admit", SpanKind::Internal);
        let admitted = self
            .admission
            .enter(&caller.principal.subject, command.source)
            .await;
        admitting.concluded(&admitted);
        if let Some(meter) = record.meter() {
            meter.admitted(asked);
        }
        let (admitted, asked) = (admitted?, Instant::now());
        let begun = self.begin(caller, command, purpose, prepared).await;
        if let Some(meter) = record.meter() {
            meter.acquired(asked);
        }
        let (engine, frames) = begun?;
        Ok((engine, frames, admitted))
    }

    /// The request that `command` is by what the source is now.
    fn prepare(
        &self,
        caller: &Caller,
        command: &QueryCommand,
        purpose: Purpose,
        id: QueryId,
    ) -> Result<Prepared, ServiceError> {
        let live = self.sources.usable(&caller.principal, command.source)?;
        let approving = caller.trace.stage("approve", SpanKind::Internal);
        let approved = approve(&live, &command.sql, purpose);
        approving.concluded(&approved);
        let approved = approved?;
        let bounds = bounds_of(&caller.principal, command);
        let limits = self.limits(&live, command, purpose, bounds)?;
        let cap = row_cap(&approved, &limits);
        let request = QueryRequest {
            id,
            sql: approved.bind(&command.parameters, cap)?,
            limits,
            style: command.style,
            trace: caller.trace.clone(),
        };
        self.sources.pool(&live)?;
        Ok(Prepared { live, request })
    }

    /// Gives the statement to a session. Whoever waits for one when the source is changed, so that its pool is closed, goes on
    /// to wait for one of the new pool, within the same deadline: nothing of the statement was sent yet. What the source
    /// permits may have changed with it, so the statement is judged anew.
    async fn begin(
        &self,
        caller: &Caller,
        command: &QueryCommand,
        purpose: Purpose,
        Prepared {
            mut live,
            mut request,
        }: Prepared,
    ) -> Result<(Engine, QueryStream), ServiceError> {
        let QueryLimits { deadline, .. } = request.limits;
        let id = request.id;
        loop {
            match self.sources.pool(&live)?.query(request).await {
                Err(DriverError::Closed) => {}
                outcome => return Ok((live.source().engine, outcome?)),
            }
            let next = self.prepare(caller, command, purpose, id)?;
            if Arc::ptr_eq(&live, &next.live) {
                return Err(DriverError::Closed.into());
            }
            (live, request) = (next.live, next.request);
            request.limits.deadline = deadline;
        }
    }

    /// Checks a statement for a source, without touching its database.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownSource`]; the verdict itself is in the inner result.
    pub fn check(
        &self,
        caller: &Principal,
        source: DataSourceId,
        sql: &str,
    ) -> Result<Result<ApprovedSql, Rejection>, ServiceError> {
        Ok(self.sources.usable(caller, source)?.validator().approve(sql))
    }

    /// Checks a statement for an engine.
    ///
    /// # Errors
    ///
    /// The rejection.
    pub fn check_for(engine: Engine, sql: &str) -> Result<ApprovedSql, Rejection> {
        Validator::new(engine, Policy::default()).approve(sql)
    }

    /// Rows a page of `command` has.
    pub(crate) fn page_rows(&self, caller: &Principal, command: &QueryCommand) -> Result<u64, ServiceError> {
        let buffered = QueryCommand {
            flows: false,
            ..command.clone()
        };
        let settings = self.settings.load();
        let rows = settings.max_rows(&buffered, bounds_of(caller, command))?;
        Ok(rows.unwrap_or(settings.default_rows))
    }

    /// Whether `caller` may still use a source.
    pub(crate) fn may_use(&self, caller: &Principal, source: DataSourceId) -> Result<(), ServiceError> {
        self.sources.usable(caller, source).map(drop)
    }

    /// Most sessions a source may have.
    pub(crate) fn sessions_of(&self, source: DataSourceId) -> usize {
        self.sources.sessions_of(source)
    }

    /// Longest time that `command` may take.
    pub(crate) fn timeout(
        &self,
        caller: &Principal,
        command: &QueryCommand,
    ) -> Result<Duration, ServiceError> {
        let live = self.sources.usable(caller, command.source)?;
        let settings = self.settings.load();
        settings.timeout(&live, command, bounds_of(caller, command))
    }

    fn limits(
        &self,
        live: &LiveSource,
        command: &QueryCommand,
        purpose: Purpose,
        bounds: CallerLimits,
    ) -> Result<QueryLimits, ServiceError> {
        let settings = self.settings.load();
        let max_rows = settings.max_rows(command, bounds)?;
        let timeout = settings.timeout(live, command, bounds)?;
        let (max_rows, time, at_deadline) = match purpose {
            // The limit is the size of a page, and a page has its own timeout.
            Purpose::Pages { lifetime } => (bounds.max_rows, lifetime, AtDeadline::Fail),
            Purpose::Rows | Purpose::Plan if command.flows => (max_rows, timeout, AtDeadline::Truncate),
            Purpose::Rows | Purpose::Plan => (max_rows, timeout, AtDeadline::Fail),
        };
        Ok(QueryLimits {
            max_rows,
            offset: command.offset,
            max_bytes: settings.max_bytes,
            max_cell_bytes: settings.max_cell_bytes,
            deadline: Instant::now() + time,
            at_deadline,
        })
    }
}
