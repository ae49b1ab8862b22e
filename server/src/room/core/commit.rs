//! From staged to durable to applied.

use smallvec::SmallVec;
use yrs::{ReadTxn, Transact, Update, updates::decoder::Decode};

use super::{
    Core, Mode, Scene,
    staged::{Origin, Staged, StagedEdit},
};
use crate::{
    room::{batch::Batch, newlines, outbox::Out},
    store::{Entry, Seq},
};
use crdt_schema::{
    gate::{Place, RootKind},
    ids::MemberId,
};

impl Core {
    /// The next log entry to make durable, if there is one and none is under way. The caller must
    /// report the outcome with [`Core::committed`] or [`Core::suspend`].
    pub fn next_entry(&mut self) -> Option<Entry> {
        match self.mode {
            Mode::Writable | Mode::Recovering(_) => {}
            Mode::Frozen(_) => return self.release(),
            Mode::Suspended(_) | Mode::Broken => return None,
        }
        if self.committing.is_some() || self.staged.is_empty() {
            return None;
        }
        let mut staged = std::mem::take(&mut self.staged);
        if !staged.is_worth_an_entry() {
            self.acknowledge(staged);
            return None;
        }
        // Later it would count edits that are made while this entry is under way.
        staged.own_clock = self.gate.clock(self.doc.client_id().get());
        let entry = staged.entry();
        self.committing = Some(staged);
        Some(entry)
    }

    /// The entry under way is durable at `seq`: applies it, broadcasts it, acknowledges it.
    pub fn committed(&mut self, seq: Seq, now_ms: u64) {
        let Some(staged) = self.committing.take() else {
            return;
        };
        self.seq = seq;
        self.log.entries += 1;
        self.log.bytes += staged.bytes;
        if let Err(problem) = self.apply(&staged) {
            tracing::error!(
                problem,
                seq,
                "a durable entry did not apply; reloading the room"
            );
            self.mode = Mode::Broken;
            return;
        }
        self.note_touches(&staged);
        self.ledger_changed |= !staged.records.is_empty();
        self.milestones.extend(staged.milestones.iter().cloned());
        self.answer_awaited();
        self.broadcast(&staged);
        self.normalise_newlines(&staged.texts_to_normalise, now_ms);
        self.acknowledge(staged);
        self.answer_waiting();
        if matches!(self.mode, Mode::Recovering(_)) {
            self.announce_recovery();
        }
    }

    fn apply(&mut self, staged: &Staged) -> Result<(), String> {
        for (name, kind) in &staged.new_roots {
            declare(&self.doc, name, *kind);
        }
        let mut txn = self.doc.transact_mut();
        for edit in staged
            .edits
            .iter()
            .filter(|edit| matches!(edit.origin, Origin::Session(_)))
        {
            let update = Update::decode_v1(&edit.edit.update).map_err(|error| error.to_string())?;
            txn.apply_update(update)
                .map_err(|error| error.to_string())?;
        }
        if txn.has_missing_updates() {
            return Err("an admitted update lacks a dependency".into());
        }
        // Integration deletes on its own; the gate must know, or a reader's echo would be news.
        self.gate.record_deletes(txn.delete_set());
        drop(txn);
        staged.updates().for_each(|update| self.full.push(update));
        self.own_clock = staged.own_clock;
        Ok(())
    }

    /// Notes who changed what, for those who come back. Typing changes one place many times.
    fn note_touches(&mut self, staged: &Staged) {
        let mut noted: SmallVec<[(Place, &MemberId); 8]> = SmallVec::new();
        for StagedEdit { edit, touched, .. } in &staged.edits {
            let Some(by) = &edit.by else { continue };
            for place in touched {
                if !noted.contains(&(*place, by)) {
                    noted.push((*place, by));
                }
            }
        }
        for (place, by) in noted {
            if let Ok(path) = self.gate.path(place).parse() {
                self.touches.note(&path, by, self.seq, staged.at_ms);
            }
        }
    }

    fn broadcast(&self, staged: &Staged) {
        let mut live = self
            .sessions
            .values()
            .filter(|session| session.is_live)
            .peekable();
        if live.peek().is_none() {
            return;
        }
        let batch = Batch::new(staged.updates(), staged.starts.clone()).into();
        live.for_each(|session| session.outbox.offer(&batch));
    }

    fn acknowledge(&self, staged: Staged) {
        for (id, received) in staged.acks {
            if let Some(session) = self.sessions.get(&id) {
                session.outbox.push(Out::Ack(received));
            }
        }
        staged.replies.into_iter().for_each(|reply| reply(Ok(())));
    }

    /// Removes the carriage returns that the log was left with, if it may be written to.
    pub(super) fn normalise_loaded(&mut self, paths: &[String], now_ms: u64) {
        match self.mode {
            Mode::Writable => self.normalise_newlines(paths, now_ms),
            Mode::Suspended(_) | Mode::Recovering(_) | Mode::Frozen(_) | Mode::Broken => {}
        }
    }

    /// Removes the carriage returns that updates brought into texts.
    pub(super) fn normalise_newlines(&mut self, paths: &[String], now_ms: u64) {
        for path in paths {
            let fix = |txn: &mut yrs::TransactionMut<'_>, _: &Scene<'_>| {
                newlines::normalise(txn, path);
                Ok(None)
            };
            if let Err(why) = self.change_document(None, fix, now_ms) {
                tracing::warn!(why, path, "could not normalise line ends");
            }
        }
    }

    /// In a frozen room only acknowledgements of what was known already can be staged.
    fn release(&mut self) -> Option<Entry> {
        let staged = std::mem::take(&mut self.staged);
        self.acknowledge(staged);
        None
    }
}

/// Gives a free root its type, so that it can be read and observed.
pub(crate) fn declare(doc: &yrs::Doc, name: &str, kind: RootKind) {
    match kind {
        RootKind::Map => drop(doc.get_or_insert_map(name)),
        RootKind::Text => drop(doc.get_or_insert_text(name)),
        RootKind::Array => drop(doc.get_or_insert_array(name)),
    }
}
