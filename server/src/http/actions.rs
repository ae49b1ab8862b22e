//! What agents tell about their own work: what they did, and what they notice.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::ElementId,
    ownership::{ActionReport, ActionView, Command, Judgement, Signal, SignalView},
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
};
use crate::room::View;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report, list))
        .routes(routes!(signal, signals))
        .routes(routes!(judge))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sorting {
    /// Riskiest first, or newest first.
    #[serde(default)]
    #[param(inline)]
    order: Order,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Riskiest first; of the same risk, what cannot be undone first, then the newest.
    #[default]
    Risk,
    /// Newest first.
    Time,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Auditing {
    /// Only those that were picked for people to judge (`true`), or only the others (`false`).
    audit: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct SignalPath {
    /// The signal's id.
    id: ElementId,
}

/// A person's word on how sure an agent was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "judgement": "right" }))]
struct Judging {
    /// Whether the agent was right.
    judgement: Judgement,
}

/// Records an action that was done, for those who look after it.
#[utoipa::path(
    post, path = "/workspaces/{ws}/actions", tag = "actions", params(Desk, Key),
    request_body(content = ActionReport, example = json!({
        "item": "plan", "what": "Booked a room for 14 May",
        "result": "Room 3, confirmed", "risk": 0.3, "reversible": true,
        "undo": "cancel the booking until 7 May"
    })),
    responses((status = 201, body = Done<ActionView>), Refusals)
)]
async fn report(
    desk: Desk,
    Json(report): Json<ActionReport>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let done = desk.done("action", Command::Report(report), |view, outcome| {
        let actions = view.ledger.actions();
        let found = actions
            .into_iter()
            .find(|action| Some(&action.id) == outcome.id.as_ref());
        found.cloned()
    });
    Ok((StatusCode::CREATED, JsonAnswer(done.await?)))
}

/// Lists the actions that were reported.
#[utoipa::path(
    get, path = "/workspaces/{ws}/actions", tag = "actions", params(Desk, Sorting, Listing),
    responses((status = 200, body = Page<ActionView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(Sorting { order }): Query<Sorting>,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<ActionView>>, Problem> {
    let page = desk.view(move |view| {
        let actions = view.ledger.actions().into_iter();
        let wanted = actions.filter(|action| {
            listing.wants(false, |item| action.report.item.as_ref() == Some(item))
        });
        match order {
            Order::Risk => listing.page_in_order(wanted.cloned()),
            Order::Time => listing.page(wanted.cloned(), |action| {
                (action.at_ms, action.id.to_string())
            }),
        }
    });
    Ok(JsonAnswer(page.await?))
}

/// Tells what an agent notices about its work; the answer's `advice` says whether to ask a
/// person.
#[utoipa::path(
    post, path = "/workspaces/{ws}/signals", tag = "actions", params(Desk, Key),
    request_body(content = Signal, example = json!({
        "item": "step:budget", "signals": { "confidence": 0.55, "stakes": 0.8 }
    })),
    responses((status = 201, body = Done<SignalView>), Refusals)
)]
async fn signal(
    desk: Desk,
    Json(signal): Json<Signal>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let done = desk.done("signal", Command::Signal(signal), |view, outcome| {
        found(view, outcome.id.as_ref()?)
    });
    Ok((StatusCode::CREATED, JsonAnswer(done.await?)))
}

/// Lists signals, newest first; those that wait for a person's judgement are `open`.
#[utoipa::path(
    get, path = "/workspaces/{ws}/signals", tag = "actions", params(Desk, Auditing, Listing),
    responses((status = 200, body = Page<SignalView>), Refusals)
)]
async fn signals(
    desk: Desk,
    Query(Auditing { audit }): Query<Auditing>,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<SignalView>>, Problem> {
    let page = desk.view(move |view| {
        let signals = view.ledger.signals();
        let signals = signals.filter(|signal| audit.is_none_or(|audit| signal.audit == audit));
        let wanted = signals.filter(|signal| {
            listing.wants(signal.judgement.is_none(), |item| {
                signal.signal.item == *item
            })
        });
        listing.page(wanted.cloned(), |signal| {
            (signal.at_ms, signal.id.to_string())
        })
    });
    Ok(JsonAnswer(page.await?))
}

/// Says whether an agent was right to be as sure as it was; people only.
#[utoipa::path(
    post, path = "/workspaces/{ws}/signals/{id}/judge", tag = "actions",
    params(Desk, SignalPath, Key), request_body = Judging,
    responses((status = 200, body = Done<SignalView>), Refusals)
)]
async fn judge(
    desk: Desk,
    Path(SignalPath { id }): Path<SignalPath>,
    Json(Judging { judgement }): Json<Judging>,
) -> Result<JsonAnswer<Done<SignalView>>, Problem> {
    let judge = Command::Judge {
        signal: id.clone(),
        judgement,
    };
    let done = desk.done("signal", judge, move |view, _| found(view, &id));
    Ok(JsonAnswer(done.await?))
}

fn found(view: &View<'_>, id: &ElementId) -> Option<SignalView> {
    let mut signals = view.ledger.signals();
    signals.find(|signal| signal.id == *id).cloned()
}
