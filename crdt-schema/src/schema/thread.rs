//! Discussions of passages.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, Map, MapPrelim, MapRef, Out, ReadTxn, TransactionMut};

use super::{
    collection::{Collection, Element, Rank, read_all},
    element::element_view,
    field::{EditError, find_map, set},
    position::Position,
    text::TextField,
};
use crate::{ids::ElementId, path::DocPath, project::read};

/// One thread as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Thread)]
pub struct ThreadProjection {
    /// Its id within the workspace.
    pub id: ElementId,
    /// What is discussed, as a path.
    pub target: String,
    /// Where the discussed passage starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Position>,
    /// Where the discussed passage ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Position>,
    /// What the passage read when the discussion began.
    pub quote: String,
    /// When it began, in milliseconds since 1970.
    pub at: i64,
    /// Whether it is settled.
    pub resolved: bool,
    /// What was said, oldest first.
    pub comments: Vec<CommentProjection>,
}

/// One comment as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Comment)]
pub struct CommentProjection {
    /// Its id within the thread.
    pub id: ElementId,
    /// Who says to have written it. The server's record of who wrote what has the last word.
    pub author: String,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// What it says, in Markdown.
    pub text: String,
}

/// What it takes to begin a thread.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewThread {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// What is discussed, as a path.
    pub target: String,
    /// Where the discussed passage starts.
    pub start: Option<Position>,
    /// Where the discussed passage ends.
    pub end: Option<Position>,
    /// What the passage reads now.
    pub quote: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Whether it is settled.
    pub resolved: bool,
    /// What is said.
    pub comments: Vec<NewComment>,
}

/// What it takes to comment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewComment {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Who writes it.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What it says, in Markdown.
    pub text: String,
}

element_view!(
    /// One thread.
    Thread reads ThreadProjection {}
);

impl Thread {
    /// What was said.
    #[must_use]
    pub fn comments(&self) -> Collection<Comment> {
        Collection::new(self.path.join("comments"))
    }

    /// Settles the thread.
    ///
    /// # Errors
    /// When the thread does not exist.
    pub fn resolve(&self, txn: &mut TransactionMut<'_>) -> Result<(), EditError> {
        set(&self.path, txn, "resolved", true.into())
    }

    /// Opens the thread again.
    ///
    /// # Errors
    /// When the thread does not exist.
    pub fn reopen(&self, txn: &mut TransactionMut<'_>) -> Result<(), EditError> {
        set(&self.path, txn, "resolved", false.into())
    }
}

impl Element for Thread {
    type Value = ThreadProjection;
    type New = NewThread;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewThread) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewThread, rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        let comments: MapPrelim = new
            .comments
            .into_iter()
            .map(|comment| {
                let id = comment.id.clone().unwrap_or_else(|| ElementId::random(rng));
                let fields: MapPrelim = Comment::fields(comment, rng).into_iter().collect();
                (String::from(id), In::from(fields))
            })
            .collect();
        let mut fields = vec![
            ("target", new.target.into()),
            ("quote", new.quote.into()),
            ("at", new.at.into()),
            ("resolved", new.resolved.into()),
            ("comments", comments.into()),
        ];
        fields.extend(new.start.map(|at| ("start", at.into())));
        fields.extend(new.end.map(|at| ("end", at.into())));
        fields
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> ThreadProjection {
        ThreadProjection {
            target: read::string(map, txn, "target").unwrap_or_default(),
            start: read::position(map, txn, "start"),
            end: read::position(map, txn, "end"),
            quote: read::string(map, txn, "quote").unwrap_or_default(),
            at: read::integer(map, txn, "at").unwrap_or_default(),
            resolved: read::flag(map, txn, "resolved"),
            comments: match map.get(txn, "comments") {
                Some(Out::YMap(comments)) => read_all::<Comment, T>(&comments, txn),
                _ => Vec::new(),
            },
            id,
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::At(read::integer(map, txn, "at").unwrap_or_default())
    }
}

element_view!(
    /// One comment.
    Comment reads CommentProjection {
        /// What it says.
        text,
    }
);

impl Element for Comment {
    type Value = CommentProjection;
    type New = NewComment;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewComment) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewComment, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![
            ("author", new.author.into()),
            ("at", new.at.into()),
            ("text", read::new_text(&new.text)),
        ]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> CommentProjection {
        CommentProjection {
            id,
            author: read::string(map, txn, "author").unwrap_or_default(),
            at: read::integer(map, txn, "at").unwrap_or_default(),
            text: read::text(map, txn, "text"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::At(read::integer(map, txn, "at").unwrap_or_default())
    }
}
