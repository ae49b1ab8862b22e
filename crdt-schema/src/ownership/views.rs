//! What ownership reads as.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    command::{Action, ActionReport, Reason, Signal},
    facts::Missing,
    hash::Hash,
    owner::{Owner, QueueName},
    policy::Queue,
    words::{ApprovalStatus, DecisionStatus, HandoffStatus, Judgement, Mode, Verdict},
};
use crate::{
    escalation::Advice,
    ids::{ElementId, MemberId},
    item::Item,
    path::DocPath,
};

/// Who holds an item. Times are in milliseconds since the Unix epoch.
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

/// A handoff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandoffView {
    /// Its id.
    pub id: ElementId,
    /// Which item.
    pub item: Item,
    /// Whose pen it was.
    pub from: Owner,
    /// Who handed it off.
    pub by: Option<MemberId>,
    /// To whom.
    pub to: Owner,
    /// At once or after acceptance.
    pub mode: Mode,
    /// Why.
    pub reason: Reason,
    /// Whether it passed as an emergency.
    pub emergency: bool,
    /// What the briefing lacked, in an emergency.
    pub missing: Vec<Missing>,
    /// How far it is.
    pub status: HandoffStatus,
    /// When it was made.
    pub at_ms: u64,
    /// Until when it waits.
    pub until_ms: Option<u64>,
    /// What the receiver read back.
    pub summary: Option<String>,
    /// Why it was declined.
    pub declined_because: Option<String>,
    /// When it ended.
    pub ended_ms: Option<u64>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisionView {
    /// Its id.
    pub id: ElementId,
    /// What it is about.
    pub item: Item,
    /// The question it answers.
    pub question: Option<ElementId>,
    /// In a line.
    pub title: String,
    /// With its reasons.
    pub note: String,
    /// Who decided.
    pub by: Option<MemberId>,
    /// When.
    pub at_ms: u64,
    /// How far it is.
    pub status: DecisionStatus,
    /// Until when it waits for somebody to act on it, or for whoever took it.
    pub until_ms: u64,
    /// Who acts on it.
    pub taken_by: Option<MemberId>,
    /// What came of it, or why it failed.
    pub outcome: Option<String>,
    /// When it ended.
    pub ended_ms: Option<u64>,
    /// Who has acknowledged it or acted on it.
    pub acknowledged: Vec<MemberId>,
    #[serde(skip)]
    pub(super) lease: Option<ElementId>,
    #[serde(skip)]
    pub(super) waits_until_ms: u64,
    #[serde(skip)]
    pub(super) ended_no: u64,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalView {
    /// Its id.
    pub id: ElementId,
    /// What is asked, in a line.
    pub title: String,
    /// What would be run; as edited, when it was.
    pub action: Action,
    /// Why it should be.
    pub why: String,
    /// What happens then.
    pub if_approved: String,
    /// What happens otherwise.
    pub if_declined: String,
    /// Whether what it does can be undone.
    pub reversible: bool,
    /// How much can go wrong, from 0 to 1.
    pub risk: f64,
    /// The places whose content the answer depends on.
    #[schema(value_type = Vec<String>)]
    pub scope: Vec<DocPath>,
    /// The only people who may answer; anybody with the role when empty.
    pub named: Vec<MemberId>,
    /// Who asks.
    pub by: Option<MemberId>,
    /// When it was asked.
    pub at_ms: u64,
    /// How far it is.
    pub status: ApprovalStatus,
    /// Until when it waits: for an answer, for its asker, or for the result.
    pub until_ms: u64,
    /// Hash of action and scope's content: what an answer passes as `seen`. As they are now,
    /// when the view was made with the document at hand.
    pub content: Hash,
    /// Whether the scope has changed since this was asked or answered.
    pub changed: bool,
    /// All answers, oldest first.
    pub answers: Vec<Answer>,
    /// What came of the action, or why it failed.
    pub result: Option<String>,
    /// When it ended.
    pub ended_ms: Option<u64>,
    #[serde(skip)]
    pub(super) scope_hash: Option<Hash>,
    #[serde(skip)]
    pub(super) grant: Option<ElementId>,
    #[serde(skip)]
    pub(super) waits_until_ms: u64,
    #[serde(skip)]
    pub(super) ended_no: u64,
}

/// One answer to an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// Whose.
    pub by: Option<MemberId>,
    /// When.
    pub at_ms: u64,
    /// The answer.
    pub verdict: Verdict,
    /// What was said to it.
    pub note: String,
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
    /// What a person said to it later.
    pub judgement: Option<Judgement>,
}

/// Something that waits for a member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Pending {
    /// What has to be done.
    #[serde(flatten)]
    pub task: PendingTask,
    /// In a line.
    pub title: String,
    /// Since when.
    pub since_ms: u64,
    /// Until when, if it ends by itself.
    pub until_ms: Option<u64>,
    /// Whether what hangs on it cannot be undone.
    pub irreversible: bool,
}

/// What a member has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PendingTask {
    /// Answer an approval.
    Answer {
        /// Which.
        approval: ElementId,
    },
    /// Read a handoff back, then accept or decline it.
    Receive {
        /// Which.
        handoff: ElementId,
        /// Which item.
        item: Item,
        /// Whether it has been read back.
        briefed: Briefed,
    },
    /// Claim an item from a queue.
    Claim {
        /// Which item.
        item: Item,
        /// From where.
        queue: QueueName,
        /// The item's epoch.
        epoch: u64,
    },
    /// Act on a decision.
    Decision {
        /// Which.
        decision: ElementId,
        /// What it is about.
        item: Item,
    },
    /// Act on an approval that was given.
    Act {
        /// Which.
        approval: ElementId,
    },
    /// Acknowledge what happened meanwhile.
    Resume {
        /// Which item.
        item: Item,
        /// The item's epoch.
        epoch: u64,
        /// The decisions to be acknowledged.
        decisions: Vec<ElementId>,
        /// The position in the log to be read up to.
        cursor: u64,
    },
}

/// Whether a handoff has been read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Briefed {
    /// Not yet.
    No,
    /// It has.
    Yes,
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
