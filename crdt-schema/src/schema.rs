//! Typed views of a document: create, read, edit and observe.
//!
//! A view is a place in the document, not a part of it: it holds no reference into the document
//! and takes a transaction with every call, so the server (inside its own transaction) and a
//! headless peer use the same views. Reading is tolerant: what is missing or of the wrong type
//! reads as its default. Writing keeps to [`crate::shape`].

mod briefing;
mod collection;
mod edit;
mod element;
mod field;
mod observe;
mod offsets;
mod plan;
mod position;
mod suggestion;
mod task;
mod text;
mod thread;
pub mod words;

use yrs::{ReadTxn, TransactionMut};

/// What the views read as; [`crate::project`] puts it together.
pub(crate) mod projections {
    pub use super::{
        briefing::{
            ActionProjection, BriefingProjection, ConstraintProjection, Primitive,
            QuestionProjection, SourceProjection,
        },
        plan::{PlanProjection, StepProjection},
        suggestion::SuggestionProjection,
        task::TaskProjection,
        thread::{CommentProjection, ThreadProjection},
    };
}

pub use self::{
    briefing::{
        Action, Briefing, Constraint, NewAction, NewConstraint, NewQuestion, NewSource, Question,
        Source,
    },
    collection::{Collection, Element, Ordered, Place, Rank},
    edit::normalize,
    field::EditError,
    observe::{Busy, Changes, Subscription, observe},
    plan::{NewStep, Plan, Step},
    position::{BadPosition, Position},
    suggestion::{NewSuggestion, Suggestion},
    task::{NewTask, Task},
    text::TextField,
    thread::{Comment, NewComment, NewThread, Thread},
};
pub(crate) use self::{
    edit::{Hunk, byte_at, hunks, utf16_len},
    field::{container, find_map},
    offsets::{Offsets, passages},
};
use crate::{document::SCHEMA_VERSION, path::DocPath, project::read};

/// The whole document, where every view starts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Workspace;

impl Workspace {
    /// The title of the workspace.
    #[must_use]
    pub fn title(self) -> TextField {
        TextField::new(place(&["meta", "title"]))
    }

    /// The version of the schema that the document was made with, if it says so.
    pub fn schema<T: ReadTxn>(self, txn: &T) -> Option<i64> {
        read::integer(&txn.get_map("meta")?, txn, "schema")
    }

    /// The goal and the steps.
    #[must_use]
    pub fn plan(self) -> Plan {
        Plan
    }

    /// What a newcomer has to know.
    #[must_use]
    pub fn briefing(self) -> Briefing {
        Briefing
    }

    /// The tasks, in order.
    #[must_use]
    pub fn tasks(self) -> Collection<Task> {
        Collection::new(place(&["tasks"]))
    }

    /// The text that everybody drafts in.
    #[must_use]
    pub fn notes(self) -> TextField {
        TextField::new(place(&["notes"]))
    }

    /// Proposed changes to texts.
    #[must_use]
    pub fn suggestions(self) -> Collection<Suggestion> {
        Collection::new(place(&["suggestions"]))
    }

    /// Discussions of passages.
    #[must_use]
    pub fn threads(self) -> Collection<Thread> {
        Collection::new(place(&["threads"]))
    }

    /// Makes the frame of a new document: its schema version and the containers that exist once.
    ///
    /// Only whoever makes the document does this, before anybody else writes: two peers that
    /// each made the frame would lose one of the two with all that is in it.
    pub fn frame(self, txn: &mut TransactionMut<'_>) {
        field::set_fields(
            &field::root_map(txn, "meta"),
            txn,
            [("schema", SCHEMA_VERSION.into())],
        );
        self.title().touch(txn);
        Plan.frame(txn);
        Briefing.frame(txn);
    }
}

/// A place that the schema is known to have.
fn place(keys: &[&str]) -> DocPath {
    DocPath::new(keys.iter().copied()).expect("views name only places of the schema")
}
