//! Reading the audit log.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use gateway_core::{AuditAction, AuditDecision, ErrorKind, IdentifiedBy};
use gateway_service::{AuditFilter, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::AppState;
use crate::dto::answers::{Answer, Failure};
use crate::dto::audit::{AuditList, parse_moment};
use crate::error::ApiError;
use crate::guard::{Guarded, ReadAudit};

/// Which records to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AuditParameters {
    /// Only this caller's.
    subject: Option<String>,
    /// `token`, `api_key`, `certificate` or `nothing`.
    identified_by: Option<String>,
    /// Only those about this data source.
    data_source_id: Option<String>,
    /// Only those about this: the prefix of a key, the name of a role, a path, a query, a host.
    target: Option<String>,
    /// `query`, `explain`, `schema`, `source.create`, `source.change`, `source.delete`, `source.test`, `query.cancel`,
    /// `apikey.create`, `apikey.delete`, `role.create`, `role.change`, `role.delete`, `keys.rotate`, `settings.reload`,
    /// `login`, `access` or `audit.lost`.
    action: Option<String>,
    /// `allowed`, `refused`, `failed` or `cancelled`.
    decision: Option<String>,
    /// Only this error code.
    code: Option<String>,
    /// Only this rule of the validator, or this reason of a refused login.
    rule: Option<String>,
    /// Only this request's.
    correlation_id: Option<String>,
    /// From this moment on, for example `2026-01-31T12:00:00Z`.
    from: Option<String>,
    /// Before this moment.
    to: Option<String>,
    /// Most items to give, 1 to 1000. Default 100.
    limit: Option<u32>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

/// The audit log, newest first.
#[utoipa::path(tag = "audit", params(AuditParameters),
    responses(
        (status = 200, description = "A page of records", body = Answer<AuditList>),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[get("/api/v1/audit")]
pub(crate) async fn list(
    guard: Guarded<ReadAudit>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query: AuditParameters = super::query_string(&request)?;
    let limit = super::page_limit(query.limit)?;
    let page = Page {
        limit,
        cursor: query.cursor.clone(),
    };
    let read = state.auditor.read(&guard.caller, &filter(query)?, &page).await?;
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &AuditList::from(read.items, read.next_cursor),
    ))
}

fn filter(query: AuditParameters) -> Result<AuditFilter, ApiError> {
    let source = query
        .data_source_id
        .map(|id| super::parse_id("dataSourceId", &id))
        .transpose()?;
    let identified_by = named(
        "identifiedBy",
        query.identified_by.as_deref(),
        IdentifiedBy::parse,
    )?;
    let action = named("action", query.action.as_deref(), AuditAction::parse)?;
    let decision = named("decision", query.decision.as_deref(), AuditDecision::parse)?;
    Ok(AuditFilter {
        subject: query.subject,
        identified_by,
        source,
        target: query.target,
        action,
        decision,
        code: query.code,
        rule: query.rule,
        correlation_id: query.correlation_id,
        from: query.from.map(|text| parse_moment("from", &text)).transpose()?,
        to: query.to.map(|text| parse_moment("to", &text)).transpose()?,
    })
}

fn named<T>(
    field: &str,
    given: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    let Some(name) = given else { return Ok(None) };
    match parse(name) {
        Some(known) => Ok(Some(known)),
        None => Err(ApiError::field(
            ErrorKind::Validation,
            field,
            format!("is not known: {name:?}"),
        )),
    }
}
