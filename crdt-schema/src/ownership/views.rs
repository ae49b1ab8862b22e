//! What ownership reads as. Times are in milliseconds since the Unix epoch.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod approval;
mod decision;
mod handoff;
mod pending;

pub use self::{
    approval::{Answer, ApprovalView},
    decision::DecisionView,
    handoff::HandoffView,
    pending::{Briefed, Pending, PendingTask},
};
use super::{
    owner::Owner,
    parts::{ActionReport, Signal},
    policy::Queue,
    words::Judgement,
};
use crate::{
    escalation::Advice,
    ids::{ElementId, MemberId},
    item::Item,
};

/// Who holds an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HoldingView {
    /// Which item.
    pub item: Item,
    /// Who holds it.
    pub owner: Owner,
    /// The owner's name, to be shown.
    pub owner_name: String,
    /// The item's own epoch, which commands carry.
    pub epoch: u64,
    /// The item whose owner this is, when this one has none of its own.
    pub inherited: Option<Item>,
    /// Since when; 0 from the beginning.
    pub since_ms: u64,
    /// Until when an agent holds it without a sign of life.
    pub lease_until_ms: Option<u64>,
    /// How often in a row it passed from agent to agent.
    pub depth: u32,
    /// What the owner, an agent, has to acknowledge before it writes directly.
    pub gate: Option<GateView>,
    /// The handoff that waits for its receiver.
    pub handoff: Option<ElementId>,
}

/// What an agent has to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateView {
    /// The decisions.
    pub decisions: Vec<ElementId>,
    /// The position in the log to be read up to.
    pub cursor: u64,
}

/// A queue and what waits in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueView {
    /// The queue.
    #[serde(flatten)]
    pub queue: Queue,
    /// What waits in it, longest first.
    pub waiting: Vec<Waiting>,
}

/// An item that waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waiting {
    /// Which item.
    pub item: Item,
    /// Its epoch, which a claim carries.
    pub epoch: u64,
    /// Since when.
    pub since_ms: u64,
}

/// A reported action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActionView {
    /// Its id.
    pub id: ElementId,
    /// Who did it.
    pub by: Option<MemberId>,
    /// When it was reported.
    pub at_ms: u64,
    /// What was done.
    #[serde(flatten)]
    pub report: ActionReport,
}

/// A signal and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SignalView {
    /// Its id.
    pub id: ElementId,
    /// Whose.
    pub by: Option<MemberId>,
    /// When.
    pub at_ms: u64,
    /// What was noticed.
    #[serde(flatten)]
    pub signal: Signal,
    /// What the agent was told.
    pub advice: Advice,
    /// Whether people are to judge it although nothing spoke for asking them.
    pub audit: bool,
    /// What a person said to it later.
    pub judgement: Option<Judgement>,
}

/// How a member may write at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pen {
    /// Directly.
    Direct,
    /// As a suggestion.
    Suggest {
        /// Why, for the writer to read.
        why: String,
    },
    /// Not at all.
    Refuse {
        /// Why, for the writer to read.
        why: String,
    },
}
