//! Queues: where items wait for whoever claims them first.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::Json as JsonAnswer;
use crdt_schema::{
    ids::MemberId,
    ownership::{Command, Queue, QueueName, QueueView},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    desk::{Desk, Done, Recorded, Refusals},
    extract::{Json, Path},
    idempotency::Key,
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, remove))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct QueuePath {
    /// The queue's name.
    #[param(value_type = String)]
    name: QueueName,
}

/// All queues of a workspace.
#[derive(Debug, Serialize, ToSchema)]
struct Queues {
    /// The queues, by name, each with what waits in it.
    items: Vec<QueueView>,
}

/// Who may claim from a queue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "members": ["mara", "ravi"], "agents": false }))]
struct Claimers {
    /// Who may claim from it; every editor when empty.
    #[serde(default)]
    members: Vec<MemberId>,
    /// Whether agents may claim from it.
    #[serde(default)]
    agents: bool,
}

/// Lists the queues and what waits in them.
#[utoipa::path(
    get, path = "/workspaces/{ws}/queues", tag = "queues", params(Desk),
    responses((status = 200, body = Queues), Refusals)
)]
async fn list(desk: Desk) -> Result<JsonAnswer<Queues>, Problem> {
    let queues = desk.view(|view| Queues {
        items: view.ledger.queues().collect(),
    });
    Ok(JsonAnswer(queues.await?))
}

/// Makes a queue, or changes who may claim from it; people only.
#[utoipa::path(
    put, path = "/workspaces/{ws}/queues/{name}", tag = "queues",
    params(Desk, QueuePath, Key), request_body = Claimers,
    responses((status = 200, body = Done<QueueView>), Refusals)
)]
async fn set(
    desk: Desk,
    Path(QueuePath { name }): Path<QueuePath>,
    Json(Claimers { members, agents }): Json<Claimers>,
) -> Result<JsonAnswer<Done<QueueView>>, Problem> {
    let set = Command::SetQueue(Queue {
        name: name.clone(),
        members,
        agents,
    });
    let done = desk.done("queue", set, move |view, _| {
        view.ledger.queues().find(|view| view.queue.name == name)
    });
    Ok(JsonAnswer(done.await?))
}

/// Removes a queue that nothing waits in.
#[utoipa::path(
    delete, path = "/workspaces/{ws}/queues/{name}", tag = "queues",
    params(Desk, QueuePath, Key),
    responses((status = 200, body = Recorded), Refusals)
)]
async fn remove(
    desk: Desk,
    Path(QueuePath { name }): Path<QueuePath>,
) -> Result<JsonAnswer<Recorded>, Problem> {
    let outcome = desk.command(Command::RemoveQueue { name }).await?;
    Ok(JsonAnswer(outcome.into()))
}
