//! What has happened: the small facts that the record holds and the state is made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    briefing::Missing,
    hash::Hash,
    noted::Noted,
    owner::{Owner, QueueName},
    parts::{Action, ActionReport, NewApproval, Reason, Signal},
    policy::{Policy, Queue},
    words::{Cause, DecisionStatus, HandoffStatus, Judgement, Mode, Trigger, Verdict},
};
use crate::{
    escalation::Advice,
    ids::{ElementId, MemberId},
    item::Item,
    member::Member,
};

/// One fact. When and by whom is told by the record that holds it; times are in milliseconds
/// since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A member takes part, or has a new name or role.
    MemberKnown {
        /// Who.
        member: Member,
    },
    /// The record answers a command with an idempotency key. Always its first event.
    Keyed {
        /// Hash of the command.
        command: Hash,
    },
    /// An item has a new owner.
    OwnerChanged {
        /// Which item.
        item: Item,
        /// Its owner now.
        owner: Owner,
        /// Its epoch now.
        epoch: u64,
        /// How often in a row it passed from agent to agent.
        depth: u32,
        /// What changed it.
        cause: Cause,
        /// Why, where a reason was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trigger: Option<Trigger>,
        /// The handoff that did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handoff: Option<ElementId>,
        /// Until when an agent holds it without a sign of life.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease_until_ms: Option<u64>,
        /// What was said to it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// An item is handed off: warm, it waits for its receiver; cold, the owner changes with it.
    HandoffOffered {
        /// The handoff.
        id: ElementId,
        /// Which item.
        item: Item,
        /// Whose pen it was.
        from: Owner,
        /// Who is to have it.
        to: Owner,
        /// At once or after acceptance.
        mode: Mode,
        /// Why.
        reason: Reason,
        /// Whether it passed as an emergency.
        emergency: bool,
        /// What the briefing lacked, in an emergency.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Missing>,
        /// Until when it waits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<u64>,
    },
    /// The receiver has read back.
    HandoffBriefed {
        /// Which handoff.
        id: ElementId,
        /// What was understood.
        summary: String,
    },
    /// A handoff ended without a change of owner of its own.
    HandoffEnded {
        /// Which handoff.
        id: ElementId,
        /// How.
        status: HandoffStatus,
        /// Why, when declined.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// An agent holds an item for longer.
    LeaseRenewed {
        /// Which item.
        item: Item,
        /// Until when.
        until_ms: u64,
    },
    /// An agent holds an item again and has to catch up before it writes directly.
    Gated {
        /// Which item.
        item: Item,
        /// Which agent.
        member: MemberId,
        /// The decisions to be acknowledged.
        decisions: Vec<ElementId>,
        /// The position in the log to be read up to.
        cursor: u64,
    },
    /// The agent has caught up.
    Resumed {
        /// Which item.
        item: Item,
        /// Which agent.
        member: MemberId,
        /// The decisions that it acknowledged.
        decisions: Vec<ElementId>,
        /// The position in the log up to which it read.
        cursor: u64,
    },
    /// A person decided.
    DecisionPosted {
        /// The decision.
        id: ElementId,
        /// What it is about.
        item: Item,
        /// The question it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<ElementId>,
        /// In a line.
        title: String,
        /// With its reasons.
        note: String,
        /// Until when it waits for somebody to act on it.
        until_ms: u64,
    },
    /// The owner acts on a decision.
    DecisionTaken {
        /// Which.
        id: ElementId,
        /// The token that ends it.
        lease: ElementId,
        /// Until when.
        until_ms: u64,
    },
    /// Whoever took a decision did not say what came of it; it waits again.
    DecisionReturned {
        /// Which.
        id: ElementId,
    },
    /// A decision was acted on.
    DecisionConsumed {
        /// Which.
        id: ElementId,
        /// What came of it.
        outcome: String,
    },
    /// A decision could not be acted on.
    DecisionFailed {
        /// Which.
        id: ElementId,
        /// Why not.
        reason: String,
    },
    /// A decision ended unheard: withdrawn or expired.
    DecisionEnded {
        /// Which.
        id: ElementId,
        /// How.
        status: DecisionStatus,
    },
    /// Somebody asks for an approval.
    ApprovalAsked {
        /// The approval.
        id: ElementId,
        /// What is asked.
        ask: NewApproval,
        /// Hash of the scope's content.
        scope_hash: Hash,
        /// Hash of action and scope's content: what an answer is bound to.
        content: Hash,
        /// Until when it waits for an answer.
        until_ms: u64,
    },
    /// A person answered.
    ApprovalAnswered {
        /// Which approval.
        id: ElementId,
        /// The answer.
        verdict: Verdict,
        /// What was said to it.
        note: String,
        /// The changed action, when it was edited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        action: Option<Action>,
        /// Hash of the scope's content that was judged.
        scope_hash: Hash,
        /// Hash of action and scope's content that was judged.
        content: Hash,
        /// Until when the asker may start, when approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<u64>,
    },
    /// The asker acts on an approval.
    ApprovalTaken {
        /// Which.
        id: ElementId,
        /// The token that ends it.
        grant: ElementId,
        /// Until when.
        until_ms: u64,
    },
    /// The asker did not say what came of a reversible action; it may be taken again.
    ApprovalReturned {
        /// Which.
        id: ElementId,
    },
    /// What was approved is no longer what is there.
    ApprovalVoided {
        /// Which.
        id: ElementId,
        /// Hash of action and scope's content as they are now.
        content: Hash,
    },
    /// The approved action was run.
    ApprovalConsumed {
        /// Which.
        id: ElementId,
        /// What came of it.
        result: String,
    },
    /// The approved action was not run to an end that is known.
    ApprovalFailed {
        /// Which.
        id: ElementId,
        /// Why.
        reason: String,
    },
    /// The asker took an approval back.
    ApprovalWithdrawn {
        /// Which.
        id: ElementId,
    },
    /// Nobody answered, or nobody acted on the answer, in time.
    ApprovalExpired {
        /// Which.
        id: ElementId,
    },
    /// An action was done.
    Reported {
        /// The report.
        id: ElementId,
        /// What was done.
        report: ActionReport,
    },
    /// An agent asked whether to ask a person.
    Signalled {
        /// The signal.
        id: ElementId,
        /// What it noticed.
        signal: Signal,
        /// What it was told.
        advice: Advice,
        /// Whether people are to judge it although nothing spoke for asking them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        audit: bool,
    },
    /// A person judged a signal.
    Judged {
        /// Which.
        signal: ElementId,
        /// How.
        judgement: Judgement,
    },
    /// The rules changed.
    PolicySet {
        /// To these.
        policy: Policy,
    },
    /// A queue was made or changed.
    QueueSet {
        /// To this.
        queue: Queue,
    },
    /// A queue was removed.
    QueueRemoved {
        /// Which.
        name: QueueName,
    },
    /// Something else worth remembering happened.
    Noted {
        /// What.
        noted: Noted,
    },
}
