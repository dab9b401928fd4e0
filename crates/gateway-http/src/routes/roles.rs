//! Managing roles.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, get, post, put};
use gateway_core::Role;

use crate::AppState;
use crate::dto;
use crate::dto::access::{RoleBody, RoleList, RoleRequest};
use crate::dto::answers::{Answer, Failure};
use crate::error::ApiError;
use crate::guard::{Guarded, ManageAccess};
use crate::routes::{PageParameters, if_match, slice};

/// List the roles.
#[utoipa::path(tag = "access", params(PageParameters),
    responses((status = 200, description = "A page of roles", body = Answer<RoleList>)),
    security(("bearer" = [])))]
#[get("/api/v1/roles")]
pub(crate) async fn list(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let parameters: PageParameters = super::query_string(&request)?;
    let roles = state.access.roles(&guard.caller)?.to_vec();
    let (roles, next_cursor) = slice(roles, &parameters, |role| &role.draft.name)?;
    let items = roles.into_iter().map(RoleBody::from).collect();
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &RoleList { items, next_cursor },
    ))
}

/// Add a role.
#[utoipa::path(tag = "access", request_body = RoleRequest,
    responses(
        (status = 201, description = "Added; `Location` and `ETag` are set", body = Answer<RoleBody>),
        (status = 409, description = "CONFLICT: the name is taken, or there are too many", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[post("/api/v1/roles")]
pub(crate) async fn create(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<RoleRequest>(&body)?.into_draft()?;
    let role = state
        .access
        .create_role(&guard.on_record(&request), draft)
        .await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/v1/roles/{}", role.draft.name)));
    Ok(with_role(&request, response, role))
}

/// One role.
#[utoipa::path(tag = "access", params(("name" = String, Path)),
    responses(
        (status = 200, description = "The role; `ETag` is set", body = Answer<RoleBody>),
        (status = 404, description = "NOT_FOUND", body = Failure),
    ),
    security(("bearer" = [])))]
#[get("/api/v1/roles/{name}")]
pub(crate) async fn get(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let role = state.access.role(&guard.caller, &name)?;
    Ok(with_role(&request, HttpResponse::Ok(), role))
}

/// Replace a role.
#[utoipa::path(tag = "access", request_body = RoleRequest,
    params(("name" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read")),
    responses(
        (status = 200, description = "The new state", body = Answer<RoleBody>),
        (status = 404, description = "NOT_FOUND", body = Failure),
        (status = 412, description = "PRECONDITION_FAILED: it was changed since", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[put("/api/v1/roles/{name}")]
pub(crate) async fn replace(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    name: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<RoleRequest>(&body)?.into_change(name.into_inner())?;
    let expected = if_match(request.headers())?;
    let role = state
        .access
        .change_role(&guard.on_record(&request), draft, expected)
        .await?;
    Ok(with_role(&request, HttpResponse::Ok(), role))
}

/// Remove a role. Whoever had it by name or group loses what only it gave.
#[utoipa::path(tag = "access",
    params(("name" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read")),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "NOT_FOUND", body = Failure),
        (status = 412, description = "PRECONDITION_FAILED: it was changed since", body = Failure),
    ),
    security(("bearer" = [])))]
#[delete("/api/v1/roles/{name}")]
pub(crate) async fn remove(
    guard: Guarded<ManageAccess>,
    state: Data<AppState>,
    request: HttpRequest,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let expected = if_match(request.headers())?;
    state
        .access
        .delete_role(&guard.on_record(&request), &name, expected)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn with_role(request: &HttpRequest, mut response: HttpResponseBuilder, role: Role) -> HttpResponse {
    response.insert_header((header::ETAG, format!("\"{}\"", role.version)));
    super::success(request, response, &RoleBody::from(role))
}
