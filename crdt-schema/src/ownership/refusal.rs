//! Why a command was not accepted, and what to do instead.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    briefing::Missing,
    hash::Hash,
    owner::{Owner, QueueName},
};
use crate::{ids::ElementId, item::Item, member::Role};

/// Why a command was not accepted. Nothing has changed. `Display` is one sentence that says what
/// to do; in JSON the variant's name is the field `code`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The owner changed since the author looked.
    #[error(
        "{owner_name} holds {item} now, at epoch {epoch}: look again, then repeat with that epoch"
    )]
    Stale {
        /// Which item.
        item: Item,
        /// Who holds it.
        owner: Owner,
        /// The owner's name.
        owner_name: String,
        /// The item's epoch.
        epoch: u64,
    },
    /// The idempotency key belongs to another command.
    #[error("this idempotency key was used with another command: use a new key")]
    KeyReused,
    /// Only the owner may.
    #[error("{owner_name} holds {item}: ask them, or a person may take it over")]
    NotOwner {
        /// Which item.
        item: Item,
        /// Who holds it.
        owner: Owner,
        /// The owner's name.
        owner_name: String,
        /// The item's epoch.
        epoch: u64,
    },
    /// The member holds the item already.
    #[error("{owner_name} holds {item} already: nothing is left to do")]
    AlreadyHeld {
        /// Which item.
        item: Item,
        /// The owner's name.
        owner_name: String,
    },
    /// The item is neither open nor in a queue.
    #[error(
        "{owner_name} holds {item} since epoch {epoch}: only what is open or in a queue can be claimed"
    )]
    NotClaimable {
        /// Which item.
        item: Item,
        /// Who holds it.
        owner: Owner,
        /// The owner's name.
        owner_name: String,
        /// The item's epoch.
        epoch: u64,
    },
    /// The queue does not admit the member.
    #[error("the queue {queue} does not let you claim: {why}")]
    NotInQueue {
        /// Which queue.
        queue: QueueName,
        /// Why not.
        why: &'static str,
    },
    /// A person is at work on the item.
    #[error(
        "{owner_name} is at work on {item}: ask them, wait {wait_ms} ms after they stop, or ask an admin"
    )]
    Attended {
        /// Which item.
        item: Item,
        /// The owner's name.
        owner_name: String,
        /// How long their attention counts, in milliseconds.
        wait_ms: u64,
    },
    /// The role does not suffice.
    #[error("this needs the role {needs}: ask an admin", needs = .needs.as_str())]
    Role {
        /// The least role that does.
        needs: Role,
    },
    /// The receiver could not work on the item.
    #[error("{name} cannot write here: choose somebody with the role editor")]
    Receiver {
        /// The receiver's name.
        name: String,
    },
    /// Only people may.
    #[error("only people may {what}")]
    PeopleOnly {
        /// What.
        what: &'static str,
    },
    /// Only some people may.
    #[error("only {names} may answer this")]
    NotNamed {
        /// Who may.
        names: String,
    },
    /// Only the one concerned may.
    #[error("only {name} may {what}")]
    NotYours {
        /// Who may.
        name: String,
        /// What.
        what: &'static str,
    },
    /// The item is not in the document.
    #[error("{item} is not in the document, or no longer")]
    NoSuchItem {
        /// Which item.
        item: Item,
    },
    /// There is no such thing.
    #[error("there is no {what} {id:?}, or it ended long ago: look it up in the record")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The briefing is not complete.
    #[error("the briefing is incomplete: {}", list(.missing))]
    Incomplete {
        /// What it lacks.
        missing: Vec<Missing>,
    },
    /// The item is being handed off.
    #[error("{item} is already offered to {to}: withdraw that handoff first")]
    Offered {
        /// Which item.
        item: Item,
        /// The open handoff.
        handoff: ElementId,
        /// The name of its receiver.
        to: String,
    },
    /// The handoff has not been read back.
    #[error("read the handoff back first: post what you have understood as its brief")]
    NotBriefed,
    /// Agents pass the item around among themselves.
    #[error(
        "{item} went from agent to agent {depth} times: hand it to a person or to the queue {queue}"
    )]
    TooDeep {
        /// Which item.
        item: Item,
        /// How often.
        depth: u32,
        /// Where it may go.
        queue: QueueName,
    },
    /// The thing is past that.
    #[error("this {what} is {status} already")]
    Ended {
        /// What kind of thing.
        what: &'static str,
        /// How far it is.
        status: &'static str,
    },
    /// The thing is not there yet.
    #[error("this {what} is only {status}")]
    NotYet {
        /// What kind of thing.
        what: &'static str,
        /// How far it is.
        status: &'static str,
    },
    /// Somebody acts on it.
    #[error(
        "{name} took this {what} and has until {until_ms} (ms since 1970) to say what came of it"
    )]
    Taken {
        /// What kind of thing.
        what: &'static str,
        /// Who took it.
        name: String,
        /// Until when.
        until_ms: u64,
    },
    /// The lease or grant is not the one that counts.
    #[error("this {what} is not the one that counts now: take again and use what you get")]
    Fenced {
        /// `lease` or `grant`.
        what: &'static str,
    },
    /// What is approved is not what was looked at.
    #[error(
        "this changed since you looked: look again, and answer with the content hash {content}"
    )]
    ChangedSinceYouLooked {
        /// Which approval.
        approval: ElementId,
        /// Hash of action and scope's content as they are now.
        content: Hash,
    },
    /// Not everything has been acknowledged.
    #[error("acknowledge the decisions {decisions:?} and read up to {cursor} first")]
    Unacknowledged {
        /// The decisions that were left out.
        decisions: Vec<ElementId>,
        /// The position in the log to be read up to.
        cursor: u64,
    },
    /// There is no such queue.
    #[error("there is no queue {name}: make it first")]
    NoSuchQueue {
        /// Which.
        name: QueueName,
    },
    /// The queue is in use.
    #[error("the queue {name} cannot be removed: {why}")]
    QueueInUse {
        /// Which.
        name: QueueName,
        /// Why not.
        why: &'static str,
    },
    /// A field does not hold what it should.
    #[error("{field} must be {expected}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What it should hold.
        expected: String,
    },
    /// There is no room for more.
    #[error("{limit} is {max}: end or remove something first")]
    Limit {
        /// The limit's name.
        limit: &'static str,
        /// Its value.
        max: usize,
    },
}

impl Refusal {
    /// The refusal's stable name, as in the field `code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stale { .. } => "stale",
            Self::KeyReused => "key_reused",
            Self::NotOwner { .. } => "not_owner",
            Self::AlreadyHeld { .. } => "already_held",
            Self::NotClaimable { .. } => "not_claimable",
            Self::NotInQueue { .. } => "not_in_queue",
            Self::Attended { .. } => "attended",
            Self::Role { .. } => "role",
            Self::Receiver { .. } => "receiver",
            Self::PeopleOnly { .. } => "people_only",
            Self::NotNamed { .. } => "not_named",
            Self::NotYours { .. } => "not_yours",
            Self::NoSuchItem { .. } => "no_such_item",
            Self::NotFound { .. } => "not_found",
            Self::Incomplete { .. } => "incomplete",
            Self::Offered { .. } => "offered",
            Self::NotBriefed => "not_briefed",
            Self::TooDeep { .. } => "too_deep",
            Self::Ended { .. } => "ended",
            Self::NotYet { .. } => "not_yet",
            Self::Taken { .. } => "taken",
            Self::Fenced { .. } => "fenced",
            Self::ChangedSinceYouLooked { .. } => "changed_since_you_looked",
            Self::Unacknowledged { .. } => "unacknowledged",
            Self::NoSuchQueue { .. } => "no_such_queue",
            Self::QueueInUse { .. } => "queue_in_use",
            Self::Invalid { .. } => "invalid",
            Self::Limit { .. } => "limit",
        }
    }
}

fn list(missing: &[Missing]) -> String {
    let what: Vec<&str> = missing.iter().map(|missing| &*missing.what).collect();
    what.join("; ")
}
