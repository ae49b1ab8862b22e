//! Showing the document: to newcomers, to readers that fell behind, to queries.

use crdt_schema::{ownership::State, touches::Touches};
use sync_protocol::yws;
use yrs::{Doc, ReadTxn, StateVector, Transact, block::ClientID};

use super::{Core, SessionId};
use crate::{
    room::outbox::{Missed, Out},
    store::Seq,
};

/// Somebody who asked to see the document while it was ahead of the log.
pub(super) enum Waiting {
    Step1(SessionId, StateVector),
    Resync(SessionId, Missed),
    Query(Query),
}

/// A question about the workspace, answered between transactions.
pub type Query = Box<dyn FnOnce(&View<'_>) + Send>;

/// A workspace as its log has it.
pub struct View<'a> {
    /// The document.
    pub doc: &'a Doc,
    /// Who holds what, and what is pending.
    pub ledger: &'a State,
    /// Who changed what, when last.
    pub touches: &'a Touches,
    /// Position of the last log entry that this shows.
    pub cursor: Seq,
}

impl Core {
    /// Answers a reader that fell behind with one difference.
    pub fn resynchronise(&mut self, id: SessionId, missed: Missed) {
        self.show(Waiting::Resync(id, missed));
    }

    /// Runs `query` as soon as the document shows nothing that a crash could take back.
    pub fn query(&mut self, query: Query) {
        self.show(Waiting::Query(query));
    }

    pub(super) fn answer_step1(&mut self, id: SessionId, have: StateVector) {
        self.show(Waiting::Step1(id, have));
    }

    /// Whether the document is ahead of the log.
    pub(super) fn shows_undurable(&self) -> bool {
        self.staged.is_on_document()
            || self
                .committing
                .as_ref()
                .is_some_and(super::Staged::is_on_document)
    }

    pub(super) fn answer_waiting(&mut self) {
        if !self.shows_undurable() {
            for waiting in std::mem::take(&mut self.waiting) {
                self.answer(waiting);
            }
        }
    }

    fn show(&mut self, waiting: Waiting) {
        if self.shows_undurable() {
            self.waiting.push(waiting);
        } else {
            self.answer(waiting);
        }
    }

    fn answer(&mut self, waiting: Waiting) {
        match waiting {
            Waiting::Step1(id, have) => self.send_state(id, &have),
            Waiting::Resync(id, missed) => self.send_missed(id, &missed),
            Waiting::Query(query) => query(&View {
                doc: &self.doc,
                ledger: &self.ledger,
                touches: &self.touches,
                cursor: self.seq,
            }),
        }
    }

    fn send_state(&mut self, id: SessionId, have: &StateVector) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.is_live = true;
        if have.is_empty() {
            let encode = || self.doc.transact().encode_diff_v1(have);
            for frame in self.full.frames(encode) {
                session.outbox.push(Out::Frame(frame));
            }
        } else {
            let difference = self.doc.transact().encode_diff_v1(have);
            session.outbox.push(Out::Frame(yws::step2(&difference)));
        }
    }

    /// What the reader had is what the room has, less what it missed. Deletions are sent whole.
    fn send_missed(&self, id: SessionId, missed: &Missed) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let txn = self.doc.transact();
        let mut had = txn.state_vector();
        let meanwhile = session.outbox.missed_since_asked();
        for (&client, &clock) in missed.iter().chain(&meanwhile) {
            had.set_min(ClientID::new(client), clock);
        }
        session
            .outbox
            .caught_up(yws::update(&txn.encode_diff_v1(&had)));
    }
}
