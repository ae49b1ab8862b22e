//! Facts that are decided elsewhere and belong in the record.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{ElementId, MemberId},
    path::DocPath,
    schema::words::SuggestionStatus,
};

/// A fact about the document's versions, suggestions and sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Noted {
    /// A version was kept.
    CheckpointMade {
        /// Its id.
        checkpoint: String,
        /// What it is called.
        title: String,
    },
    /// A kept version was removed.
    CheckpointRemoved {
        /// Its id.
        checkpoint: String,
    },
    /// An earlier version, or a part of it, was brought back as a new edit.
    Restored {
        /// From where.
        checkpoint: String,
        /// What; everything when empty.
        #[schema(value_type = Vec<String>)]
        paths: Vec<DocPath>,
    },
    /// A member's edits were undone.
    Undone {
        /// Whose.
        member: MemberId,
        /// Since which position of the log.
        since: u64,
    },
    /// An agent's write became suggestions.
    SuggestionsMade {
        /// Whose write.
        member: MemberId,
        /// The suggestions.
        suggestions: Vec<ElementId>,
        /// Why it was not written directly.
        why: String,
    },
    /// A suggestion was accepted or rejected, or went stale.
    SuggestionDecided {
        /// Which.
        suggestion: ElementId,
        /// What became of it.
        status: SuggestionStatus,
    },
    /// Bytes were kept to be referred to.
    ArtifactPut {
        /// The SHA-256 of the bytes, in hexadecimal.
        artifact: String,
        /// How many.
        bytes: u64,
        /// What they are called.
        title: String,
    },
}
