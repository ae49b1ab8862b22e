//! How what waits for a member reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ids::ElementId, item::Item, ownership::owner::QueueName};

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
    /// Heed what a person replied to an approval that the member asked for; it is open still.
    Reply {
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
