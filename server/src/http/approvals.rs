//! Approvals: asked, answered by people for exactly one content, acted on once.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::ElementId,
    ownership::{Action, ApprovalView, Command, Hash, NewApproval, Outcome, Verdict},
    path::DocPath,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{ReadTxn, Transact as _, types::ToJson as _};

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    listing::{Listing, Page},
    problem::Problem,
    seen::Seen,
};
use crate::room::View;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ask, list))
        .routes(routes!(look))
        .routes(routes!(answer))
        .routes(routes!(take))
        .routes(routes!(consume))
        .routes(routes!(fail))
        .routes(routes!(withdraw))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ApprovalPath {
    /// The approval's id.
    id: ElementId,
}

/// An approval with the content that an answer is about, as the server has it.
#[derive(Debug, Serialize, ToSchema)]
struct Shown {
    #[serde(flatten)]
    approval: ApprovalView,
    /// What stands at the places of the scope now.
    scope_content: Vec<Standing>,
}

/// What stands at a place of the document.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    /// The place.
    #[schema(value_type = String)]
    path: DocPath,
    /// Its text, value or fields; `null` when nothing is there.
    content: Value,
}

/// An approval to be asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(try_from = "Map<String, Value>")]
#[schema(example = json!({
    "title": "Send 48 invitation emails",
    "action": { "kind": "send_emails", "arguments": { "list": "clinic", "count": 48 } },
    "why": "The interviews start in three weeks.",
    "if_approved": "The invitations go out at once.",
    "if_declined": "I draft them for you to send.",
    "reversible": false, "risk": 0.6, "scope": ["plan/goal", "notes"], "seen": 1532
}))]
struct Asking {
    /// What is asked.
    #[serde(flatten)]
    ask: NewApproval,
    /// What the asker had seen: the approval waits until that is there, so that it is about the
    /// asker's own last edits.
    seen: Option<Seen>,
}

/// A person's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "verdict": "approve", "note": "Send them after lunch.",
    "seen": "3b1f0d6c1d5b6f0e5a4c3b2a190807060504030201000f0e0d0c0b0a09080706"
}))]
struct Answering {
    /// The answer.
    verdict: Verdict,
    /// What is said to it; it travels with every answer.
    note: String,
    /// The action in the form to be run, with the verdict `edit` only.
    #[serde(default)]
    action: Option<Action>,
    /// `content` of the approval as it was looked at. Without it, the answer is about the content
    /// for which the approval was asked.
    #[serde(default)]
    seen: Option<Hash>,
}

/// What came of an approved action.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "grant": "b2Lw8", "result": "48 invitations were sent." }))]
#[schema(as = ConsumingApproval)]
struct Consuming {
    /// What taking the approval gave.
    grant: ElementId,
    /// What came of it.
    result: String,
}

/// Why an approved action was not run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "grant": "b2Lw8", "reason": "The mail server refused." }))]
#[schema(as = FailingApproval)]
struct Failing {
    /// What taking the approval gave.
    grant: ElementId,
    /// Why.
    reason: String,
}

/// Asks people to approve an action. Nothing may be run or prepared before the answer.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals", tag = "approvals", params(Desk, Key),
    request_body = Asking,
    responses((status = 201, body = Done<Shown>), Refusals)
)]
async fn ask(
    desk: Desk,
    Json(Asking { ask, seen }): Json<Asking>,
) -> Result<impl IntoResponse + use<>, Problem> {
    desk.has_arrived(seen).await?;
    let ask = Command::AskApproval(ask);
    let done = desk.done("approval", ask, |view, outcome| {
        shown(view, outcome.id.as_ref()?)
    });
    Ok((StatusCode::CREATED, JsonAnswer(done.await?)))
}

/// Lists approvals, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/approvals", tag = "approvals", params(Desk, Listing),
    responses((status = 200, body = Page<ApprovalView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<ApprovalView>>, Problem> {
    let page = desk.view(move |view| {
        let approvals = view.ledger.approvals();
        let wanted = approvals.filter(|approval| {
            listing.wants(approval.status.is_open(), |item| {
                approval.scope.iter().any(|path| path.item() == *item)
            })
        });
        let page = listing.page(wanted, |approval| (approval.at_ms, approval.id.to_string()));
        let txn = view.doc.transact();
        let now = page
            .items
            .iter()
            .filter_map(|approval| view.ledger.approval_now(&approval.id, &txn));
        Page {
            items: now.collect(),
            next_cursor: page.next_cursor,
        }
    });
    Ok(JsonAnswer(page.await?))
}

/// Reads an approval, with the hash and the content that an answer is about.
#[utoipa::path(
    get, path = "/workspaces/{ws}/approvals/{id}", tag = "approvals",
    params(Desk, ApprovalPath),
    responses((status = 200, body = Shown), Refusals)
)]
async fn look(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
) -> Result<JsonAnswer<Shown>, Problem> {
    let found = desk.find("approval", move |view| shown(view, &id));
    Ok(JsonAnswer(found.await?))
}

/// Answers an approval; people only. Refused when its content changed since it was looked at.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals/{id}/answer", tag = "approvals",
    params(Desk, ApprovalPath, Key), request_body = Answering,
    responses((status = 200, body = Done<Shown>), Refusals)
)]
async fn answer(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
    Json(answering): Json<Answering>,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let answer = Command::AnswerApproval {
        id: id.clone(),
        verdict: answering.verdict,
        note: answering.note,
        action: answering.action,
        seen: answering.seen.map(|hash| hash.to_string()),
    };
    moved(&desk, id, answer).await
}

/// Starts acting on an approval, once. Refused as `void` when what was approved is no longer what
/// is there: nothing may be run then.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals/{id}/take", tag = "approvals",
    params(Desk, ApprovalPath, Key),
    responses((status = 200, body = Done<Shown>), Refusals)
)]
async fn take(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let outcome = desk
        .command(Command::TakeApproval { id: id.clone() })
        .await?;
    if let Some(content) = outcome.void {
        return Err(void(&outcome, content));
    }
    let found = desk.find("approval", move |view| shown(view, &id)).await?;
    Ok(JsonAnswer(Done::new(found, &outcome)))
}

/// Says what came of the action; said again, the first result stands and is answered.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals/{id}/consume", tag = "approvals",
    params(Desk, ApprovalPath, Key), request_body = Consuming,
    responses((status = 200, body = Done<Shown>), Refusals)
)]
async fn consume(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
    Json(Consuming { grant, result }): Json<Consuming>,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let consume = Command::ConsumeApproval {
        id: id.clone(),
        grant,
        result,
    };
    moved(&desk, id, consume).await
}

/// Says that the action could not be run.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals/{id}/fail", tag = "approvals",
    params(Desk, ApprovalPath, Key), request_body = Failing,
    responses((status = 200, body = Done<Shown>), Refusals)
)]
async fn fail(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
    Json(Failing { grant, reason }): Json<Failing>,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let fail = Command::FailApproval {
        id: id.clone(),
        grant,
        reason,
    };
    moved(&desk, id, fail).await
}

/// Takes back what was asked, before it is acted on.
#[utoipa::path(
    post, path = "/workspaces/{ws}/approvals/{id}/withdraw", tag = "approvals",
    params(Desk, ApprovalPath, Key),
    responses((status = 200, body = Done<Shown>), Refusals)
)]
async fn withdraw(
    desk: Desk,
    Path(ApprovalPath { id }): Path<ApprovalPath>,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let withdraw = Command::WithdrawApproval { id: id.clone() };
    moved(&desk, id, withdraw).await
}

async fn moved(
    desk: &Desk,
    id: ElementId,
    command: Command,
) -> Result<JsonAnswer<Done<Shown>>, Problem> {
    let read = move |view: &View<'_>, _: &_| shown(view, &id);
    Ok(JsonAnswer(desk.done("approval", command, read).await?))
}

/// Both parts refuse what they do not know.
impl TryFrom<Map<String, Value>> for Asking {
    type Error = serde_json::Error;

    fn try_from(mut fields: Map<String, Value>) -> Result<Self, serde_json::Error> {
        let seen = fields.remove("seen").unwrap_or_default();
        Ok(Self {
            seen: serde_json::from_value(seen)?,
            ask: serde_json::from_value(Value::Object(fields))?,
        })
    }
}

fn shown(view: &View<'_>, id: &ElementId) -> Option<Shown> {
    let txn = view.doc.transact();
    let approval = view.ledger.approval_now(id, &txn)?;
    let places = approval.scope.iter();
    Some(Shown {
        scope_content: places.map(|path| standing(&txn, path)).collect(),
        approval,
    })
}

fn standing<T: ReadTxn>(txn: &T, path: &DocPath) -> Standing {
    let content = path.resolve(txn).map(|out| out.to_json(txn));
    Standing {
        path: path.clone(),
        content: content
            .and_then(|any| serde_json::to_value(any).ok())
            .unwrap_or_default(),
    }
}

/// Whoever runs something on any answer must not run it on this one.
fn void(outcome: &Outcome, content: Hash) -> Problem {
    let detail = "what was approved is no longer what is there: run nothing, and ask again";
    let fields = [
        ("void", Value::from(content.to_string())),
        ("record", outcome.record.into()),
    ];
    let fields = fields.map(|(key, value)| (key.to_owned(), value));
    Problem::conflict(detail).coded("void", Map::from_iter(fields))
}
