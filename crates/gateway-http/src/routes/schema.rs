//! What a data source holds.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use gateway_core::ErrorKind;
use gateway_service::{SchemaDepth, SchemaQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::AppState;
use crate::dto::answers::{Answer, Failure};
use crate::dto::schema::{SchemaList, decode_cursor};
use crate::error::ApiError;
use crate::guard::{Guarded, RunQuery};

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SchemaParameters {
    /// Only this schema; `*` stands for any characters. Without it the engine's own schemas are left out.
    schema: Option<String>,
    /// Only this table or view; `*` stands for any characters.
    table: Option<String>,
    /// `schemas`, `tables` or `columns` (default: tables with their columns and keys).
    depth: Option<String>,
    /// Most items to give, 1 to 1000. Default 100.
    limit: Option<u32>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

/// The schemas, tables, views, columns and keys of a data source, with the rights of its account.
#[utoipa::path(tag = "datasources", params(("id" = String, Path, format = Uuid), SchemaParameters),
    responses(
        (status = 200, description = "A page of what there is", body = Answer<SchemaList>),
        (status = 400, description = "INVALID_REQUEST", body = Failure),
        (status = 401, description = "UNAUTHORIZED", body = Failure),
        (status = 403, description = "FORBIDDEN", body = Failure),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 422, description = "VALIDATION_ERROR or QUERY_ERROR", body = Failure),
        (status = 429, description = "RATE_LIMIT_EXCEEDED", body = Failure),
        (status = 503, description = "CONNECTION_ERROR or OVERLOADED", body = Failure),
        (status = 504, description = "TIMEOUT_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[get("/api/v1/datasources/{id}/schema")]
pub(crate) async fn read(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    state.require_open()?;
    let id = super::parse_id("id", &id)?;
    let query = parse(super::query_string(&request)?)?;
    let page = state.schemas.read(&guard.on_record(&request), id, &query).await?;
    let list = SchemaList::new(page, query.depth == SchemaDepth::Columns);
    Ok(super::success(&request, HttpResponse::Ok(), &list))
}

fn parse(parameters: SchemaParameters) -> Result<SchemaQuery, ApiError> {
    let depth = match parameters.depth.as_deref() {
        None | Some("columns" | "3") => SchemaDepth::Columns,
        Some("tables" | "2") => SchemaDepth::Tables,
        Some("schemas" | "1") => SchemaDepth::Schemas,
        Some(_) => {
            let message = "must be schemas, tables or columns";
            return Err(ApiError::field(ErrorKind::Validation, "depth", message));
        }
    };
    Ok(SchemaQuery {
        schema: parameters.schema,
        table: parameters.table,
        depth,
        limit: super::page_limit(parameters.limit)?,
        after: parameters.cursor.as_deref().map(decode_cursor).transpose()?,
    })
}
