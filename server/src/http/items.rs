//! Who holds what: look, claim, release, renew, take over, resume.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use std::collections::BTreeSet;

use axum::Json as JsonAnswer;
use crdt_schema::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{Command, HoldingView, Owner, QueueName, State},
    schema::Workspace,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{ReadTxn, Transact as _};

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    problem::Problem,
};

/// Items in one page, at most.
const PAGE_MAX: usize = 1000;
/// Items in one page, if not asked otherwise.
const PAGE: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(look))
        .routes(routes!(claim))
        .routes(routes!(release))
        .routes(routes!(renew))
        .routes(routes!(take_over))
        .routes(routes!(resume))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ItemPath {
    /// `workspace`, `plan`, `briefing`, `notes`, `step:<id>` or `task:<id>`.
    #[param(value_type = String, example = "plan")]
    item: Item,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Holding {
    /// Only what this member holds, itself or through what it belongs to; `me` for the caller.
    member: Option<String>,
    /// Only what waits in this queue.
    #[param(value_type = Option<String>)]
    queue: Option<QueueName>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Item>,
    /// How many at most, 1 to 1000; 200 if absent.
    limit: Option<usize>,
}

/// A page of items, in the order workspace, plan, briefing, notes, steps, tasks.
#[derive(Debug, Serialize, ToSchema)]
struct ItemPage {
    /// The items and who holds them.
    items: Vec<HoldingView>,
    /// Ask again with this as `cursor` for more; `null` at the end.
    next_cursor: Option<Item>,
}

/// The item as its author saw it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "epoch": 3 }))]
struct AtEpoch {
    /// The item's epoch, as the item was last read.
    epoch: u64,
}

/// Taking the pen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "epoch": 3, "note": "I finish this before the call." }))]
struct TakingOver {
    /// The item's epoch, as the item was last read.
    epoch: u64,
    /// Why, for whoever held it.
    #[serde(default)]
    note: String,
}

/// Having caught up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "epoch": 5, "decisions": ["d7Kq2"], "cursor": 1532 }))]
struct Resuming {
    /// The item's epoch, as the item was last read.
    epoch: u64,
    /// The decisions that were read; at least those in the item's `gate`.
    decisions: Vec<ElementId>,
    /// How far in the log the changes were read; at least to the `cursor` in the item's `gate`.
    cursor: u64,
}

/// Lists the items and who holds them.
#[utoipa::path(
    get, path = "/workspaces/{ws}/items", tag = "items", params(Desk, Holding),
    responses((status = 200, body = ItemPage), Refusals)
)]
async fn list(desk: Desk, Query(holding): Query<Holding>) -> Result<JsonAnswer<ItemPage>, Problem> {
    let member = match holding.member.as_deref() {
        Some("me") => Some(desk.me().id.clone()),
        Some(id) => Some(
            id.parse::<MemberId>()
                .map_err(|bad| Problem::bad_request(bad.to_string()))?,
        ),
        None => None,
    };
    let page = desk.view(move |view| {
        let items = items(view.ledger, &view.doc.transact());
        let wanted = items
            .into_iter()
            .filter(|item| holding.cursor.as_ref().is_none_or(|cursor| item > cursor))
            .map(|item| view.ledger.holding(&item))
            .filter(|found| {
                member
                    .as_ref()
                    .is_none_or(|id| found.owner.member() == Some(id))
            })
            .filter(|found| {
                let queue = holding.queue.as_ref();
                queue.is_none_or(|name| found.owner == Owner::Queue(name.clone()))
            });
        page(wanted, holding.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX))
    });
    Ok(JsonAnswer(page.await?))
}

/// Says who holds an item.
#[utoipa::path(
    get, path = "/workspaces/{ws}/items/{item}", tag = "items", params(Desk, ItemPath),
    responses((status = 200, body = HoldingView), Refusals)
)]
async fn look(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
) -> Result<JsonAnswer<HoldingView>, Problem> {
    let missing = format!("{item} is not in the document; GET …/items lists what is");
    let found = desk
        .view(move |view| exists(&item, &view.doc.transact()).then(|| view.ledger.holding(&item)));
    let found = found.await?.ok_or_else(|| Problem::not_found(missing))?;
    Ok(JsonAnswer(found))
}

/// Takes an item that is open or waits in a queue. Of many who claim at once, one wins.
#[utoipa::path(
    post, path = "/workspaces/{ws}/items/{item}/claim", tag = "items",
    params(Desk, ItemPath, Key), request_body = AtEpoch,
    responses((status = 200, body = Done<HoldingView>), Refusals)
)]
async fn claim(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
    Json(AtEpoch { epoch }): Json<AtEpoch>,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let command = Command::Claim {
        item: item.clone(),
        epoch,
    };
    held(&desk, item, command).await
}

/// Lets an item go: to the queue that the policy names for that, or open to every editor.
#[utoipa::path(
    post, path = "/workspaces/{ws}/items/{item}/release", tag = "items",
    params(Desk, ItemPath, Key), request_body = AtEpoch,
    responses((status = 200, body = Done<HoldingView>), Refusals)
)]
async fn release(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
    Json(AtEpoch { epoch }): Json<AtEpoch>,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let command = Command::Release {
        item: item.clone(),
        epoch,
    };
    held(&desk, item, command).await
}

/// Extends an agent's lease on an item.
#[utoipa::path(
    post, path = "/workspaces/{ws}/items/{item}/renew", tag = "items",
    params(Desk, ItemPath, Key), request_body = AtEpoch,
    responses((status = 200, body = Done<HoldingView>), Refusals)
)]
async fn renew(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
    Json(AtEpoch { epoch }): Json<AtEpoch>,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let command = Command::Renew {
        item: item.clone(),
        epoch,
    };
    held(&desk, item, command).await
}

/// Takes the pen: from an agent or a queue at once, from a person who is away.
#[utoipa::path(
    post, path = "/workspaces/{ws}/items/{item}/take-over", tag = "items",
    params(Desk, ItemPath, Key), request_body = TakingOver,
    responses((status = 200, body = Done<HoldingView>), Refusals)
)]
async fn take_over(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
    Json(TakingOver { epoch, note }): Json<TakingOver>,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let command = Command::TakeOver {
        item: item.clone(),
        epoch,
        note,
    };
    held(&desk, item, command).await
}

/// Acknowledges what was decided and changed while an agent did not hold the item.
#[utoipa::path(
    post, path = "/workspaces/{ws}/items/{item}/resume", tag = "items",
    params(Desk, ItemPath, Key), request_body = Resuming,
    responses((status = 200, body = Done<HoldingView>), Refusals)
)]
async fn resume(
    desk: Desk,
    Path(ItemPath { item }): Path<ItemPath>,
    Json(Resuming {
        epoch,
        decisions,
        cursor,
    }): Json<Resuming>,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let command = Command::Resume {
        item: item.clone(),
        epoch,
        decisions,
        cursor,
    };
    held(&desk, item, command).await
}

async fn held(
    desk: &Desk,
    item: Item,
    command: Command,
) -> Result<JsonAnswer<Done<HoldingView>>, Problem> {
    let done = desk.done("item", command, move |view, _| {
        Some(view.ledger.holding(&item))
    });
    Ok(JsonAnswer(done.await?))
}

/// Everything in the document that can have an owner, and what has one.
fn items<T: ReadTxn>(ledger: &State, txn: &T) -> BTreeSet<Item> {
    let steps = Workspace.plan().steps().ids(txn).into_iter();
    let tasks = Workspace.tasks().ids(txn).into_iter();
    [Item::Workspace, Item::Plan, Item::Briefing, Item::Notes]
        .into_iter()
        .chain(steps.map(Item::Step))
        .chain(tasks.map(Item::Task))
        .chain(ledger.holdings().map(|holding| holding.item))
        .collect()
}

fn exists<T: ReadTxn>(item: &Item, txn: &T) -> bool {
    match item {
        Item::Workspace | Item::Plan | Item::Briefing | Item::Notes => true,
        Item::Step(id) => Workspace.plan().steps().contains(txn, id),
        Item::Task(id) => Workspace.tasks().contains(txn, id),
    }
}

fn page(mut wanted: impl Iterator<Item = HoldingView>, limit: usize) -> ItemPage {
    let items: Vec<HoldingView> = wanted.by_ref().take(limit).collect();
    let next_cursor = match wanted.next() {
        Some(_) => items.last().map(|holding| holding.item.clone()),
        None => None,
    };
    ItemPage { items, next_cursor }
}
