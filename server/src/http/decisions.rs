//! What people have decided, and what came of it.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::ElementId,
    item::Item,
    ownership::{Command, DecisionView},
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
        .routes(routes!(post, list))
        .routes(routes!(look))
        .routes(routes!(take))
        .routes(routes!(consume))
        .routes(routes!(fail))
        .routes(routes!(withdraw))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct DecisionPath {
    /// The decision's id.
    id: ElementId,
}

/// A decision to be posted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "item": "plan", "question": "q1", "title": "Take the smaller budget",
    "note": "The larger one would need the board."
}))]
struct NewDecision {
    /// What it is about.
    item: Item,
    /// The question of the briefing that it answers.
    #[serde(default)]
    question: Option<ElementId>,
    /// In a line.
    title: String,
    /// With its reasons.
    note: String,
    /// What its author had seen: the decision waits until that is there.
    #[serde(default)]
    seen: Option<Seen>,
}

/// What came of a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "lease": "9tGx4", "outcome": "The budget step is rewritten." }))]
#[schema(as = ConsumingDecision)]
struct Consuming {
    /// What taking the decision gave.
    lease: ElementId,
    /// What came of it.
    outcome: String,
}

/// Why a decision could not be acted on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "lease": "9tGx4", "reason": "The price list is not reachable." }))]
#[schema(as = FailingDecision)]
struct Failing {
    /// What taking the decision gave.
    lease: ElementId,
    /// Why.
    reason: String,
}

/// Posts a decision; people only.
#[utoipa::path(
    post, path = "/workspaces/{ws}/decisions", tag = "decisions",
    params(Desk, Key), request_body = NewDecision,
    responses((status = 201, body = Done<DecisionView>), Refusals)
)]
async fn post(
    desk: Desk,
    Json(new): Json<NewDecision>,
) -> Result<impl IntoResponse + use<>, Problem> {
    desk.has_arrived(new.seen).await?;
    let command = Command::PostDecision {
        item: new.item,
        question: new.question,
        title: new.title,
        note: new.note,
    };
    let done = desk.done("decision", command, |view, outcome| {
        view.ledger.decision(outcome.id.as_ref()?).cloned()
    });
    Ok((StatusCode::CREATED, JsonAnswer(done.await?)))
}

/// Lists decisions, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/decisions", tag = "decisions", params(Desk, Listing),
    responses((status = 200, body = Page<DecisionView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<DecisionView>>, Problem> {
    let page = desk.view(move |view| {
        let decisions = view.ledger.decisions();
        let wanted = decisions.filter(|decision| {
            listing.wants(decision.status.is_open(), |item| decision.item == *item)
        });
        listing.page(wanted.cloned(), |decision| {
            (decision.at_ms, decision.id.to_string())
        })
    });
    Ok(JsonAnswer(page.await?))
}

/// Reads a decision.
#[utoipa::path(
    get, path = "/workspaces/{ws}/decisions/{id}", tag = "decisions",
    params(Desk, DecisionPath),
    responses((status = 200, body = DecisionView), Refusals)
)]
async fn look(
    desk: Desk,
    Path(DecisionPath { id }): Path<DecisionPath>,
) -> Result<JsonAnswer<DecisionView>, Problem> {
    let found = desk.find("decision", move |view| view.ledger.decision(&id).cloned());
    Ok(JsonAnswer(found.await?))
}

/// Starts acting on a decision: nobody else does, until its `until_ms`. The answer's `lease` ends
/// it.
#[utoipa::path(
    post, path = "/workspaces/{ws}/decisions/{id}/take", tag = "decisions",
    params(Desk, DecisionPath, Key),
    responses((status = 200, body = Done<DecisionView>), Refusals)
)]
async fn take(
    desk: Desk,
    Path(DecisionPath { id }): Path<DecisionPath>,
) -> Result<JsonAnswer<Done<DecisionView>>, Problem> {
    let take = Command::TakeDecision { id: id.clone() };
    moved(&desk, id, take).await
}

/// Says what came of a decision; said again, the first outcome stands and is answered.
#[utoipa::path(
    post, path = "/workspaces/{ws}/decisions/{id}/consume", tag = "decisions",
    params(Desk, DecisionPath, Key), request_body = Consuming,
    responses((status = 200, body = Done<DecisionView>), Refusals)
)]
async fn consume(
    desk: Desk,
    Path(DecisionPath { id }): Path<DecisionPath>,
    Json(Consuming { lease, outcome }): Json<Consuming>,
) -> Result<JsonAnswer<Done<DecisionView>>, Problem> {
    let consume = Command::ConsumeDecision {
        id: id.clone(),
        lease,
        outcome,
    };
    moved(&desk, id, consume).await
}

/// Says that a decision could not be acted on.
#[utoipa::path(
    post, path = "/workspaces/{ws}/decisions/{id}/fail", tag = "decisions",
    params(Desk, DecisionPath, Key), request_body = Failing,
    responses((status = 200, body = Done<DecisionView>), Refusals)
)]
async fn fail(
    desk: Desk,
    Path(DecisionPath { id }): Path<DecisionPath>,
    Json(Failing { lease, reason }): Json<Failing>,
) -> Result<JsonAnswer<Done<DecisionView>>, Problem> {
    let fail = Command::FailDecision {
        id: id.clone(),
        lease,
        reason,
    };
    moved(&desk, id, fail).await
}

/// Takes a decision back before anybody acts on it.
#[utoipa::path(
    post, path = "/workspaces/{ws}/decisions/{id}/withdraw", tag = "decisions",
    params(Desk, DecisionPath, Key),
    responses((status = 200, body = Done<DecisionView>), Refusals)
)]
async fn withdraw(
    desk: Desk,
    Path(DecisionPath { id }): Path<DecisionPath>,
) -> Result<JsonAnswer<Done<DecisionView>>, Problem> {
    let withdraw = Command::WithdrawDecision { id: id.clone() };
    moved(&desk, id, withdraw).await
}

async fn moved(
    desk: &Desk,
    id: ElementId,
    command: Command,
) -> Result<JsonAnswer<Done<DecisionView>>, Problem> {
    let read = move |view: &crate::room::View<'_>, _: &_| view.ledger.decision(&id).cloned();
    Ok(JsonAnswer(desk.done("decision", command, read).await?))
}
