//! Decisions of people: taken under a lease, then consumed once.
//!
//! decided → taken → consumed or failed. Whoever takes one and then dies loses it when the lease
//! ends; it waits again, under a new lease.

use crdt_schema::{
    ids::ElementId,
    item::Item,
    ownership::{DecisionView, PendingTask},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Client, ClientError, Cursor, Scope};

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenDecision {
    /// What was decided; `until_ms` is when the lease ends.
    #[serde(flatten)]
    pub decision: DecisionView,
    /// What ends it; of no use after the lease.
    pub lease: ElementId,
}

impl Client {
    /// Posts a decision about an item, for its owner to act on. People only.
    ///
    /// # Errors
    /// [`ClientError`]; `people_only` for agents.
    pub async fn decide(
        &self,
        item: &Item,
        question: Option<&ElementId>,
        title: &str,
        note: &str,
    ) -> Result<DecisionView, ClientError> {
        let mut body = json!({ "item": item, "title": title, "note": note });
        if let Some(question) = question {
            body["question"] = json!(question);
        }
        self.command(&["decisions"], &body).await
    }

    /// One decision.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn decision(&self, id: &ElementId) -> Result<DecisionView, ClientError> {
        self.look(&["decisions", id.as_str()], &[]).await
    }

    /// Waits until a person has decided something that this member is to act on, and takes it.
    /// Waits as long as that takes, through restarts of the server; give it a time limit from
    /// outside. Cancel safe up to the take: what was taken and dropped comes back after its lease.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the server would refuse for ever.
    pub async fn next_decision(&self) -> Result<TakenDecision, ClientError> {
        let mut cursor = Cursor::default();
        loop {
            let changes = self.await_change(&cursor, Scope::Records).await?;
            for pending in &changes.pending {
                if let PendingTask::Decision { decision, .. } = &pending.task
                    && let Some(taken) = self.take_unless_gone(decision).await?
                {
                    return Ok(taken);
                }
            }
            cursor = changes.cursor;
        }
    }

    /// Starts acting on a decision: nobody else does, until the lease ends.
    ///
    /// # Errors
    /// [`ClientError`]; `taken` while somebody acts on it, `ended` when it is done with.
    pub async fn take(&self, id: &ElementId) -> Result<TakenDecision, ClientError> {
        self.command(&["decisions", id.as_str(), "take"], &json!({}))
            .await
    }

    /// Says what came of a decision. Said twice, the first outcome stands and is answered.
    ///
    /// # Errors
    /// [`ClientError`]; `fenced` when the lease has ended.
    pub async fn consume(
        &self,
        id: &ElementId,
        lease: &ElementId,
        outcome: &str,
    ) -> Result<DecisionView, ClientError> {
        let body = json!({ "lease": lease, "outcome": outcome });
        self.command(&["decisions", id.as_str(), "consume"], &body)
            .await
    }

    /// Says that a decision could not be acted on, and why.
    ///
    /// # Errors
    /// As for [`Client::consume`].
    pub async fn fail(
        &self,
        id: &ElementId,
        lease: &ElementId,
        reason: &str,
    ) -> Result<DecisionView, ClientError> {
        let body = json!({ "lease": lease, "reason": reason });
        self.command(&["decisions", id.as_str(), "fail"], &body)
            .await
    }

    /// The pen may have gone to somebody else meanwhile, or the decision been taken back.
    async fn take_unless_gone(&self, id: &ElementId) -> Result<Option<TakenDecision>, ClientError> {
        match self.take(id).await {
            Ok(taken) => Ok(Some(taken)),
            Err(error) if GONE.iter().any(|code| error.is(code)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

const GONE: [&str; 4] = ["taken", "ended", "not_owner", "not_found"];
