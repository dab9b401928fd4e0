//! What holds for every operation: the refusals that may come before a handler is asked, and a name that is its own.

use utoipa::Modify;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Adds the refusals that any request may get and the handlers' own descriptions leave out.
pub(super) struct Everywhere;

/// Of every request.
const ANY: [(&str, &str); 3] = [
    ("400", "INVALID_REQUEST, or a host that is not served here"),
    ("429", "RATE_LIMIT_EXCEEDED; `Retry-After` is set"),
    ("500", "INTERNAL_ERROR"),
];

/// Of requests that need credentials.
const GUARDED: [(&str, &str); 4] = [
    ("401", "UNAUTHORIZED; `WWW-Authenticate` says why"),
    ("403", "FORBIDDEN; `WWW-Authenticate` names the scope"),
    ("422", "VALIDATION_ERROR"),
    ("503", "OVERLOADED, or the gateway's store cannot be reached"),
];

/// Of requests that bring something along.
const WITH_BODY: [(&str, &str); 1] = [("413", "PAYLOAD_TOO_LARGE")];

impl Modify for Everywhere {
    fn modify(&self, description: &mut OpenApi) {
        for (path, item) in &mut description.paths.paths {
            let resource = resource(path).to_owned();
            for operation in operations_mut(item) {
                complete(operation);
                // The handlers' names are unique only within their family of paths.
                if let Some(name) = &operation.operation_id {
                    operation.operation_id = Some(format!("{resource}_{name}"));
                }
            }
        }
    }
}

/// The first part of a path that says what it is about.
fn resource(path: &str) -> &str {
    path.split('/')
        .find(|part| !["", "api", "v1"].contains(part))
        .unwrap_or("root")
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

/// The methods of an item, as the header `Allow` lists them.
pub(super) fn methods(item: &PathItem) -> String {
    let present = [
        ("GET", item.get.is_some()),
        ("PUT", item.put.is_some()),
        ("POST", item.post.is_some()),
        ("DELETE", item.delete.is_some()),
        ("PATCH", item.patch.is_some()),
    ];
    let names: Vec<&str> = present
        .iter()
        .filter(|(_, is_present)| *is_present)
        .map(|(name, _)| *name)
        .collect();
    names.join(", ")
}

fn complete(operation: &mut Operation) {
    let is_guarded = operation.security.as_ref().is_some_and(|list| !list.is_empty());
    let guarded = GUARDED.iter().filter(|_| is_guarded);
    let with_body = WITH_BODY.iter().filter(|_| operation.request_body.is_some());
    for (status, text) in ANY.iter().chain(guarded).chain(with_body) {
        operation
            .responses
            .responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(refusal(text)));
    }
}

fn refusal(text: &str) -> Response {
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Failure")))
        .build();
    ResponseBuilder::new()
        .description(text)
        .content("application/json", body)
        .build()
}
