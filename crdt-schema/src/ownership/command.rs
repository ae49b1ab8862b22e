//! What members ask of the ownership of a workspace.

use serde::{Deserialize, Serialize};

use super::{
    noted::Noted,
    owner::{QueueName, Receiver},
    parts::{Action, ActionReport, NewApproval, Reason, Signal},
    policy::{Policy, Queue},
    words::{Judgement, Mode, Verdict},
};
use crate::{ids::ElementId, item::Item};

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
