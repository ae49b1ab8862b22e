//! How an approval reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{ElementId, MemberId},
    ownership::{
        hash::Hash,
        parts::Action,
        words::{ApprovalStatus, Verdict},
    },
    path::DocPath,
};

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
    pub(in crate::ownership) scope_hash: Option<Hash>,
    #[serde(skip)]
    pub(in crate::ownership) grant: Option<ElementId>,
    #[serde(skip)]
    pub(in crate::ownership) waits_until_ms: u64,
    #[serde(skip)]
    pub(in crate::ownership) ended_no: u64,
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
