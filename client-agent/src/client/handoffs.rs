//! Passing the pen.

use crdt_schema::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{HandoffView, Mode, QueueName, Reason},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Client, ClientError};

/// A handoff to be made. The briefing in the document is what the receiver starts from: it must
/// say what is wanted, what was tried, what to respect and what comes next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandOff {
    /// What is handed off.
    pub item: Item,
    /// To whom.
    pub to: To,
    /// At once, or after the receiver has read back and accepted.
    pub mode: Mode,
    /// Why.
    pub reason: Reason,
    /// The item's epoch.
    pub epoch: u64,
    /// The state vector that the giver had seen, as base64: the server first waits for these
    /// edits. Not needed after [`Peer::flush`](crate::Peer::flush).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Passes although the briefing is incomplete, and is recorded as such.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
}

/// Whom an item is handed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// One person or agent.
    Member(MemberId),
    /// Whoever claims it first; the queue `people` is in every workspace.
    Queue(QueueName),
}

impl HandOff {
    /// A handoff where the owner changes at once.
    #[must_use]
    pub fn cold(item: Item, epoch: u64, to: To, reason: Reason) -> Self {
        Self {
            item,
            to,
            mode: Mode::Cold,
            reason,
            epoch,
            seen: None,
            emergency: false,
        }
    }

    /// A handoff where the receiver reads back first, and then accepts or declines. Until then
    /// the giver keeps the pen.
    #[must_use]
    pub fn warm(item: Item, epoch: u64, to: To, reason: Reason) -> Self {
        Self {
            mode: Mode::Warm,
            ..Self::cold(item, epoch, to, reason)
        }
    }

    /// The same, passing with an incomplete briefing.
    #[must_use]
    pub fn in_emergency(self) -> Self {
        Self {
            emergency: true,
            ..self
        }
    }
}

impl Client {
    /// Hands an item off, or offers it.
    ///
    /// # Errors
    /// [`ClientError`]; `incomplete` with what the briefing lacks, `stale` with the owner now,
    /// `too_deep` when agents have passed it around too often.
    pub async fn hand_off(&self, handoff: &HandOff) -> Result<HandoffView, ClientError> {
        self.command(&["handoffs"], handoff).await
    }

    /// One handoff.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn handoff(&self, id: &ElementId) -> Result<HandoffView, ClientError> {
        self.look(&["handoffs", id.as_str()], &[]).await
    }

    /// Reads a warm handoff back: what the receiver has understood.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn brief(&self, id: &ElementId, summary: &str) -> Result<HandoffView, ClientError> {
        self.on_handoff(id, "brief", &json!({ "summary": summary }))
            .await
    }

    /// Takes the pen of a warm handoff, after [`Client::brief`].
    ///
    /// # Errors
    /// [`ClientError`]; `not_briefed` when it was not read back.
    pub async fn accept(&self, id: &ElementId) -> Result<HandoffView, ClientError> {
        self.on_handoff(id, "accept", &json!({})).await
    }

    /// Says no to a warm handoff.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn decline(&self, id: &ElementId, reason: &str) -> Result<HandoffView, ClientError> {
        self.on_handoff(id, "decline", &json!({ "reason": reason }))
            .await
    }

    /// Takes back a warm handoff that one has offered.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn withdraw(&self, id: &ElementId) -> Result<HandoffView, ClientError> {
        self.on_handoff(id, "withdraw", &json!({})).await
    }

    async fn on_handoff(
        &self,
        id: &ElementId,
        verb: &str,
        body: &serde_json::Value,
    ) -> Result<HandoffView, ClientError> {
        self.command(&["handoffs", id.as_str(), verb], body).await
    }
}
