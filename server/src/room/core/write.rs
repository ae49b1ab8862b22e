//! Taking edits in: from sessions through the gate, from the server on the document itself.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{
    authors,
    gate::{self, Admitted, Effect, Gate, Refusal, Walk},
    ids::MemberId,
    member::Member,
};
use yrs::{ReadTxn, Transact, TransactionMut};

use super::{
    Core, Denial, EditReply, Incoming, Mode, Scene, Session, SessionId, Trust,
    full_state::NOTHING,
    hearing::Objection,
    pens::Ledger,
    staged::{Origin, StagedEdit},
};
use crate::{
    room::{RoomConfig, goodbye::Goodbye, outbox::Out},
    store::Edit,
};

/// How often a session is asked for what its updates lack before it is given up.
const ASKS_MAX: u8 = 4;

impl Core {
    /// Takes in what a session says, at `now_ms` (milliseconds since the Unix epoch).
    pub fn receive(&mut self, id: SessionId, incoming: Incoming, now_ms: u64) {
        match incoming {
            Incoming::Step1(have) => self.answer_step1(id, have),
            Incoming::Update(update) => self.receive_update(id, &update, Covers::Itself, now_ms),
            Incoming::Step2(update) => self.receive_update(id, &update, Covers::AllBefore, now_ms),
        }
    }

    /// Whether more may be staged now. Not when the entry is large enough, and not while
    /// something waits to be decided or shown.
    #[must_use]
    pub fn admits(&self) -> bool {
        self.staged.edits.len() < self.config.batch_updates_max
            && self.staged.bytes < self.config.batch_bytes_max
            && (self.jobs.is_empty() || self.is_edits_turn)
            && (self.waiting.is_empty() || !self.shows_undurable())
    }

    /// Edits the document itself, in one transaction, on behalf of `by`. `reply` is called when
    /// the edit is durable, or with the reason why it is not.
    pub fn edit(
        &mut self,
        by: &MemberId,
        change: impl FnOnce(&mut TransactionMut<'_>) -> Result<(), String>,
        reply: EditReply,
        now_ms: u64,
    ) {
        match &self.mode {
            Mode::Writable => {}
            Mode::Suspended(why) | Mode::Recovering(why) | Mode::Frozen(why) => {
                return reply(Err(why.to_string()));
            }
            Mode::Broken => return reply(Err("the workspace is being reloaded; try again".into())),
        }
        // A transaction has no way back: what a failing change did already is kept and logged.
        match self.change_document(Some(by), |txn, _| change(txn).map(|()| None), now_ms) {
            Ok(()) => self.staged.replies.push(reply),
            Err(why) => reply(Err(why)),
        }
    }

    fn receive_update(&mut self, id: SessionId, update: &Bytes, covers: Covers, now_ms: u64) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.received += 1;
        self.activity.note(&session.member.id, now_ms);
        match (&self.mode, session.trust, covers) {
            (_, Trust::Ended, _) => return,
            (Mode::Suspended(_) | Mode::Recovering(_) | Mode::Broken, ..) => {
                return session.leave_hole();
            }
            // What follows a hole depends on it; only a step2 holds both.
            (_, Trust::Hole(_), Covers::Itself) => return,
            (Mode::Writable | Mode::Frozen(_), Trust::Whole | Trust::Hole(_), _) => {}
        }
        let walk = match gate::walk(update, &self.config.gate) {
            Ok(walk) => walk,
            Err(refusal) => return session.refuse(&refusal, &self.mode),
        };
        if let Err(goodbye) =
            session.check_room(&walk, &self.gate, &self.config, self.full.bytes_estimate())
        {
            return session.end(goodbye);
        }
        match self
            .gate
            .admit(&walk, &session.writer, &Ledger(&self.ledger))
        {
            Ok(admitted) => self.stage(id, &walk, update, &admitted, now_ms),
            Err(Refusal::Incomplete { .. }) => self.ask_for_missing(id),
            Err(Refusal::MaySuggest { path, why, touched }) => {
                self.suggest_instead(id, update, &Objection { path, why, touched }, now_ms);
            }
            Err(refusal) => session.refuse(&refusal, &self.mode),
        }
    }

    fn stage(
        &mut self,
        id: SessionId,
        walk: &Walk<'_>,
        update: &Bytes,
        admitted: &Admitted,
        now_ms: u64,
    ) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.trust = Trust::Whole;
        let (member, received) = (Arc::clone(&session.member), session.received);
        if admitted.effect == Effect::New {
            if !admitted.new_clients.is_empty() {
                self.bind(&admitted.new_clients, &member, now_ms);
            }
            let edit = Edit {
                by: Some(member.id.clone()),
                update: update.clone(),
            };
            let staged = StagedEdit {
                edit,
                origin: Origin::Session(id),
                touched: admitted.touched.clone(),
            };
            self.staged.at_ms = now_ms;
            self.staged.push(staged, walk.starts());
            self.staged
                .new_roots
                .extend(admitted.new_roots.iter().cloned());
            if walk.has_carriage_return() {
                let paths = admitted.touched.iter().map(|place| self.gate.path(*place));
                self.staged.texts_to_normalise.extend(paths);
            }
        }
        self.staged.acknowledge(id, received);
    }

    /// Records who writes under these client ids, before the first thing they write.
    fn bind(&mut self, clients: &[u64], member: &Member, now_ms: u64) {
        let record = |txn: &mut TransactionMut<'_>, _: &Scene<'_>| {
            authors::bind(txn, clients, member);
            Ok(None)
        };
        if let Err(why) = self.change_document(None, record, now_ms) {
            tracing::error!(why, "could not record a writer");
        }
    }

    /// Changes the document itself, for `by` or as the server, in one transaction. `change` says
    /// whose words it wrote, if not those of `by`.
    pub(super) fn change_document(
        &mut self,
        by: Option<&MemberId>,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<Option<MemberId>, String>,
        now_ms: u64,
    ) -> Result<(), String> {
        let own = self.doc.client_id();
        let start = self.gate.clock(own.get());
        let scene = Scene {
            ledger: &self.ledger,
            touches: &self.touches,
            cursor: self.seq,
            presence: &self.presence,
            now_ms,
        };
        let (outcome, update) = {
            let mut txn = self.doc.transact_mut();
            let outcome = change(&mut txn, &scene);
            let credit = outcome.as_ref().ok().and_then(Option::as_ref).or(by);
            let end = txn.state_vector().get(&own);
            if let Some(credit) = credit.filter(|_| end > start) {
                let last = self.attributed.take();
                let clocks = start..end;
                let attributed = authors::attribute(&mut txn, own.get(), clocks, credit, last);
                self.attributed = Some(attributed);
            }
            (outcome.map(drop), Bytes::from(txn.encode_update_v1()))
        };
        let walk = gate::walk(&update, &gate::Limits::stored());
        match walk.and_then(|walk| Ok((self.gate.admit_server(&walk)?, walk))) {
            Ok((admitted, walk)) => {
                // Logged even if the gate knew all of it: a session's edit that says the same may
                // be on its way only, and the document shows it now.
                if update[..] != NOTHING {
                    self.staged.at_ms = now_ms;
                    let edit = Edit {
                        by: by.cloned(),
                        update: update.clone(),
                    };
                    let staged = StagedEdit {
                        edit,
                        origin: Origin::Document,
                        touched: admitted.touched,
                    };
                    self.staged.push(staged, walk.starts());
                }
                outcome
            }
            Err(refusal) => {
                tracing::error!(%refusal, "the gate refused a server-made edit; reloading the room");
                self.mode = Mode::Broken;
                Err(refusal.to_string())
            }
        }
    }

    fn ask_for_missing(&mut self, id: SessionId) {
        let step1 = self.step1();
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        let asked = match session.trust {
            Trust::Whole => 0,
            Trust::Hole(asked) => asked,
            Trust::Ended => return,
        };
        if asked >= ASKS_MAX {
            session.refuse_frame("updates lack what they depend on, and step2 did not bring it");
        } else {
            session.trust = Trust::Hole(asked + 1);
            session.outbox.push(Out::Frame(step1));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// One edit; earlier ones are other frames.
    Itself,
    /// Everything the session has.
    AllBefore,
}

impl Session {
    /// Checks the limits that concern the session and the document as a whole.
    fn check_room(
        &mut self,
        walk: &Walk<'_>,
        gate: &Gate,
        config: &RoomConfig,
        document_bytes: usize,
    ) -> Result<(), Goodbye> {
        for (client, clock) in walk.starts() {
            let is_news = clock >= gate.clock(client);
            if is_news && !self.clients.contains(&client) {
                self.clients.push(client);
            }
        }
        if self.clients.len() > config.session_clients_max {
            return Err(Goodbye::over(
                "session_clients_max",
                config.session_clients_max,
                self.clients.len(),
            ));
        }
        if document_bytes > config.document_bytes_max {
            return Err(Goodbye::over(
                "document_bytes_max",
                config.document_bytes_max,
                document_bytes,
            ));
        }
        Ok(())
    }

    fn leave_hole(&mut self) {
        if self.trust == Trust::Whole {
            self.trust = Trust::Hole(0);
        }
    }

    fn refuse(&mut self, refusal: &Refusal, mode: &Mode) {
        match refusal {
            Refusal::Malformed { .. } => self.refuse_frame(&refusal.to_string()),
            Refusal::Limit { name, limit, found } => self.end(Goodbye::over(name, *limit, *found)),
            _ => self.deny(Denial {
                client: ended_client(refusal),
                path: refusal.path().unwrap_or_default().to_owned(),
                reason: match mode {
                    Mode::Frozen(why) => why.to_string(),
                    Mode::Writable | Mode::Suspended(_) | Mode::Recovering(_) | Mode::Broken => {
                        refusal.to_string()
                    }
                },
            }),
        }
    }

    pub(super) fn deny(&mut self, denial: Denial) {
        metrics::counter!("penhold_writes_denied_total").increment(1);
        self.trust = Trust::Ended;
        self.outbox.push(Out::Denied(denial.into()));
    }

    fn end(&mut self, goodbye: Goodbye) {
        self.trust = Trust::Ended;
        self.outbox.push(Out::Close(goodbye));
    }
}

/// The client id that a refusal is about.
fn ended_client(refusal: &Refusal) -> Option<u64> {
    match refusal {
        Refusal::ForeignClient { client } | Refusal::Inconsistent { client, .. } => Some(*client),
        _ => None,
    }
}
