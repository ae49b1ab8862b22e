//! How a handoff reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{
        briefing::Missing,
        owner::Owner,
        parts::Reason,
        words::{HandoffStatus, Mode},
    },
};

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
