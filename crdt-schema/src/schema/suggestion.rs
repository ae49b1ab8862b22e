//! Proposed changes to texts, for those who may not or would not change them directly.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn, TransactionMut};

use super::{
    collection::{Collection, Element, Rank},
    element::element_view,
    field::{EditError, find_map, set},
    position::Position,
    text::TextField,
    words::{SuggestionStatus, Word},
};
use crate::{
    ids::{ElementId, MemberId},
    path::DocPath,
    project::read,
};

/// One suggestion as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Suggestion)]
pub struct SuggestionProjection {
    /// Its id within the workspace.
    pub id: ElementId,
    /// The text that it would change, as a path.
    pub target: String,
    /// Where the changed passage starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Position>,
    /// Where the changed passage ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Position>,
    /// What the passage read when the suggestion was made.
    pub quote: String,
    /// What it should read.
    pub replacement: String,
    /// Why.
    pub reason: String,
    /// Who says to have made it. The server's record of who wrote what has the last word.
    pub author: String,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// What became of it.
    pub status: SuggestionStatus,
    /// Who answered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
}

/// What it takes to make a suggestion.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSuggestion {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// The text that it would change, as a path.
    pub target: String,
    /// Where the changed passage starts.
    pub start: Option<Position>,
    /// Where the changed passage ends.
    pub end: Option<Position>,
    /// What the passage reads now.
    pub quote: String,
    /// What it should read.
    pub replacement: String,
    /// Why.
    pub reason: String,
    /// Who makes it.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What became of it.
    pub status: SuggestionStatus,
    /// Who answered it.
    pub decided_by: Option<String>,
}

element_view!(
    /// One suggestion.
    Suggestion reads SuggestionProjection {
        /// What the passage should read.
        replacement,
        /// Why.
        reason,
    }
);

impl Suggestion {
    /// Answers the suggestion. It changes no text: that is the caller's to do.
    ///
    /// # Errors
    /// When the suggestion does not exist.
    pub fn decide(
        &self,
        txn: &mut TransactionMut<'_>,
        status: SuggestionStatus,
        by: &MemberId,
    ) -> Result<(), EditError> {
        set(&self.path, txn, "status", status.as_str().into())?;
        set(&self.path, txn, "decided_by", by.as_str().into())
    }
}

impl Collection<Suggestion> {
    /// What `author` suggests for `target` and nobody has answered, in order.
    pub(crate) fn open<T: ReadTxn>(
        &self,
        txn: &T,
        author: &str,
        target: &str,
    ) -> Vec<SuggestionProjection> {
        self.read_some(txn, |map| {
            read::is(map, txn, "author", author)
                && read::is(map, txn, "target", target)
                && read::word::<SuggestionStatus, _>(map, txn, "status") == SuggestionStatus::Open
        })
    }
}

impl Element for Suggestion {
    type Value = SuggestionProjection;
    type New = NewSuggestion;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewSuggestion) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewSuggestion, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        let mut fields = vec![
            ("target", new.target.into()),
            ("quote", new.quote.into()),
            ("replacement", read::new_text(&new.replacement)),
            ("reason", read::new_text(&new.reason)),
            ("author", new.author.into()),
            ("at", new.at.into()),
            ("status", new.status.as_str().into()),
        ];
        fields.extend(new.start.map(|at| ("start", at.into())));
        fields.extend(new.end.map(|at| ("end", at.into())));
        fields.extend(new.decided_by.map(|by| ("decided_by", by.into())));
        fields
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> SuggestionProjection {
        SuggestionProjection {
            id,
            target: read::string(map, txn, "target").unwrap_or_default(),
            start: read::position(map, txn, "start"),
            end: read::position(map, txn, "end"),
            quote: read::string(map, txn, "quote").unwrap_or_default(),
            replacement: read::text(map, txn, "replacement"),
            reason: read::text(map, txn, "reason"),
            author: read::string(map, txn, "author").unwrap_or_default(),
            at: read::integer(map, txn, "at").unwrap_or_default(),
            status: read::word(map, txn, "status"),
            decided_by: read::string(map, txn, "decided_by"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::At(read::integer(map, txn, "at").unwrap_or_default())
    }
}
