//! How the pen travels, over all workspaces that the caller may open.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, extract::State};
use crdt_schema::{escalation::Band, ids::WorkspaceId, ownership::health::Health};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Caller, Query},
    problem::Problem,
};
use crate::{health::WINDOW, span::Span};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handoffs))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Measuring {
    /// How far back, such as `7d` or `12h`; seven days if absent.
    window: Option<String>,
    /// Only this workspace, measured against the band of its policy.
    workspace: Option<WorkspaceId>,
}

/// Measures how often, how fast and why the pen travels.
#[utoipa::path(
    get, path = "/health/handoffs", tag = "health", params(Measuring),
    responses(
        (status = 200, body = Health),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
    )
)]
async fn handoffs(
    State(app): State<App>,
    caller: Caller,
    Query(measuring): Query<Measuring>,
) -> Result<JsonAnswer<Health>, Problem> {
    let window = match &measuring.window {
        None => WINDOW,
        Some(text) => text
            .parse::<Span>()
            .map_err(|bad| Problem::bad_request(format!("window: {bad}")))?
            .into(),
    };
    let board = app.rooms.board();
    let band = match &measuring.workspace {
        None => Band::default(),
        Some(ws) => {
            caller.may_open(ws)?;
            let notice = board.notice(ws);
            notice.map_or_else(Band::default, |notice| notice.open.policy().band)
        }
    };
    let includes = |ws: &WorkspaceId| {
        let is_asked = measuring.workspace.as_ref().is_none_or(|only| only == ws);
        is_asked && caller.0.may_open(ws)
    };
    let figures = app.meters.figures(board, &*app.store, window, includes);
    let window_ms = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
    Ok(JsonAnswer(figures.await?.health(window_ms, band)))
}
