//! What happened, in one sentence.

use crdt_schema::{
    attribution::{People, Who},
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{Event, Mode, Noted, Owner, Verdict},
    path::DocPath,
    schema::{Workspace, words::Word as _},
};
use yrs::{Map as _, MapRef, Out, ReadTxn};

/// Says what happened; `None` if it is nothing that anybody would tell.
pub(super) fn of_event<T: ReadTxn>(
    event: &Event,
    by: Option<&Who>,
    me: &MemberId,
    people: &People,
    txn: &T,
) -> Option<String> {
    let by = by.map_or("the server", |who| &who.name);
    Some(match event {
        Event::OwnerChanged { item, owner, .. } => of_owner(item, owner, me, people, txn),
        Event::HandoffOffered {
            item,
            to,
            mode: Mode::Warm,
            reason,
            ..
        } => {
            let to = match to {
                Owner::Member(to) => name(to, me, people),
                Owner::Queue(_) | Owner::Nobody => to.to_string(),
            };
            format!(
                "{by} offers {} to {to}: {}",
                of_item(item, txn),
                reason.note
            )
        }
        Event::HandoffBriefed { summary, .. } => format!("{by} read back: {summary}"),
        Event::HandoffEnded { status, reason, .. } if reason.is_empty() => {
            format!("an offer was {status}")
        }
        Event::HandoffEnded { status, reason, .. } => format!("an offer was {status}: {reason}"),
        Event::Gated { item, member, .. } if member == me => {
            let item = of_item(item, txn);
            format!("{item} is yours again; catch up before you write")
        }
        Event::DecisionPosted { .. }
        | Event::DecisionTaken { .. }
        | Event::DecisionReturned { .. }
        | Event::DecisionConsumed { .. }
        | Event::DecisionFailed { .. }
        | Event::DecisionEnded { .. } => return of_decision(event, by, txn),
        Event::ApprovalAsked { .. }
        | Event::ApprovalAnswered { .. }
        | Event::ApprovalTaken { .. }
        | Event::ApprovalReturned { .. }
        | Event::ApprovalVoided { .. }
        | Event::ApprovalConsumed { .. }
        | Event::ApprovalFailed { .. }
        | Event::ApprovalWithdrawn { .. }
        | Event::ApprovalExpired { .. } => return of_approval(event, by, txn),
        Event::Reported { report, .. } => format!("{by} reports: {}", report.what),
        Event::PolicySet { .. } => format!("{by} changed the workspace's rules"),
        Event::QueueSet { queue } => format!("{by} set up the queue {}", queue.name),
        Event::QueueRemoved { name } => format!("{by} removed the queue {name}"),
        Event::Noted { noted } => return of_noted(noted, by, people),
        Event::HandoffOffered {
            mode: Mode::Cold, ..
        }
        | Event::Gated { .. }
        | Event::MemberKnown { .. }
        | Event::Keyed { .. }
        | Event::LeaseRenewed { .. }
        | Event::Resumed { .. }
        | Event::Signalled { .. }
        | Event::Judged { .. } => return None,
    })
}

fn of_owner<T: ReadTxn>(
    item: &Item,
    owner: &Owner,
    me: &MemberId,
    people: &People,
    txn: &T,
) -> String {
    let item = of_item(item, txn);
    match owner {
        Owner::Member(owner) if owner == me => format!("{item} became yours"),
        Owner::Member(owner) => format!("{item} went to {}", people.who(owner).name),
        Owner::Queue(queue) => format!("{item} waits in the queue {queue}"),
        Owner::Nobody => format!("{item} is open to all"),
    }
}

fn of_decision<T: ReadTxn>(event: &Event, by: &str, txn: &T) -> Option<String> {
    let named = |id| format!("the decision {}", title_in("decisions", id, txn));
    Some(match event {
        Event::DecisionPosted { item, title, .. } => {
            format!("{by} decided about {}: {title}", of_item(item, txn))
        }
        Event::DecisionTaken { id, .. } => format!("{by} acts on {}", named(id)),
        Event::DecisionReturned { id } => format!("{} waits again", named(id)),
        Event::DecisionConsumed { id, outcome } => {
            format!("{} was acted on: {outcome}", named(id))
        }
        Event::DecisionFailed { id, reason } => format!("{} failed: {reason}", named(id)),
        Event::DecisionEnded { id, status } => format!("{} is {status}", named(id)),
        _ => return None,
    })
}

fn of_approval<T: ReadTxn>(event: &Event, by: &str, txn: &T) -> Option<String> {
    let named = |id| format!("the approval {}", title_in("approvals", id, txn));
    Some(match event {
        Event::ApprovalAsked { ask, .. } => format!("{by} asks: {}", ask.title),
        Event::ApprovalAnswered {
            id, verdict, note, ..
        } => {
            let answer = match verdict {
                Verdict::Approve => "was approved by",
                Verdict::Edit => "was approved, with changes, by",
                Verdict::Decline => "was declined by",
                Verdict::Reply => "has a remark by",
            };
            format!("{} {answer} {by}: {note}", named(id))
        }
        Event::ApprovalTaken { id, .. } => format!("{by} acts on {}", named(id)),
        Event::ApprovalReturned { id } => format!("{} may be acted on again", named(id)),
        Event::ApprovalVoided { id, .. } => {
            format!("{} is void: what it was about has changed", named(id))
        }
        Event::ApprovalConsumed { id, result } => {
            format!("{} was carried out: {result}", named(id))
        }
        Event::ApprovalFailed { id, reason } => format!("{} failed: {reason}", named(id)),
        Event::ApprovalWithdrawn { id } => format!("{} was withdrawn", named(id)),
        Event::ApprovalExpired { id } => format!("{} expired without an answer", named(id)),
        _ => return None,
    })
}

fn name(member: &MemberId, me: &MemberId, people: &People) -> String {
    match member == me {
        true => "you".to_owned(),
        false => people.who(member).name,
    }
}

/// Says who edited where.
pub(super) fn of_edit<T: ReadTxn>(path: &DocPath, by: &[Who], txn: &T) -> String {
    let item = path.item();
    let keys: Vec<&str> = path.keys().iter().map(|key| &**key).collect();
    let depth = match &item {
        Item::Step(_) => 3,
        Item::Task(_) => 2,
        Item::Plan | Item::Briefing | Item::Notes => 1,
        Item::Workspace => 0,
    };
    let whole = of_item(&item, txn);
    let place = match keys.get(depth) {
        Some(field) => format!("{} of {whole}", field.replace('_', " ")),
        None => whole,
    };
    let names: Vec<&str> = by.iter().map(|who| &*who.name).collect();
    match names.as_slice() {
        [] => format!("{place} was changed"),
        names => format!("{place} was changed by {}", names.join(" and ")),
    }
}

fn of_noted(noted: &Noted, by: &str, people: &People) -> Option<String> {
    Some(match noted {
        Noted::CheckpointMade { title, .. } => format!("{by} kept a version: {title}"),
        Noted::Restored { .. } => format!("{by} brought an earlier version back"),
        Noted::Undone { member, .. } => format!("{by} undid edits of {}", people.who(member).name),
        Noted::SuggestionsMade {
            member,
            suggestions,
            ..
        } => {
            let (name, count) = (people.who(member).name, suggestions.len());
            format!("what {name} wrote became {count} suggestion(s)")
        }
        Noted::SuggestionDecided { status, .. } => {
            format!("{by}: a suggestion is {}", status.as_str())
        }
        Noted::ArtifactPut { title, .. } => format!("{by} kept a file: {title}"),
        Noted::CheckpointRemoved { .. } => return None,
    })
}

fn of_item<T: ReadTxn>(item: &Item, txn: &T) -> String {
    match item {
        Item::Workspace => "the workspace".to_owned(),
        Item::Plan => "the plan".to_owned(),
        Item::Briefing => "the briefing".to_owned(),
        Item::Notes => "the notes".to_owned(),
        Item::Step(id) => {
            let title = Workspace.plan().steps().get(id).title().read(txn);
            format!("step {}", quoted(&title, id.as_str()))
        }
        Item::Task(id) => {
            let title = Workspace.tasks().get(id).title().read(txn);
            format!("task {}", quoted(&title, id.as_str()))
        }
    }
}

/// The title of an open decision or approval; its id once it has ended.
fn title_in<T: ReadTxn>(table: &str, id: &ElementId, txn: &T) -> String {
    let title = || {
        let table = MapRef::try_from(txn.get_map("control")?.get(txn, table)?).ok()?;
        let entry = MapRef::try_from(table.get(txn, id.as_str())?).ok()?;
        match entry.get(txn, "title")? {
            Out::Any(title) => Some(title.to_string()),
            _ => None,
        }
    };
    quoted(&title().unwrap_or_default(), id.as_str())
}

fn quoted(title: &str, id: &str) -> String {
    let title = title.trim();
    format!("\"{}\"", if title.is_empty() { id } else { title })
}
