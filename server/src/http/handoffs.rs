//! Passing the pen: hand off, read back, accept, decline, withdraw.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{Command, HandoffView, Mode, QueueName, Reason, Receiver},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    listing::{Listing, Page},
    problem::Problem,
    seen::Seen,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(hand_off, list))
        .routes(routes!(look))
        .routes(routes!(brief))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(withdraw))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct HandoffPath {
    /// The handoff's id.
    id: ElementId,
}

/// A handoff to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "item": "plan", "to": { "member": "mara" }, "mode": "warm", "epoch": 3, "seen": 1532,
    "reason": { "trigger": "stakes", "note": "The budget needs a call.", "confidence": 0.55 }
}))]
struct NewHandoff {
    /// What is handed off.
    item: Item,
    /// To whom.
    to: To,
    /// At once, or after the receiver has read back and accepted. To a queue, always at once.
    mode: Mode,
    /// Why.
    reason: Reason,
    /// The item's epoch, as the item was last read.
    epoch: u64,
    /// What its author had seen: the handoff waits until that is there.
    #[serde(default)]
    seen: Option<Seen>,
    /// Passes although the briefing is incomplete, and is recorded as such.
    #[serde(default)]
    emergency: bool,
}

/// Whom an item is handed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum To {
    /// One person or agent.
    Member(MemberId),
    /// Whoever claims it first; the queue `people` is in every workspace.
    Queue(QueueName),
}

/// What the receiver has understood.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "summary": "Choose one of two budgets, keep the deadline." }))]
struct Brief {
    /// In the receiver's own words; a person may leave it empty.
    #[serde(default)]
    summary: String,
}

/// Why the receiver says no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "I am away until Monday." }))]
struct Declining {
    /// For the giver to read.
    reason: String,
}

/// Hands an item off, or offers it.
#[utoipa::path(
    post, path = "/workspaces/{ws}/handoffs", tag = "handoffs",
    params(Desk, Key), request_body = NewHandoff,
    responses((status = 201, body = Done<HandoffView>), Refusals)
)]
async fn hand_off(
    desk: Desk,
    Json(new): Json<NewHandoff>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let to = receiver(&desk, new.to)?;
    desk.has_arrived(new.seen).await?;
    let command = Command::HandOff {
        item: new.item,
        to,
        mode: new.mode,
        reason: new.reason,
        epoch: new.epoch,
        emergency: new.emergency,
    };
    let done = desk.done("handoff", command, |view, outcome| {
        view.ledger.handoff(outcome.id.as_ref()?).cloned()
    });
    Ok((StatusCode::CREATED, JsonAnswer(done.await?)))
}

/// Lists handoffs, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/handoffs", tag = "handoffs", params(Desk, Listing),
    responses((status = 200, body = Page<HandoffView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<HandoffView>>, Problem> {
    let page = desk.view(move |view| {
        let handoffs = view.ledger.handoffs();
        let wanted = handoffs.filter(|handoff| {
            listing.wants(handoff.status.is_open(), |item| handoff.item == *item)
        });
        listing.page(wanted.cloned(), |handoff| {
            (handoff.at_ms, handoff.id.to_string())
        })
    });
    Ok(JsonAnswer(page.await?))
}

/// Reads a handoff.
#[utoipa::path(
    get, path = "/workspaces/{ws}/handoffs/{id}", tag = "handoffs", params(Desk, HandoffPath),
    responses((status = 200, body = HandoffView), Refusals)
)]
async fn look(
    desk: Desk,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Result<JsonAnswer<HandoffView>, Problem> {
    let found = desk.find("handoff", move |view| view.ledger.handoff(&id).cloned());
    Ok(JsonAnswer(found.await?))
}

/// Reads a warm handoff back.
#[utoipa::path(
    post, path = "/workspaces/{ws}/handoffs/{id}/brief", tag = "handoffs",
    params(Desk, HandoffPath, Key), request_body = Brief,
    responses((status = 200, body = Done<HandoffView>), Refusals)
)]
async fn brief(
    desk: Desk,
    Path(HandoffPath { id: handoff }): Path<HandoffPath>,
    Json(Brief { summary }): Json<Brief>,
) -> Result<JsonAnswer<Done<HandoffView>>, Problem> {
    let brief = Command::Brief {
        handoff: handoff.clone(),
        summary,
    };
    answered(&desk, handoff, brief).await
}

/// Takes the pen of a warm handoff that was read back.
#[utoipa::path(
    post, path = "/workspaces/{ws}/handoffs/{id}/accept", tag = "handoffs",
    params(Desk, HandoffPath, Key),
    responses((status = 200, body = Done<HandoffView>), Refusals)
)]
async fn accept(
    desk: Desk,
    Path(HandoffPath { id: handoff }): Path<HandoffPath>,
) -> Result<JsonAnswer<Done<HandoffView>>, Problem> {
    let accept = Command::Accept {
        handoff: handoff.clone(),
    };
    answered(&desk, handoff, accept).await
}

/// Says no to a warm handoff; the giver keeps the pen.
#[utoipa::path(
    post, path = "/workspaces/{ws}/handoffs/{id}/decline", tag = "handoffs",
    params(Desk, HandoffPath, Key), request_body = Declining,
    responses((status = 200, body = Done<HandoffView>), Refusals)
)]
async fn decline(
    desk: Desk,
    Path(HandoffPath { id: handoff }): Path<HandoffPath>,
    Json(Declining { reason }): Json<Declining>,
) -> Result<JsonAnswer<Done<HandoffView>>, Problem> {
    let decline = Command::Decline {
        handoff: handoff.clone(),
        reason,
    };
    answered(&desk, handoff, decline).await
}

/// Takes a warm handoff back.
#[utoipa::path(
    post, path = "/workspaces/{ws}/handoffs/{id}/withdraw", tag = "handoffs",
    params(Desk, HandoffPath, Key),
    responses((status = 200, body = Done<HandoffView>), Refusals)
)]
async fn withdraw(
    desk: Desk,
    Path(HandoffPath { id: handoff }): Path<HandoffPath>,
) -> Result<JsonAnswer<Done<HandoffView>>, Problem> {
    let withdraw = Command::Withdraw {
        handoff: handoff.clone(),
    };
    answered(&desk, handoff, withdraw).await
}

async fn answered(
    desk: &Desk,
    handoff: ElementId,
    command: Command,
) -> Result<JsonAnswer<Done<HandoffView>>, Problem> {
    let read = move |view: &crate::room::View<'_>, _: &_| view.ledger.handoff(&handoff).cloned();
    Ok(JsonAnswer(desk.done("handoff", command, read).await?))
}

/// The receiver with the card that the server has of them.
fn receiver(desk: &Desk, to: To) -> Result<Receiver, Problem> {
    let id = match to {
        To::Queue(name) => return Ok(Receiver::Queue(name)),
        To::Member(id) => id,
    };
    // The receiver's token may have been made a moment ago, by another process.
    desk.app.authority.refresh()?;
    let members = desk.app.authority.members(&desk.ws);
    if let Some(member) = members.iter().find(|member| member.id == id) {
        return Ok(Receiver::Member(member.clone()));
    }
    let names: Vec<String> = members
        .iter()
        .take(NAMED_MAX)
        .map(|member| format!("{} ({})", member.id, member.name))
        .collect();
    Err(Problem::invalid(format!(
        "to.member: nobody with the id {id} may open this workspace; there are {}",
        names.join(", ")
    )))
}

/// Members named in a refusal.
const NAMED_MAX: usize = 20;
