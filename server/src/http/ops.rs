//! For operators: is it alive, does it work, what does it count.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::{App, problem::Problem};
use crate::telemetry;

/// How long the store may take to answer before the server is not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Health always; counts only where no stranger asks: not behind a proxy, and not if they have a
/// listener of their own.
pub(super) fn routes(app: &App) -> Router<App> {
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz));
    if app.config.metrics_listen.is_some() || app.config.behind_proxy {
        router
    } else {
        router.route("/metrics", get(metrics))
    }
}

/// The counts, as Prometheus text.
pub(crate) async fn metrics() -> Response {
    let form = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (form, telemetry::metrics().render()).into_response()
}

async fn healthz() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

async fn readyz(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    if app.stopping.is_cancelled() {
        return Err(Problem::unavailable("the server is shutting down"));
    }
    match tokio::time::timeout(READY_WITHIN, app.store.list(None, 1)).await {
        Ok(Ok(_)) => Ok(Json(json!({ "status": "ready" }))),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready: the store failed");
            Err(Problem::unavailable(
                "the store does not work; the server's log says why",
            ))
        }
        Err(_) => Err(Problem::unavailable("the store does not answer in time")),
    }
}
