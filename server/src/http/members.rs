//! Who may work in a workspace, and so receive what is handed off.

use axum::Json as JsonAnswer;
use crdt_schema::member::Member;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    desk::{Desk, Refusals},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Everybody who may work in a workspace.
#[derive(Debug, Serialize, ToSchema)]
struct Members {
    /// People and agents, by name, each with the highest role of their tokens.
    items: Vec<Member>,
}

/// Lists who may work in the workspace, also those who never have.
#[utoipa::path(
    get, path = "/workspaces/{ws}/members", tag = "members", params(Desk),
    responses((status = 200, body = Members), Refusals)
)]
async fn list(desk: Desk) -> JsonAnswer<Members> {
    JsonAnswer(Members {
        items: desk.app.authority.members(&desk.ws),
    })
}
