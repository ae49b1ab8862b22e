//! The HTTP face: routes, and what surrounds every request.
//!
//! Invariant: every route but the page, sign-in and health takes a [`extract::Caller`], and every
//! write goes through a room. This module knows no document content.

mod actions;
mod approvals;
mod artifacts;
mod changes;
mod checkpoints;
mod context;
mod decisions;
mod desk;
mod digest;
mod edits;
pub mod extract;
mod guard;
mod handoffs;
mod health;
mod idempotency;
mod inbox;
mod items;
mod listing;
mod members;
mod openapi;
pub(crate) mod ops;
mod passage;
mod policy;
pub mod problem;
mod queues;
mod record;
mod review;
mod seen;
mod session;
mod suggestions;
mod threads;
mod tokens;
mod transfer;
mod workspaces;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{Method, Uri},
    response::{IntoResponse as _, Response},
};
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::{extract::BodyLimit, idempotency::Answers, problem::Problem};
use crate::{
    auth::{
        Authority,
        origin::{BadOrigin, Origins},
        rate::RateLimits,
    },
    clock::now_ms,
    config::Config,
    health::Meters,
    mcp, page,
    room::Rooms,
    snoozes::Snoozes,
    store::Store,
    texts::Bases,
    ws::Gateway,
};

/// What requests and sockets work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The open workspaces.
    pub rooms: Rooms,
    /// The store, for the directory and for checks; documents are reached through the rooms.
    pub store: Arc<dyn Store>,
    /// Who may do what.
    pub authority: Authority,
    /// The configuration.
    pub config: Arc<Config>,
    /// Where pages may come from.
    pub origins: Arc<Origins>,
    /// Counts per member and per address.
    pub rates: Arc<RateLimits>,
    /// The sockets.
    pub sockets: Gateway,
    /// How the pen travels.
    pub meters: Meters,
    /// What members have put off.
    pub snoozes: Snoozes,
    /// Cancelled when the server starts to shut down.
    pub stopping: CancellationToken,
    /// Texts that were read lately.
    bases: Arc<Bases>,
    answers: Arc<Answers>,
}

impl App {
    /// Puts a server's parts together; nothing runs yet.
    ///
    /// # Errors
    /// When an allowed origin is not an origin.
    pub fn new(
        config: Config,
        store: Arc<dyn Store>,
        authority: Authority,
    ) -> Result<Self, BadOrigin> {
        let rooms = Rooms::new(Arc::clone(&store), config.rooms());
        let origins = config.origins()?;
        let rates = Arc::new(RateLimits::new(&config.rates));
        let sockets = Gateway::new(
            rooms.clone(),
            authority.clone(),
            origins.clone(),
            Arc::clone(&rates),
            config.sockets(),
        );
        let snoozes = Snoozes::open(config.data.join("snoozes.jsonl"), now_ms());
        Ok(Self {
            rooms,
            store,
            authority,
            config: Arc::new(config),
            origins: Arc::new(origins),
            rates,
            sockets,
            meters: Meters::default(),
            snoozes,
            stopping: CancellationToken::new(),
            bases: Arc::default(),
            answers: Arc::default(),
        })
    }
}

/// All routes.
pub fn router(app: &App) -> Router {
    let limits = &app.config.limits;
    let body_limit = BodyLimit {
        name: "body_bytes_max",
        bytes: limits.body_bytes_max,
    };
    let api = OpenApiRouter::new()
        .merge(workspaces::routes())
        .merge(transfer::routes(limits.import_bytes_max))
        .merge(artifacts::routes(limits.artifact_bytes_max))
        .merge(items::routes())
        .merge(handoffs::routes())
        .merge(decisions::routes())
        .merge(approvals::routes())
        .merge(policy::routes())
        .merge(queues::routes())
        .merge(actions::routes())
        .merge(record::routes())
        .merge(changes::routes())
        .merge(checkpoints::routes())
        .merge(review::routes())
        .merge(context::routes())
        .merge(digest::routes())
        .merge(edits::routes())
        .merge(suggestions::routes())
        .merge(threads::routes())
        .merge(members::routes())
        .merge(inbox::routes())
        .merge(health::routes())
        .merge(tokens::routes())
        .merge(session::routes())
        .routes(routes!(openapi::document));
    let router = OpenApiRouter::new().nest("/api/v1", api);
    let (router, paths) = router.split_for_parts();
    let description = openapi::complete(paths);
    let api = router
        .layer(DefaultBodyLimit::max(limits.body_bytes_max))
        .layer(Extension(body_limit))
        .layer(Extension(Arc::clone(&description)));
    let mcp = mcp::routes(app, api.clone().with_state(app.clone()), &description);
    let mcp = guard::limited_by_address(mcp, app).with_state(app.clone());
    let router = api
        .merge(ops::routes(app))
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed);
    let router = guard::limited(router, app).with_state(app.clone());
    guard::around(router.merge(mcp).merge(app.sockets.clone().router()), app)
}

/// What no route serves: the page, or a problem where programs ask.
async fn fallback(method: Method, uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        let detail = format!(
            "there is nothing at {}; GET /api/v1/openapi.json lists what there is",
            uri.path()
        );
        return Problem::not_found(detail).into_response();
    }
    match method {
        Method::GET | Method::HEAD => page::serve(uri.path()),
        _ => method_not_allowed(method, uri).await,
    }
}

async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    let detail = format!(
        "{} does not take {method}; GET /api/v1/openapi.json lists what there is",
        uri.path()
    );
    Problem::method_not_allowed(detail).into_response()
}
