//! Edits on their way into the log.

use bytes::Bytes;
use crdt_schema::gate::{Place, RootKind};
use smallvec::SmallVec;

use super::{EditReply, Milestone, SessionId};
use crate::store::{Edit, Entry};

/// What becomes one log entry, and what is to be done once that is durable.
#[derive(Default)]
pub(super) struct Staged {
    pub(super) edits: Vec<StagedEdit>,
    /// What was decided, as records of the ledger.
    pub(super) records: Vec<Bytes>,
    /// What of it is worth a version of the document.
    pub(super) milestones: Vec<Milestone>,
    /// (client id, first clock) of every section of every update.
    pub(super) starts: Vec<(u64, u32)>,
    pub(super) acks: SmallVec<[(SessionId, u64); 4]>,
    pub(super) replies: Vec<EditReply>,
    pub(super) new_roots: Vec<(String, RootKind)>,
    /// Texts that were given carriage returns.
    pub(super) texts_to_normalise: Vec<String>,
    pub(super) bytes: usize,
    pub(super) at_ms: u64,
    /// How far the room's own client id is durable once this is; known when the entry is made.
    pub(super) own_clock: u32,
}

pub(super) struct StagedEdit {
    pub(super) edit: Edit,
    pub(super) origin: Origin,
    /// The places that change.
    pub(super) touched: SmallVec<[Place; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From a session; applied to the document once durable.
    Session(SessionId),
    /// Made by the server on the document itself.
    Document,
}

impl Staged {
    pub(super) fn push(&mut self, staged: StagedEdit, starts: impl Iterator<Item = (u64, u32)>) {
        self.bytes += staged.edit.update.len();
        self.starts.extend(starts);
        self.edits.push(staged);
    }

    /// Remembers that `session`'s first `received` frames are durable once this is.
    pub(super) fn acknowledge(&mut self, session: SessionId, received: u64) {
        match self.acks.iter_mut().find(|(id, _)| *id == session) {
            Some((_, n)) => *n = received,
            None => self.acks.push((session, received)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.is_worth_an_entry() && self.acks.is_empty() && self.replies.is_empty()
    }

    pub(super) fn is_worth_an_entry(&self) -> bool {
        !self.edits.is_empty() || !self.records.is_empty()
    }

    /// Whether the document or the ledger shows something of this already.
    pub(super) fn is_on_document(&self) -> bool {
        !self.records.is_empty()
            || self
                .edits
                .iter()
                .any(|staged| staged.origin == Origin::Document)
    }

    pub(super) fn entry(&self) -> Entry {
        Entry {
            at_ms: self.at_ms,
            edits: self
                .edits
                .iter()
                .map(|staged| staged.edit.clone())
                .collect(),
            records: self.records.clone(),
        }
    }

    pub(super) fn updates(&self) -> impl Iterator<Item = &Bytes> {
        self.edits.iter().map(|staged| &staged.edit.update)
    }
}
