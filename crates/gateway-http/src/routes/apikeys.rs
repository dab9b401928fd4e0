//! Managing API keys.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};

use crate::AppState;
use crate::dto;
use crate::dto::access::{ApiKeyBody, ApiKeyList, ApiKeyRequest, NewApiKeyBody};
use crate::dto::answers::{Answer, Failure};
use crate::error::ApiError;
use crate::guard::{Guarded, ManageAccess};
use crate::routes::{PageParameters, slice};

/// List the API keys.
#[utoipa::path(tag = "access", params(PageParameters),
    responses((status = 200, description = "A page of keys, without their secrets", body = Answer<ApiKeyList>)),
    security(("bearer" = [])))]
#[get("/api/v1/apikeys")]
pub(crate) async fn list(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let parameters: PageParameters = super::query_string(&request)?;
    let keys = state.access.api_keys(&guard.caller)?;
    let (keys, next_cursor) = slice(keys, &parameters, |key| &key.prefix)?;
    let items = keys.into_iter().map(ApiKeyBody::from).collect();
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &ApiKeyList { items, next_cursor },
    ))
}

/// Make an API key. The answer is the only one that ever shows it.
#[utoipa::path(tag = "access", request_body = ApiKeyRequest,
    responses(
        (status = 201, description = "Made", body = Answer<NewApiKeyBody>),
        (status = 409, description = "CONFLICT: there are too many", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[post("/api/v1/apikeys")]
pub(crate) async fn create(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<ApiKeyRequest>(&body)?.into_draft()?;
    let made = state
        .access
        .create_api_key(&guard.on_record(&request), draft)
        .await?;
    Ok(super::success(
        &request,
        HttpResponse::Created(),
        &NewApiKeyBody::from(made),
    ))
}

/// Remove an API key. Other replicas refuse it within two seconds.
#[utoipa::path(tag = "access", params(("id" = String, Path, description = "The public part of the key")),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "NOT_FOUND", body = Failure),
    ),
    security(("bearer" = [])))]
#[delete("/api/v1/apikeys/{id}")]
pub(crate) async fn remove(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    state
        .access
        .delete_api_key(&guard.on_record(&request), &id)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
