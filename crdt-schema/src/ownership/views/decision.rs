//! How a decision reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::words::DecisionStatus,
};

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
    pub(in crate::ownership) lease: Option<ElementId>,
    #[serde(skip)]
    pub(in crate::ownership) waits_until_ms: u64,
    #[serde(skip)]
    pub(in crate::ownership) ended_no: u64,
}
