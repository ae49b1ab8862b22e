//! What everybody may watch: the state's open things, written into the document's `control`
//! root, which only the server writes.
//!
//! Invariant: after each record, `control` says what the state says. Everything is a map of
//! plain values; what is nested is JSON in a string, since the order of bytes in a nested map
//! would not be fixed.

use std::collections::BTreeSet;

use serde::Serialize;
use yrs::{Any, Map, MapRef, TransactionMut, WriteTxn};

use super::{
    event::Event,
    hash::canonical,
    owner::{Owner, QueueName},
    state::State,
};
use crate::{ids::ElementId, item::Item, member::Member};

/// Writes what `events` have changed, as `state` has it after them.
pub fn project(state: &State, events: &[Event], txn: &mut TransactionMut<'_>) {
    let mut touched = Touched::default();
    events.iter().for_each(|event| touched.add(event));
    write(state, &touched, txn);
}

/// Writes all that `state` has: for a new document, and for one that has no ownership yet.
pub fn project_all(state: &State, txn: &mut TransactionMut<'_>) {
    let touched = Touched {
        items: state.held.keys().cloned().collect(),
        handoffs: state.handoffs().map(|view| view.id.clone()).collect(),
        decisions: state.decisions().map(|view| view.id.clone()).collect(),
        approvals: state.approvals().map(|view| view.id.clone()).collect(),
        queues: state.queues.keys().cloned().collect(),
        members: state.members().cloned().collect(),
        policy: true,
    };
    write(state, &touched, txn);
}

/// What has to be written again.
#[derive(Default)]
struct Touched {
    items: BTreeSet<Item>,
    handoffs: BTreeSet<ElementId>,
    decisions: BTreeSet<ElementId>,
    approvals: BTreeSet<ElementId>,
    queues: BTreeSet<QueueName>,
    members: Vec<Member>,
    policy: bool,
}

impl Touched {
    fn add(&mut self, event: &Event) {
        match event {
            Event::OwnerChanged { item, handoff, .. } => {
                self.items.insert(item.clone());
                self.handoffs.extend(handoff.clone());
            }
            Event::LeaseRenewed { item, .. } | Event::Gated { item, .. } => {
                self.items.insert(item.clone());
            }
            Event::Resumed {
                item, decisions, ..
            } => {
                self.items.insert(item.clone());
                self.decisions.extend(decisions.iter().cloned());
            }
            Event::HandoffOffered { id, .. }
            | Event::HandoffBriefed { id, .. }
            | Event::HandoffEnded { id, .. } => {
                self.handoffs.insert(id.clone());
            }
            Event::DecisionPosted { id, .. }
            | Event::DecisionTaken { id, .. }
            | Event::DecisionReturned { id }
            | Event::DecisionConsumed { id, .. }
            | Event::DecisionFailed { id, .. }
            | Event::DecisionEnded { id, .. } => {
                self.decisions.insert(id.clone());
            }
            Event::ApprovalAsked { id, .. }
            | Event::ApprovalAnswered { id, .. }
            | Event::ApprovalTaken { id, .. }
            | Event::ApprovalReturned { id }
            | Event::ApprovalVoided { id, .. }
            | Event::ApprovalConsumed { id, .. }
            | Event::ApprovalFailed { id, .. }
            | Event::ApprovalWithdrawn { id }
            | Event::ApprovalExpired { id } => {
                self.approvals.insert(id.clone());
            }
            Event::QueueSet { queue } => {
                self.queues.insert(queue.name.clone());
            }
            Event::QueueRemoved { name } => {
                self.queues.insert(name.clone());
            }
            Event::PolicySet { .. } => self.policy = true,
            Event::MemberKnown { member } => self.members.push(member.clone()),
            Event::Keyed { .. }
            | Event::Reported { .. }
            | Event::Signalled { .. }
            | Event::Judged { .. }
            | Event::Noted { .. } => {}
        }
    }
}

fn write(state: &State, touched: &Touched, txn: &mut TransactionMut<'_>) {
    let control = txn.get_or_insert_map("control");
    for member in &touched.members {
        let id = member.id.as_str();
        put(&control, "members", id, Some(member_fields(member)), txn);
    }
    for item in &touched.items {
        put(
            &control,
            "owners",
            &item.to_string(),
            owner(state, item),
            txn,
        );
    }
    for id in &touched.handoffs {
        let open = state.handoff(id).filter(|view| view.status.is_open());
        put(&control, "handoffs", id.as_str(), open.map(fields), txn);
    }
    for id in &touched.decisions {
        let open = state.decision(id).filter(|view| view.status.is_open());
        put(&control, "decisions", id.as_str(), open.map(fields), txn);
    }
    for id in &touched.approvals {
        let open = state.approval(id).filter(|view| view.status.is_open());
        put(&control, "approvals", id.as_str(), open.map(fields), txn);
    }
    for name in &touched.queues {
        let queue = state.queues.get(name);
        put(&control, "queues", name.as_str(), queue.map(fields), txn);
    }
    if touched.policy {
        let policy = fields(&state.policy);
        let map: MapRef = control.get_or_init(txn, "policy");
        update(&map, policy, txn);
    }
}

type Fields = Vec<(String, Any)>;

fn owner(state: &State, item: &Item) -> Option<Fields> {
    let held = state.held.get(item)?;
    let text = |text: &str| Any::from(text);
    let mut fields: Fields = vec![
        ("epoch".into(), number(held.epoch)),
        ("since_ms".into(), number(held.since_ms)),
        ("depth".into(), number(held.depth.into())),
    ];
    match &held.owner {
        Owner::Member(id) => fields.push(("member".into(), text(id.as_str()))),
        Owner::Queue(name) => fields.push(("queue".into(), text(name.as_str()))),
        Owner::Nobody => {}
    }
    if let Some(until_ms) = held.lease_until_ms {
        fields.push(("lease_until_ms".into(), number(until_ms)));
    }
    if let Some(gate) = &held.gate {
        fields.push(("gate".into(), json(gate)));
    }
    Some(fields)
}

fn member_fields(member: &Member) -> Fields {
    vec![
        ("name".into(), member.name.as_str().into()),
        ("kind".into(), member.kind.as_str().into()),
        ("role".into(), member.role.as_str().into()),
    ]
}

/// The fields of a view: plain values as they are, nested ones as JSON.
fn fields<V: Serialize>(view: &V) -> Fields {
    let value = serde_json::to_value(view).expect("views are plain data");
    let serde_json::Value::Object(fields) = value else {
        return Vec::new();
    };
    let mut fields: Fields = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key, plain(value)?)))
        .collect();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    fields
}

fn plain(value: serde_json::Value) -> Option<Any> {
    use serde_json::Value;
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => value.into(),
        Value::String(text) => text.into(),
        Value::Number(value) => match value.as_u64() {
            Some(value) => number(value),
            None => value.as_f64()?.into(),
        },
        nested @ (Value::Array(_) | Value::Object(_)) => canonical(&nested).into(),
    })
}

fn json<V: Serialize>(value: &V) -> Any {
    canonical(&serde_json::to_value(value).expect("views are plain data")).into()
}

/// A whole number; times and epochs stay below 2^53.
fn number(value: u64) -> Any {
    Any::from(value as f64)
}

/// Writes one entry of a table of `control`, or removes it.
fn put(
    control: &MapRef,
    table: &'static str,
    key: &str,
    entry: Option<Fields>,
    txn: &mut TransactionMut<'_>,
) {
    let table: MapRef = control.get_or_init(txn, table);
    match entry {
        Some(fields) => {
            let map: MapRef = table.get_or_init(txn, key);
            update(&map, fields, txn);
        }
        None => {
            table.remove(txn, key);
        }
    }
}

/// Makes a map hold exactly these fields, writing only what differs.
fn update(map: &MapRef, fields: Fields, txn: &mut TransactionMut<'_>) {
    let mut gone: Vec<String> = map.keys(txn).map(str::to_owned).collect();
    gone.retain(|key| fields.iter().all(|(kept, _)| kept != key));
    gone.sort();
    for key in gone {
        map.remove(txn, &key);
    }
    for (key, value) in fields {
        map.try_update(txn, key, value);
    }
}
