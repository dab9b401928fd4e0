//! The OpenAPI 3.1 description, generated from the handlers, and the page that shows it.

mod everywhere;

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, ServiceConfig};
use gateway_core::ErrorKind;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};

use everywhere::Everywhere;

use crate::error::ApiError;
use crate::routes::{
    apikeys, audit, datasources, drivers, fetch, health, metrics, queries, query, roles, schema,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Nexus Gateway",
        description = "Read-only SQL over HTTP against registered data sources.",
        license(name = "GPL-3.0-or-later", identifier = "GPL-3.0-or-later"),
    ),
    paths(
        query::run,
        query::explain,
        query::validate,
        fetch::begin,
        fetch::next,
        fetch::free,
        queries::list,
        queries::cancel,
        datasources::list,
        datasources::create,
        datasources::get,
        datasources::replace,
        datasources::change,
        datasources::delete,
        datasources::test,
        datasources::test_draft,
        schema::read,
        apikeys::list,
        apikeys::create,
        apikeys::remove,
        roles::list,
        roles::create,
        roles::get,
        roles::replace,
        roles::remove,
        audit::list,
        drivers::list,
        health::live,
        health::ready,
        health::detail,
        metrics::scrape,
    ),
    modifiers(&Bearer, &Everywhere),
    tags(
        (name = "query", description = "Run and check statements"),
        (name = "datasources", description = "Manage data sources"),
        (name = "access", description = "Manage API keys and roles"),
        (name = "audit", description = "What is on record"),
        (name = "drivers", description = "Which engines there are"),
        (name = "health", description = "The state of the gateway"),
    )
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        let components = description.components.get_or_insert_with(Default::default);
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The description as indented JSON, with a line break at its end.
///
/// # Errors
///
/// If it cannot be serialized, which would be a fault of this program.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    Description::openapi().to_pretty_json().map(|text| text + "\n")
}

/// The methods that each path takes, by its pattern.
static METHODS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let paths = Description::openapi().paths.paths;
    paths
        .into_iter()
        .map(|(path, item)| (path, everywhere::methods(&item)))
        .collect()
});

/// What the path with that pattern takes, for the header `Allow` (RFC 9110, section 10.2.1).
pub(crate) fn allowed_methods(pattern: &str) -> &'static str {
    METHODS.get(pattern).map_or("GET", String::as_str)
}

/// Where the description is.
const PLACE: &str = "/openapi.json";

/// The description as it is sent. Only its text is kept, and only once: as a tree it takes five megabytes.
static TEXT: LazyLock<Option<Bytes>> = LazyLock::new(|| openapi_json().ok().map(Bytes::from));

/// `/openapi.json` and Swagger UI under `/docs/`, both from the binary.
pub(crate) fn configure(app: &mut ServiceConfig) {
    app.route(PLACE, web::get().to(describe));
    app.service(SwaggerUi::new("/docs/{_:.*}").config(Config::from(PLACE)));
}

async fn describe() -> Result<HttpResponse, ApiError> {
    let text = TEXT
        .clone()
        .ok_or_else(|| ApiError::new(ErrorKind::Internal, "Internal error"))?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(text))
}
