//! What a receiver needs to know to go on, and no more.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{
    Json as JsonAnswer,
    http::header,
    response::{IntoResponse as _, Response},
};
use crdt_schema::{
    attribution::{Authors, People, Who},
    authors,
    context::{DecisionNote, HandoffNote, Needs, Packet, WaitingNote, packet},
    digest::{Lens, digest},
    ids::MemberId,
    item::Item,
    member::Member,
    ownership::{HandoffView, Pending, PendingTask, State},
    versions::Version,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::Transact;

use super::{
    App,
    desk::{Desk, Refusals},
    extract::Query,
    problem::Problem,
};
use crate::{
    room::View,
    versions::{self, Since, VersionError},
};

/// Characters of a packet, if not asked otherwise.
const BUDGET: usize = 12_000;
/// Characters of a packet, at most.
const BUDGET_MAX: usize = 200_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asking {
    /// For whom: `me`, the only value there is.
    #[serde(default, rename = "for")]
    #[param(inline)]
    receiver: Receiver,
    /// How many characters the packet may have, 1,000 to 200,000; 12,000 if absent.
    budget: Option<usize>,
    /// In which form.
    #[serde(default)]
    #[param(inline)]
    format: Form,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ContextReceiver)]
enum Receiver {
    /// Whoever asks.
    #[default]
    Me,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ContextForm)]
enum Form {
    /// For programs.
    #[default]
    Json,
    /// For people and language models.
    Markdown,
}

/// A packet and what it reads up to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContextAnswer)]
struct Answer {
    /// The position in the log that this reads up to; acknowledge it when resuming.
    cursor: u64,
    #[serde(flatten)]
    packet: Packet,
}

/// Tells what a receiver needs to know.
#[utoipa::path(
    get, path = "/workspaces/{ws}/context", tag = "context", params(Desk, Asking),
    responses(
        (status = 200, content((Answer = "application/json"), (String = "text/markdown"))),
        Refusals,
    )
)]
async fn read(desk: Desk, Query(asking): Query<Asking>) -> Result<Response, Problem> {
    let Receiver::Me = asking.receiver;
    let budget = asking.budget.unwrap_or(BUDGET).min(BUDGET_MAX);
    let base = base(&desk).await?;
    let me = desk.me().clone();
    let answer = desk
        .view(move |view| Answer {
            cursor: view.cursor,
            packet: packet_for(view, &me, base.as_ref(), budget),
        })
        .await?;
    Ok(match asking.format {
        Form::Json => JsonAnswer(answer).into_response(),
        Form::Markdown => {
            let form = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
            (form, answer.packet.markdown(budget)).into_response()
        }
    })
}

/// The workspace as the receiver last had it: when it gave the work away, else at its last visit.
async fn base(desk: &Desk) -> Result<Option<Version>, Problem> {
    let me = desk.me().id.clone();
    let given = desk
        .view({
            let me = me.clone();
            move |view| {
                let handoffs = view.ledger.handoffs();
                let given = handoffs.filter(|handoff| handoff.from.member() == Some(&me));
                let last = given.max_by_key(|handoff| handoff.at_ms);
                last.map(|handoff| handoff.id.clone())
            }
        })
        .await?;
    let since = match given {
        Some(id) => Since::Milestone(format!("handoff-{id}")),
        None => Since::Visit,
    };
    match versions::base(&*desk.app.store, &desk.ws, &since, &me).await {
        Ok(version) if version.cursor == 0 => Ok(None),
        Ok(version) => Ok(Some(version)),
        Err(VersionError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn packet_for(view: &View<'_>, me: &Member, base: Option<&Version>, budget: usize) -> Packet {
    let mut txn = view.doc.transact_mut();
    let known = Authors::read(&txn, &authors::on_behalf(&txn));
    let people = People::read(&txn);
    let digest = base.map(|base| {
        let owns = |item: &Item| view.ledger.holding(item).owner.member() == Some(&me.id);
        let lens = Lens {
            authors: &known,
            touches: view.touches,
            reader: Some(&me.id),
            owns: &owns,
        };
        digest(&mut txn, base, &lens)
    });
    let who = |id: &MemberId| named(view.ledger, &people, id);
    let handoff = received(view.ledger, &me.id).map(|handoff| HandoffNote {
        item: handoff.item.clone(),
        from: handoff.from.member().map_or_else(nobody, who),
        trigger: handoff.reason.trigger.as_str().to_owned(),
        note: handoff.reason.note.clone(),
        confidence: handoff.reason.confidence,
    });
    let decisions: Vec<DecisionNote> = decisions(view.ledger, &me.id, &who);
    let waiting: Vec<WaitingNote> = view
        .ledger
        .pending_for(me)
        .into_iter()
        .map(|pending| waits(view.ledger, pending))
        .collect();
    let needs = Needs {
        receiver: &Who {
            id: me.id.clone(),
            name: me.name.clone(),
            kind: Some(me.kind),
        },
        authors: &known,
        handoff: handoff.as_ref(),
        decisions: &decisions,
        waiting: &waiting,
        digest: digest.as_ref(),
        budget,
    };
    packet(&txn, &needs)
}

/// The handoff by which the receiver has, or may have, work.
fn received<'a>(ledger: &'a State, me: &MemberId) -> Option<&'a HandoffView> {
    ledger
        .handoffs()
        .filter(|handoff| handoff.to.member() == Some(me))
        .max_by_key(|handoff| handoff.at_ms)
}

fn decisions(ledger: &State, me: &MemberId, who: &impl Fn(&MemberId) -> Who) -> Vec<DecisionNote> {
    let mut news: Vec<_> = ledger
        .decisions()
        .filter(|decision| decision.status.is_open() || !decision.acknowledged.contains(me))
        .collect();
    news.sort_by_key(|decision| std::cmp::Reverse(decision.at_ms));
    news.into_iter()
        .map(|decision| DecisionNote {
            id: decision.id.to_string(),
            item: decision.item.clone(),
            title: decision.title.clone(),
            note: decision.note.clone(),
            by: decision.by.as_ref().map_or_else(nobody, who),
            state: decision.status.as_str().to_owned(),
        })
        .collect()
}

fn waits(ledger: &State, pending: Pending) -> WaitingNote {
    let decided = |id: &_| ledger.decision(id).map(|decision| decision.item.clone());
    let (kind, id, item) = match &pending.task {
        PendingTask::Answer { approval }
        | PendingTask::Act { approval }
        | PendingTask::Reply { approval } => {
            let scope = ledger.approval(approval).and_then(|ask| ask.scope.first());
            let item = scope.map_or(Item::Workspace, crdt_schema::path::DocPath::item);
            ("approval", approval.to_string(), item)
        }
        PendingTask::Receive { handoff, item, .. } => {
            ("handoff", handoff.to_string(), item.clone())
        }
        PendingTask::Claim { item, .. } => ("claim", item.to_string(), item.clone()),
        PendingTask::Decision { decision, .. } => {
            let item = decided(decision).unwrap_or(Item::Workspace);
            ("decision", decision.to_string(), item)
        }
        PendingTask::Resume { item, .. } => ("resume", item.to_string(), item.clone()),
    };
    WaitingNote {
        kind: kind.to_owned(),
        id,
        item,
        title: pending.title,
        since_ms: pending.since_ms,
    }
}

fn named(ledger: &State, people: &People, id: &MemberId) -> Who {
    match ledger.member(id) {
        Some(member) => Who {
            id: id.clone(),
            name: member.name.clone(),
            kind: Some(member.kind),
        },
        None => people.who(id),
    }
}

fn nobody() -> Who {
    Who {
        id: "nobody".parse().expect("letters are an id"),
        name: "Nobody".to_owned(),
        kind: None,
    }
}
