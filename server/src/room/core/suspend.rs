//! Living through a failing store.
//!
//! When an append fails, its outcome is unknown. The room tells everyone that it is read-only,
//! keeps what it had taken in, and later starts again from what the store really holds.

use std::sync::Arc;

use bytes::Bytes;
use yrs::{ReadTxn, Transact, block::ClientID};

use super::{Core, Incoming, Mode, SessionId, Trust, full_state::FullState, staged::Origin};
use crate::room::{batch::Batch, loading::Fold, outbox::Out};

impl Core {
    /// The append under way failed, or nothing can be appended: takes no edits until
    /// [`Core::revive`]. What waits to see the document keeps waiting if the document is ahead.
    pub fn suspend(&mut self, why: &str) {
        let why: Arc<str> = why.into();
        let was_writable = matches!(self.mode, Mode::Writable);
        self.mode = Mode::Suspended(Arc::clone(&why));
        for staged in self.committing.iter_mut().chain([&mut self.staged]) {
            staged
                .replies
                .drain(..)
                .for_each(|reply| reply(Err(why.to_string())));
        }
        if was_writable {
            self.tell_all(&Out::ReadOnly(why));
        }
    }

    /// Starts again from what the store holds. What had been taken in is taken in once more, and
    /// the next append shows whether the store has recovered.
    pub fn revive(&mut self, fold: Fold, now_ms: u64) {
        let kept = self.unsaved();
        let seen = self.durable_state();
        self.full = FullState::loaded(fold.snapshot, &fold.tail);
        self.doc = fold.doc;
        self.gate = fold.gate;
        self.containers_loaded = self.gate.containers();
        self.ledger = fold.ledger;
        self.ledger_changed = true;
        self.artifacts = fold.artifacts;
        self.attributed = None;
        self.seq = fold.seq;
        self.own_clock = 0;
        self.mode = fold.frozen.map_or(Mode::Writable, Mode::Frozen);
        self.assign_roles();
        self.send_since(&seen);
        self.normalise_loaded(&fold.unnormalised, now_ms);
        for (id, update) in kept {
            self.take_in_again(id, update, now_ms);
        }
        match &self.mode {
            Mode::Frozen(why) => self.tell_all(&Out::ReadOnly(Arc::clone(why))),
            _ if self.staged.edits.is_empty() => self.announce_recovery(),
            _ => self.mode = Mode::Recovering("the storage is being tried again".into()),
        }
        self.answer_waiting();
    }

    /// The store takes edits again: asks every session for what was left out meanwhile.
    pub(super) fn announce_recovery(&mut self) {
        if let Mode::Recovering(_) = self.mode {
            self.mode = Mode::Writable;
        }
        let step1 = self.step1();
        self.tell_all(&Out::Frame(step1));
        self.tell_all(&Out::Writable);
    }

    fn assign_roles(&mut self) {
        let mut sessions = std::mem::take(&mut self.sessions);
        for session in sessions.values_mut() {
            session.writer.role = self.role_of(&session.member);
        }
        self.sessions = sessions;
    }

    fn unsaved(&mut self) -> Vec<(SessionId, Bytes)> {
        let staged = std::mem::take(&mut self.staged);
        let mut edits = Vec::new();
        for staged in self.committing.take().into_iter().chain([staged]) {
            // What a session was to be told may rest on another session's edit, which may be gone.
            for (id, _) in &staged.acks {
                if let Some(session) = self.sessions.get_mut(id) {
                    session.distrust();
                }
            }
            edits.extend(staged.edits);
        }
        edits
            .into_iter()
            .filter_map(|staged| match staged.origin {
                Origin::Session(id) => Some((id, staged.edit.update)),
                Origin::Document => None,
            })
            .collect()
    }

    /// What sessions may have been shown: the document less the room's own undurable edits.
    fn durable_state(&self) -> yrs::StateVector {
        let mut state = self.doc.transact().state_vector();
        let own: ClientID = self.doc.client_id();
        if state.get(&own) > self.own_clock {
            state.set_min(own, self.own_clock);
        }
        state
    }

    /// A reader that has fallen behind is not sent the difference, which builds on what it missed.
    fn send_since(&self, seen: &yrs::StateVector) {
        let txn = self.doc.transact();
        let clocks = txn.state_vector();
        let starts = clocks
            .iter()
            .map(|(client, clock)| (client.get(), seen.get(client), *clock))
            .filter(|(_, seen, clock)| seen < clock)
            .map(|(client, seen, _)| (client, seen));
        let difference = Bytes::from(txn.encode_diff_v1(seen));
        let batch = Batch::new(std::iter::once(&difference), starts.collect()).into();
        for session in self.sessions.values().filter(|session| session.is_live) {
            session.outbox.offer(&batch);
        }
    }

    /// The frame was counted when it came; only a later step2 can acknowledge it.
    fn take_in_again(&mut self, id: SessionId, update: Bytes, now_ms: u64) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        if session.trust == Trust::Ended {
            return;
        }
        session.received -= 1;
        self.receive(id, Incoming::Step2(update), now_ms);
        self.staged.acks.clear();
        if let Some(session) = self.sessions.get_mut(&id) {
            session.distrust();
        }
    }

    fn tell_all(&self, out: &Out) {
        for session in self.sessions.values() {
            session.outbox.push(out.clone());
        }
    }
}

impl super::Session {
    /// Nothing more of this session counts until it sends everything it has.
    fn distrust(&mut self) {
        match self.trust {
            Trust::Whole | Trust::Hole(_) => self.trust = Trust::Hole(0),
            Trust::Ended => {}
        }
    }
}
