//! What waits for the caller, over all workspaces that their token opens.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod gathered;
mod ticks;

use axum::{
    Json as JsonAnswer,
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse,
        sse::{KeepAlive, Sse},
    },
};
use crdt_schema::{
    ids::WorkspaceId,
    item::Item,
    member::Member,
    ownership::{Pending, PendingTask},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Caller, Json, Query},
    problem::Problem,
};
use crate::{
    clock::now_ms,
    snoozes::{Snooze, SnoozeError},
};

/// Things in one list of an inbox, at most.
const LISTED_MAX: usize = 1_000;
/// Things in one list of an inbox, if not asked otherwise.
const LISTED: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(snooze))
        .routes(routes!(events))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// How many things in each list at most, 1 to 1000; 200 if absent.
    limit: Option<usize>,
}

/// An inbox.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Inbox {
    /// What the caller has to do: what cannot be undone first, then what waits longest.
    needs_you: Vec<Waiting>,
    /// What agents hold in workspaces where nothing waits for the caller, newest first.
    working_without_you: Vec<AtWork>,
    /// What the caller has put off, what comes back first first.
    snoozed: Vec<PutOff>,
    /// How long the lists are; they are cut off at `limit`.
    totals: Totals,
}

/// How long the lists of an inbox are.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Totals {
    needs_you: usize,
    working_without_you: usize,
    snoozed: usize,
}

/// Something that waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InboxEntry)]
struct Waiting {
    /// Names it among what waits in the workspace, for snoozing.
    id: String,
    /// Where it waits.
    workspace: WorkspaceId,
    /// The workspace's title.
    workspace_title: String,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Member>,
    /// What has to be done.
    #[serde(flatten)]
    pending: Pending,
}

/// Something that waits, but not now.
#[derive(Debug, Serialize, ToSchema)]
struct PutOff {
    /// What waits.
    #[serde(flatten)]
    waiting: Waiting,
    /// When it comes back, in milliseconds since the Unix epoch.
    snoozed_until_ms: u64,
}

/// An agent that holds something.
#[derive(Debug, Serialize, ToSchema)]
struct AtWork {
    /// Where.
    workspace: WorkspaceId,
    /// The workspace's title.
    workspace_title: String,
    /// What it holds.
    item: Item,
    /// Who it is.
    agent: Member,
    /// Since when, in milliseconds since the Unix epoch.
    since_ms: u64,
}

/// What to put off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "workspace": "clinic", "id": "answer:b2Lw8", "until_ms": 1_767_225_660_000_u64
}))]
struct Snoozing {
    /// Where it waits.
    workspace: WorkspaceId,
    /// Its id in the inbox.
    id: String,
    /// When it comes back, in milliseconds since the Unix epoch; 0 for now.
    until_ms: u64,
}

/// Reads the caller's inbox.
#[utoipa::path(
    get, path = "/inbox", tag = "inbox", params(Wanted),
    responses((status = 200, body = Inbox), (status = 401, body = Problem))
)]
async fn read(
    State(app): State<App>,
    Caller(access): Caller,
    Query(wanted): Query<Wanted>,
) -> Result<JsonAnswer<Inbox>, Problem> {
    let limit = wanted.limit.unwrap_or(LISTED).clamp(1, LISTED_MAX);
    let gather = move || {
        let snoozed = app.snoozes.of(&access.member.id);
        Inbox::gather(app.rooms.board(), &access, &snoozed, (now_ms(), limit))
    };
    let inbox = tokio::task::spawn_blocking(gather).await;
    Ok(JsonAnswer(inbox.map_err(Problem::internal)?))
}

/// Puts something off, also across restarts; other members see it all the same.
#[utoipa::path(
    post, path = "/inbox/snooze", tag = "inbox", request_body = Snoozing,
    responses(
        (status = 204, description = "Put off"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, description = "Too much is put off", body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn snooze(
    State(app): State<App>,
    caller: Caller,
    Json(snoozing): Json<Snoozing>,
) -> Result<StatusCode, Problem> {
    caller.may_open(&snoozing.workspace)?;
    if snoozing.id.is_empty() || snoozing.id.len() > ID_BYTES_MAX {
        return Err(Problem::invalid("id must be one that the inbox names"));
    }
    let snooze = Snooze {
        member: caller.0.member.id.clone(),
        workspace: snoozing.workspace,
        id: snoozing.id,
        until_ms: snoozing.until_ms,
    };
    let set = tokio::task::spawn_blocking(move || app.snoozes.set(snooze, now_ms()));
    match set.await.map_err(Problem::internal)? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ SnoozeError::TooMany) => Err(Problem::conflict(error.to_string())),
        Err(SnoozeError::File(error)) => Err(Problem::internal(error)),
    }
}

/// Tells, as server-sent events, that the caller's inbox has changed: an `inbox` event with the
/// workspace in which it did, or without one when anything may have.
#[utoipa::path(
    get, path = "/inbox/events", tag = "inbox",
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 401, body = Problem),
    )
)]
async fn events(State(app): State<App>, Caller(access): Caller) -> impl IntoResponse {
    Sse::new(ticks::of(app, access)).keep_alive(KeepAlive::default())
}

/// The longest id in an inbox, in bytes.
const ID_BYTES_MAX: usize = 200;

/// Names what waits among all that waits in its workspace.
fn id_of(task: &PendingTask) -> String {
    match task {
        PendingTask::Answer { approval } => format!("answer:{approval}"),
        PendingTask::Act { approval } => format!("act:{approval}"),
        PendingTask::Reply { approval } => format!("reply:{approval}"),
        PendingTask::Receive { handoff, .. } => format!("receive:{handoff}"),
        PendingTask::Claim { item, epoch, .. } => format!("claim:{item}:{epoch}"),
        PendingTask::Decision { decision, .. } => format!("decision:{decision}"),
        PendingTask::Resume { item, epoch, .. } => format!("resume:{item}:{epoch}"),
    }
}
