//! What taking back came to.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{ids::MemberId, path::DocPath};

/// What became of one member's edits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Undone {
    /// What was taken back.
    pub undone: Vec<TakenBack>,
    /// What was not, and why.
    pub kept: Vec<Kept>,
}

/// A place where edits were taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TakenBack {
    /// The place.
    #[schema(value_type = String)]
    pub path: DocPath,
    /// What was done there.
    #[serde(flatten)]
    pub how: Reversal,
}

/// How an edit was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Reversal {
    /// The element that the member had added was removed.
    Removed,
    /// The element that the member had removed is there again.
    PutBack,
    /// The value is the earlier one.
    Reset,
    /// The member's words were taken out, and words that the member had deleted put back.
    Text {
        /// The words taken out, in UTF-16 code units.
        removed: u32,
        /// The words put back, in UTF-16 code units.
        restored: u32,
    },
}

/// A place where edits of the member, or what may be, were left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Kept {
    /// The place.
    #[schema(value_type = String)]
    pub path: DocPath,
    /// Why it was left.
    #[serde(flatten)]
    pub why: Why,
}

/// Why an edit was not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
#[schema(as = UndoWhy)]
pub enum Why {
    /// Others built on the element that the member added.
    AlsoChanged {
        /// The others, the latest first.
        by: Vec<MemberId>,
    },
    /// Somebody else changed it later.
    ChangedLater {
        /// The one who did.
        by: MemberId,
    },
    /// Words were deleted, and others may have done it.
    DeletedBySomebody {
        /// The others who changed the text, the latest first.
        by: Vec<MemberId>,
    },
    /// The element is newer than the version, so there is no earlier value.
    NoEarlierValue,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |members: &[MemberId]| {
            let names: Vec<&str> = members.iter().map(MemberId::as_str).collect();
            names.join(", ")
        };
        match self {
            Self::AlsoChanged { by } => write!(f, "{} changed it too", list(by)),
            Self::ChangedLater { by } => write!(f, "{by} changed it later"),
            Self::DeletedBySomebody { by } => match list(by) {
                others if others.is_empty() => f.write_str("nobody knows who deleted the words"),
                others => write!(f, "{others} may have deleted the words"),
            },
            Self::NoEarlierValue => f.write_str("there is no earlier value"),
        }
    }
}
