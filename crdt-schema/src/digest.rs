//! What changed between an earlier version of a document and the document as it stands, and by
//! whom.
//!
//! What a digest says is the difference between two readings: what was written and taken back in
//! between is not in it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::TransactionMut;

use crate::{
    attribution::{Authors, Who},
    ids::MemberId,
    item::Item,
    path::DocPath,
    project::Primitive,
    schema::words::SuggestionStatus,
    touches::Touches,
    versions::Version,
};

mod compare;
mod hunks;
mod naming;
mod rank;
mod render;
mod review;

pub(crate) use self::render::{cut, excerpt, fit, sentence};

/// Whose view a digest is for, and what is known about who did what.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// Who wrote what.
    pub authors: &'a Authors,
    /// Who changed which place since the version.
    pub touches: &'a Touches,
    /// Who reads the digest, if it is one member.
    pub reader: Option<&'a MemberId>,
    /// Whether the reader owns an item.
    pub owns: &'a dyn Fn(&Item) -> bool,
}

/// What changed since a version, what matters most first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Digest {
    /// The log position of the version that this is compared with.
    pub since: u64,
    /// The time of that version, in milliseconds since 1970.
    pub since_ms: u64,
    /// The changes, by the item that they belong to.
    pub items: Vec<ItemChanges>,
}

/// What changed in one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemChanges {
    /// The item.
    pub item: Item,
    /// What it is called.
    pub title: String,
    /// How much it matters to the reader.
    pub rank: Rank,
    /// Who made the changes.
    pub by: Vec<Who>,
    /// The changes.
    pub changes: Vec<Change>,
}

/// How much a change matters to the reader, the most first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// It changes the direction: the goal, the intent, a constraint, or a strategic step.
    Strategic,
    /// Others changed what the reader owns.
    Mine,
    /// Others changed something else.
    Others,
    /// The reader alone did it.
    Own,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DigestChange)]
pub struct Change {
    /// The place that changed.
    #[schema(value_type = String)]
    pub path: DocPath,
    /// What the changed element is called, or what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Who made it; empty when nobody knows.
    pub by: Vec<Who>,
    /// When it was last changed, in milliseconds since 1970, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// What was done.
    #[serde(flatten)]
    pub what: What,
}

/// What was done to a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum What {
    /// An element is new.
    Added {
        /// What it says.
        fields: Vec<Field>,
    },
    /// An element is gone.
    Removed {
        /// What it said.
        fields: Vec<Field>,
    },
    /// An element has another place among its siblings.
    Moved {
        /// What stands before it now; nothing when it is the first.
        after: Option<String>,
    },
    /// A plain value was set or removed.
    Set {
        /// What it was.
        from: Option<Primitive>,
        /// What it is.
        to: Option<Primitive>,
    },
    /// A text reads otherwise.
    Text {
        /// The differences, from its start to its end.
        hunks: Vec<Hunk>,
    },
    /// A change of a text was proposed, or answered.
    Suggestion {
        /// The text it would change.
        target: String,
        /// What the passage read.
        quote: String,
        /// What it should read.
        replacement: String,
        /// Why.
        reason: String,
        /// What became of it.
        status: SuggestionStatus,
    },
    /// Somebody commented.
    Comment {
        /// What is discussed.
        target: String,
        /// The passage that is discussed.
        quote: String,
        /// What was said.
        text: String,
    },
    /// A discussion was settled.
    Settled {
        /// What was discussed.
        target: String,
        /// The passage that was discussed.
        quote: String,
    },
}

/// One field of an element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub value: Primitive,
}

/// One difference of a text, in whole words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hunk {
    /// Where it is in the text as it stands, in UTF-16 code units.
    pub at: u32,
    /// The words right before it.
    pub before: String,
    /// What was taken away.
    pub removed: String,
    /// What was put there, by who wrote it.
    pub inserted: Vec<Words>,
    /// The words right after it.
    pub after: String,
    /// Who may have taken it away: those who changed the text since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_by: Vec<Who>,
}

/// Words by one writer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Who wrote them, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Who>,
}

/// What changed since `base`.
///
/// Nothing is changed by it, see [`crate::attribution::runs`].
pub fn digest(txn: &mut TransactionMut<'_>, base: &Version, lens: &Lens<'_>) -> Digest {
    let changes = compare::changes(txn, base, lens);
    Digest {
        since: base.cursor,
        since_ms: base.at_ms,
        items: rank::by_item(changes, lens),
    }
}

impl Digest {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The digest as Markdown of at most `budget` characters. What matters least is left out
    /// first, and the last line says how much.
    #[must_use]
    pub fn markdown(&self, budget: usize) -> String {
        render::markdown(self, budget)
    }
}
