//! The Model Context Protocol face, at `/mcp`: what an agent can do without any code of its own.
//!
//! A tool is an operation of the HTTP API in other clothes. Its schemas are read from the API's
//! own description, its arguments become that operation's request, and the request goes to the
//! API's own routes in this process, as the caller who was let in at the door. So every rule,
//! limit, repetition and refusal is the API's, and none is written twice; what is here is names,
//! words for models, and the way between the two forms.
//!
//! Invariant: nothing here reads or writes a workspace but through the API. Nobody decides for a
//! person here: there is no tool that answers an approval or posts a decision, and nothing is
//! elicited. Who waits for a person waits in the workspace's own record, which survives restarts;
//! `await_change` only listens to it.
//!
//! Both eras of the protocol are served at one address: sessions that begin with `initialize`
//! (up to 2025-11-25), and requests that stand alone (2026-07-28).

mod api;
mod arguments;
mod catalogue;
mod desk;
mod entrance;
mod failure;
mod reading;
mod resources;
mod schema;
mod sessions;
mod tool;
mod watch;

use std::sync::Arc;

use axum::{Router, routing::any};
use rmcp::transport::{
    StreamableHttpServerConfig, StreamableHttpService,
    streamable_http_server::session::local::LocalSessionManager,
};
use utoipa::openapi::OpenApi;

use self::{
    api::Api,
    catalogue::Catalogue,
    desk::{Desk, Shared},
    entrance::Entrance,
    schema::Description,
    sessions::Sessions,
};
use crate::http::App;

/// The route of this face. `api` are the routes that tools use, and `description` is theirs.
pub(crate) fn routes(app: &App, api: Router, description: &OpenApi) -> Router<App> {
    let description = Description::new(description);
    let shared = Arc::new(Shared {
        app: app.clone(),
        api: Api::new(api, app.config.limits.request_ms_max),
        catalogue: Catalogue::new(&description),
    });
    let manager = Arc::new(sessions::manager());
    let service = service(app, shared, Arc::clone(&manager));
    let entrance = Entrance::new(app.clone(), Sessions::new(manager));
    Router::new()
        .route_service("/mcp", service)
        .layer(axum::middleware::from_fn_with_state(
            entrance,
            entrance::admit,
        ))
        // Clients look here for a way to sign in; without this they would be shown the page.
        .route("/.well-known/{*document}", any(entrance::no_sign_in))
}

/// The protocol itself. Whose requests arrive here has been checked by the entrance, `Host` and
/// `Origin` included.
fn service(
    app: &App,
    shared: Arc<Shared>,
    manager: Arc<LocalSessionManager>,
) -> StreamableHttpService<Desk, LocalSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_max_request_body_bytes(app.config.limits.body_bytes_max)
        .with_cancellation_token(app.stopping.child_token());
    StreamableHttpService::new(move || Ok(Desk::new(Arc::clone(&shared))), manager, config)
}
