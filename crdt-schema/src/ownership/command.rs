//! What members ask of the ownership of a workspace.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    noted::Noted,
    owner::Receiver,
    policy::{Policy, Queue},
    words::{Judgement, Mode, Trigger, Verdict},
};
use crate::{
    escalation::Signals,
    ids::{ElementId, MemberId},
    item::Item,
    ownership::QueueName,
    path::DocPath,
};

/// One command. Where ownership matters it carries the item's own epoch, as its author saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Passes the pen, or offers it.
    HandOff {
        /// What is handed off.
        item: Item,
        /// To whom.
        to: Receiver,
        /// At once, or after the receiver has read back and accepted.
        mode: Mode,
        /// Why.
        reason: Reason,
        /// The item's epoch.
        epoch: u64,
        /// Passes although the briefing is incomplete, and is recorded as such.
        #[serde(default)]
        emergency: bool,
    },
    /// The receiver reads a warm handoff back.
    Brief {
        /// Which handoff.
        handoff: ElementId,
        /// What the receiver has understood.
        summary: String,
    },
    /// The receiver takes the pen of a warm handoff.
    Accept {
        /// Which handoff.
        handoff: ElementId,
    },
    /// The receiver of a warm handoff says no.
    Decline {
        /// Which handoff.
        handoff: ElementId,
        /// Why not.
        reason: String,
    },
    /// The giver takes a warm handoff back.
    Withdraw {
        /// Which handoff.
        handoff: ElementId,
    },
    /// Takes an item that is open or in a queue.
    Claim {
        /// What is claimed.
        item: Item,
        /// The item's epoch.
        epoch: u64,
    },
    /// Lets an item go.
    Release {
        /// What is released.
        item: Item,
        /// The item's epoch.
        epoch: u64,
    },
    /// Extends the lease of an agent.
    Renew {
        /// What is held.
        item: Item,
        /// The item's epoch.
        epoch: u64,
    },
    /// A person takes the pen.
    TakeOver {
        /// What is taken.
        item: Item,
        /// The item's epoch.
        epoch: u64,
        /// Why; may be empty.
        note: String,
    },
    /// A person decides.
    PostDecision {
        /// What the decision is about.
        item: Item,
        /// The question of the briefing that it answers.
        question: Option<ElementId>,
        /// The decision in a line.
        title: String,
        /// The decision and its reasons.
        note: String,
    },
    /// The item's owner starts acting on a decision.
    TakeDecision {
        /// Which decision.
        id: ElementId,
    },
    /// The decision was acted on.
    ConsumeDecision {
        /// Which decision.
        id: ElementId,
        /// The lease under which it was taken.
        lease: ElementId,
        /// What came of it.
        outcome: String,
    },
    /// The decision could not be acted on.
    FailDecision {
        /// Which decision.
        id: ElementId,
        /// The lease under which it was taken.
        lease: ElementId,
        /// Why not.
        reason: String,
    },
    /// Takes a decision back before anybody acts on it.
    WithdrawDecision {
        /// Which decision.
        id: ElementId,
    },
    /// Asks people to approve an action.
    AskApproval(NewApproval),
    /// A person answers.
    AnswerApproval {
        /// Which approval.
        id: ElementId,
        /// The answer.
        verdict: Verdict,
        /// What the person says to it.
        note: String,
        /// The action in the form to be run, with the verdict `edit` only.
        action: Option<Action>,
        /// The content hash that the person was shown.
        seen: Option<String>,
    },
    /// The asker starts acting on an approval.
    TakeApproval {
        /// Which approval.
        id: ElementId,
    },
    /// The approved action was run.
    ConsumeApproval {
        /// Which approval.
        id: ElementId,
        /// The grant that the take gave.
        grant: ElementId,
        /// What came of it.
        result: String,
    },
    /// The approved action could not be run.
    FailApproval {
        /// Which approval.
        id: ElementId,
        /// The grant that the take gave.
        grant: ElementId,
        /// Why not.
        reason: String,
    },
    /// The asker takes an approval back.
    WithdrawApproval {
        /// Which approval.
        id: ElementId,
    },
    /// An agent acknowledges what happened while it did not hold the item.
    Resume {
        /// What it holds again.
        item: Item,
        /// The item's epoch.
        epoch: u64,
        /// The decisions that it has read.
        decisions: Vec<ElementId>,
        /// The position in the log up to which it has read.
        cursor: u64,
    },
    /// Records an action that was done.
    Report(ActionReport),
    /// Sets the rules of the workspace.
    SetPolicy(Policy),
    /// Makes or changes a queue.
    SetQueue(Queue),
    /// Removes a queue that nothing waits in.
    RemoveQueue {
        /// Which queue.
        name: QueueName,
    },
    /// Asks whether a person should be asked.
    Signal(Signal),
    /// A person says whether an agent was right to be as sure as it was.
    Judge {
        /// Which signal.
        signal: ElementId,
        /// The person's word.
        judgement: Judgement,
    },
    /// A fact that the server wants in the record.
    Note(Noted),
}

/// Why an item is handed off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What set it off.
    pub trigger: Trigger,
    /// What the receiver should know.
    #[serde(default)]
    pub note: String,
    /// How sure the giver is of its work, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub confidence: Option<f64>,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What kind of action, in a word; `plan` asks for approval of the plan itself.
    pub kind: String,
    /// What it is run with, any JSON.
    #[serde(default)]
    pub arguments: Value,
}

/// What it takes to ask for an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApproval {
    /// What is asked, in a line.
    pub title: String,
    /// What would be run.
    pub action: Action,
    /// Why it should be.
    pub why: String,
    /// What happens then.
    #[serde(default)]
    pub if_approved: String,
    /// What happens otherwise.
    #[serde(default)]
    pub if_declined: String,
    /// Whether what it does can be undone.
    pub reversible: bool,
    /// How much can go wrong, from 0 to 1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub risk: f64,
    /// The places whose content the answer depends on. For a plan: its strategic fields, set by
    /// the server.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub scope: Vec<DocPath>,
    /// The only people who may answer; anybody with the role when empty.
    #[serde(default)]
    pub named: Vec<MemberId>,
    /// How long it waits for an answer, in milliseconds; the policy's time when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_ms: Option<u64>,
}

/// What was done, for those who look after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionReport {
    /// What it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// What was done.
    pub what: String,
    /// What came of it.
    pub result: String,
    /// How much could have gone wrong, from 0 to 1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub risk: f64,
    /// Whether it can be undone.
    pub reversible: bool,
    /// How to undo it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

/// What an agent notices about its own work on an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What it works on.
    pub item: Item,
    /// What it notices.
    pub signals: Signals,
}
