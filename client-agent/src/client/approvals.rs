//! Approvals: ask, wait for a person's answer, act once.
//!
//! asked → approved or declined; approved → taken → consumed or failed. What is approved is
//! exactly one action on exactly the content it was asked about; if that has changed by the time
//! the action is to run, the approval is void and has to be asked for again.

use crdt_schema::{
    ids::ElementId,
    ownership::{ApprovalStatus, ApprovalView, NewApproval, Verdict},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Client, ClientError, Cursor, Scope};

/// Leave to run one action once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approved {
    /// The approval, with the action in the form to be run; a person may have edited it.
    /// `until_ms` is when the grant ends.
    #[serde(flatten)]
    pub approval: ApprovalView,
    /// What ends it.
    pub grant: ElementId,
}

impl Client {
    /// Asks people to approve an action. Nothing may be done or prepared before the answer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn ask(&self, approval: &NewApproval) -> Result<ApprovalView, ClientError> {
        self.command(&["approvals"], approval).await
    }

    /// One approval.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn approval(&self, id: &ElementId) -> Result<ApprovalView, ClientError> {
        self.look(&["approvals", id.as_str()], &[]).await
    }

    /// Waits until an approval is approved, declined, or over in another way. Waits as long as
    /// that takes, through restarts of both sides: all it needs is the id. Cancel safe.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the server would refuse for ever.
    pub async fn await_answer(&self, id: &ElementId) -> Result<ApprovalView, ClientError> {
        let mut cursor = Cursor::default();
        loop {
            // The cursor is from before the look, so no answer falls between the two.
            let changes = self.await_change(&cursor, Scope::Records).await?;
            let approval = self.persist(|| self.approval(id)).await?;
            if approval.status != ApprovalStatus::Asked {
                return Ok(approval);
            }
            cursor = changes.cursor;
        }
    }

    /// Answers an approval as it was looked at; people only. What is said travels with it.
    ///
    /// # Errors
    /// [`ClientError`]; `changed_since_you_looked` when it is not that any more, `people_only`
    /// for agents.
    pub async fn answer(
        &self,
        looked_at: &ApprovalView,
        verdict: Verdict,
        note: &str,
    ) -> Result<ApprovalView, ClientError> {
        let body = json!({ "verdict": verdict, "note": note, "seen": looked_at.content });
        self.command(&["approvals", looked_at.id.as_str(), "answer"], &body)
            .await
    }

    /// Starts acting on an approval. At most one take ever succeeds when the action cannot be
    /// undone.
    ///
    /// # Errors
    /// [`ClientError`]; `void` when what was approved is no longer what is there (run nothing,
    /// and ask again), `not_yet` before there is an answer, `taken` or `ended` after another take.
    pub async fn take_approval(&self, id: &ElementId) -> Result<Approved, ClientError> {
        self.command(&["approvals", id.as_str(), "take"], &json!({}))
            .await
    }

    /// Says what came of the action. Said twice, the first result stands and is answered.
    ///
    /// # Errors
    /// [`ClientError`]; `fenced` when the grant has ended.
    pub async fn consume_approval(
        &self,
        id: &ElementId,
        grant: &ElementId,
        result: &str,
    ) -> Result<ApprovalView, ClientError> {
        let body = json!({ "grant": grant, "result": result });
        self.command(&["approvals", id.as_str(), "consume"], &body)
            .await
    }

    /// Says that the action could not be run, and why.
    ///
    /// # Errors
    /// As for [`Client::consume_approval`].
    pub async fn fail_approval(
        &self,
        id: &ElementId,
        grant: &ElementId,
        reason: &str,
    ) -> Result<ApprovalView, ClientError> {
        let body = json!({ "grant": grant, "reason": reason });
        self.command(&["approvals", id.as_str(), "fail"], &body)
            .await
    }

    /// Takes back what one has asked for, before acting on it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn withdraw_approval(&self, id: &ElementId) -> Result<ApprovalView, ClientError> {
        self.command(&["approvals", id.as_str(), "withdraw"], &json!({}))
            .await
    }
}
