//! The rules that a workspace sets for itself.

use axum::Json as JsonAnswer;
use crdt_schema::ownership::{Command, Policy};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::Json,
    idempotency::Key,
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(look, set))
}

/// Reads the policy.
#[utoipa::path(
    get, path = "/workspaces/{ws}/policy", tag = "policy", params(Desk),
    responses((status = 200, body = Policy), Refusals)
)]
async fn look(desk: Desk) -> Result<JsonAnswer<Policy>, Problem> {
    let policy = desk.view(|view| view.ledger.policy().clone());
    Ok(JsonAnswer(policy.await?))
}

/// Sets the policy as a whole; what is left out takes its default. Admins only.
#[utoipa::path(
    put, path = "/workspaces/{ws}/policy", tag = "policy", params(Desk, Key),
    request_body(content = Policy, example = json!({
        "agent_writes": "suggest", "depth_max": 4, "fallback_queue": "people",
        "plan_approval": true
    })),
    responses((status = 200, body = Done<Policy>), Refusals)
)]
async fn set(desk: Desk, Json(policy): Json<Policy>) -> Result<JsonAnswer<Done<Policy>>, Problem> {
    let done = desk.done("policy", Command::SetPolicy(policy), |view, _| {
        Some(view.ledger.policy().clone())
    });
    Ok(JsonAnswer(done.await?))
}
