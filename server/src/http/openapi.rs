//! The description of the API that programs read.

mod finish;

use std::sync::Arc;

use axum::{Extension, Json, response::IntoResponse};
use utoipa::{
    OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::problem::Problem;
use crate::auth::headers::COOKIE;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Penhold",
        description = "One live document for people and agents. Errors are RFC 9457 problems; \
            lists are paged with `cursor` and `limit`; a command with an `Idempotency-Key` can be \
            repeated safely."
    ),
    components(schemas(Problem)),
    security(("token" = []), ("session" = []))
)]
struct Head;

/// The description with `paths`, ready to be served.
pub(super) fn complete(paths: utoipa::openapi::OpenApi) -> Arc<utoipa::openapi::OpenApi> {
    let mut head = Head::openapi();
    let components = head.components.get_or_insert_default();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
    components.add_security_scheme("session", session);
    head.merge(paths);
    finish::finish(&mut head);
    Arc::new(head)
}

/// This description, as OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "about", security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document", body = Object))
)]
pub(super) async fn document(
    Extension(description): Extension<Arc<utoipa::openapi::OpenApi>>,
) -> impl IntoResponse {
    Json(description)
}
