//! Which route a request matched.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use actix_web::HttpRequest;

/// What is said of requests that match none.
const UNMATCHED: &str = "unmatched";

/// The patterns without parameters that were matched, for one worker. The framework would look through its routes once more
/// for each request, and put the pattern together anew.
#[derive(Default)]
pub(super) struct Matched(RefCell<HashSet<Rc<str>>>);

impl Matched {
    /// The pattern of the route that `request` matched.
    pub(super) fn pattern_of(&self, request: &HttpRequest) -> Rc<str> {
        let path = request.path();
        if let Some(known) = self.0.borrow().get(path) {
            return Rc::clone(known);
        }
        let pattern = request.match_pattern();
        let pattern: Rc<str> = pattern.as_deref().unwrap_or(UNMATCHED).into();
        // So there are never more of them than routes.
        if *pattern == *path {
            self.0.borrow_mut().insert(Rc::clone(&pattern));
        }
        pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, HttpResponse, web};

    #[actix_web::test]
    async fn paths_are_remembered_only_where_they_are_patterns() {
        let matched = Rc::new(Matched::default());
        let seen = Rc::clone(&matched);
        let answer = move |request: HttpRequest| {
            let pattern = seen.pattern_of(&request).to_string();
            std::future::ready(HttpResponse::Ok().body(pattern))
        };
        let app = App::new()
            .route("/plain", web::get().to(answer.clone()))
            .route("/one/{id}", web::get().to(answer.clone()))
            .default_service(web::to(answer));
        let app = init_service(app).await;
        for (path, expected) in [
            ("/plain", "/plain"),
            ("/plain", "/plain"),
            ("/one/7", "/one/{id}"),
            ("/one/8", "/one/{id}"),
            ("/unmatched", UNMATCHED),
            ("/other", UNMATCHED),
        ] {
            let request = TestRequest::get().uri(path).to_request();
            let body = actix_web::test::call_and_read_body(&app, request).await;
            assert_eq!(body, expected, "{path}");
        }
        assert_eq!(matched.0.borrow().len(), 1);
    }
}
