//! Commands: decided one at a time, on the document as the log has it.
//!
//! A command judges content, so it waits until every admitted edit is applied; nothing more is
//! admitted meanwhile. Commands and edits take turns, so that neither keeps the other waiting. Its events, what they mean in the document's `control` root and the record
//! of them are one log entry. The ledger runs ahead of the log by that entry, as the document
//! does, and whatever would show it waits.

use bytes::Bytes;
use crdt_schema::{
    authors,
    ids::MemberId,
    member::Member,
    ownership::{
        self, Command, Context, Decision, Event, Facts, Noted, Outcome, Refusal, State,
        Surroundings,
    },
    schema::TextField,
    touches::Touches,
    versions::Version,
};
use tokio::sync::oneshot;
use yrs::{ReadTxn, StateVector, Transact, TransactionMut};

use super::{Core, EditReply, Mode, staged::Origin};
use crate::{
    room::{carets::carets_in, handle::CommandError, presence::Presence},
    store::Seq,
};

/// Something to be decided when the document is what the log says.
pub type Job = Box<dyn FnOnce(&mut Core, u64) + Send>;

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    /// The rules say no.
    #[error(transparent)]
    Rule(Box<Refusal>),
    /// The workspace takes no changes now.
    #[error("{0}")]
    ReadOnly(String),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Rule(Box::new(refusal))
    }
}

/// What surrounds a change of the document.
pub struct Scene<'a> {
    /// Who holds what, and what is pending.
    pub ledger: &'a State,
    /// Who changed what, when last.
    pub touches: &'a Touches,
    /// Position of the last log entry that the document holds.
    pub cursor: Seq,
    pub(super) presence: &'a Presence,
    pub(super) now_ms: u64,
}

impl Scene<'_> {
    /// The offsets in a text (UTF-16 code units) at which people's carets stand, or stood within
    /// the last 30 s.
    pub fn carets<T: ReadTxn>(&self, txn: &T, field: &TextField) -> Vec<u32> {
        carets_in(txn, field, self.presence.carets_of_people(self.now_ms))
    }
}

/// Something decided that is worth a version of the document.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// What it was, for the version's id.
    pub what: String,
    /// Who did it; nobody when time did.
    pub by: Option<MemberId>,
    /// What it is called, if it has a name.
    pub title: String,
}

/// What a change of the document that is worth a record came to.
pub struct Acted<T> {
    /// What its author is told.
    pub answer: T,
    /// The fact that goes into the record.
    pub noted: Noted,
    /// Whose words were written, if not those of whoever made the change.
    pub credit: Option<MemberId>,
}

impl Core {
    /// Runs `job` as soon as the document holds every edit that was admitted before.
    pub fn decide(&mut self, job: Job) {
        self.jobs.push_back(job);
    }

    /// Whether something waits to be decided and the document is what the log says.
    #[must_use]
    pub fn has_job(&self) -> bool {
        !self.jobs.is_empty() && !self.has_edits_in_flight()
    }

    /// Runs the first of what waits to be decided, if it can be; edits that wait come next.
    pub fn run_job(&mut self, now_ms: u64) {
        if self.has_job()
            && let Some(job) = self.jobs.pop_front()
        {
            job(self, now_ms);
            self.is_edits_turn = true;
        }
    }

    /// Says that the edits that waited have been admitted: it is the turn of what is to be decided.
    pub fn end_edits_turn(&mut self) {
        self.is_edits_turn = false;
    }

    /// Decides a command. The outcome may be told once what [`Core::when_durable`] is given is
    /// called.
    ///
    /// # Errors
    /// See [`Refused`]; nothing has changed then.
    pub fn command(
        &mut self,
        by: &Member,
        key: Option<&str>,
        command: &Command,
        now_ms: u64,
    ) -> Result<Outcome, Refused> {
        self.check_writable()?;
        self.activity.note(&by.id, now_ms);
        let around = Surroundings {
            cursor: self.seq,
            has_artifact: &|hash| self.artifacts.contains(hash),
        };
        let facts = ownership::facts(command, &self.ledger, &self.doc.transact(), &around);
        self.decide_on(by, key, command, &facts, now_ms)
    }

    /// Changes the document for `by`, and records it, in one log entry. `change` looks before it
    /// writes: a transaction has no way back, so it must not fail after its first edit.
    ///
    /// # Errors
    /// Those of `change`, and [`CommandError`] before it is run.
    pub fn act<T, E: From<CommandError>>(
        &mut self,
        by: &Member,
        key: Option<&str>,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<Acted<T>, E>,
        now_ms: u64,
    ) -> Result<(T, Outcome), E> {
        self.check_writable().map_err(CommandError::from)?;
        self.activity.note(&by.id, now_ms);
        if let Some(outcome) = key.and_then(|key| self.ledger.answered(&by.id, key)) {
            return Err(CommandError::Repeated(Box::new(outcome.clone())).into());
        }
        let mut acted = None;
        let changed = self.change_document(
            Some(&by.id),
            |txn, scene| {
                let done = change(txn, scene);
                let credit = done.as_ref().ok().and_then(|done| done.credit.clone());
                acted = Some(done);
                Ok(credit)
            },
            now_ms,
        );
        let acted = acted.expect("a change is run once")?;
        changed.map_err(|why| CommandError::from(broken(&why)))?;
        let facts = Facts {
            cursor: self.seq,
            ..Facts::default()
        };
        let command = Command::Note(acted.noted);
        let outcome = self.decide_on(by, key, &command, &facts, now_ms);
        Ok((acted.answer, outcome.map_err(CommandError::from)?))
    }

    /// Changes the document for `by`, without a record.
    ///
    /// # Errors
    /// Those of `change`, and [`CommandError`] before it is run.
    pub fn change<T, E: From<CommandError>>(
        &mut self,
        by: &Member,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<T, E>,
        now_ms: u64,
    ) -> Result<T, E> {
        self.check_writable().map_err(CommandError::from)?;
        self.activity.note(&by.id, now_ms);
        let mut changed = None;
        let logged = self.change_document(
            Some(&by.id),
            |txn, scene| {
                let done = change(txn, scene);
                if done.is_ok() {
                    authors::introduce(txn, by);
                }
                changed = Some(done);
                Ok(None)
            },
            now_ms,
        );
        let answer = changed.expect("a change is run once")?;
        logged.map_err(|why| CommandError::from(broken(&why)))?;
        Ok(answer)
    }

    /// The document as it is, to be kept as a version.
    #[must_use]
    pub fn version(&self, now_ms: u64) -> Version {
        Version::take(&self.doc.transact(), self.seq, now_ms)
    }

    /// What was decided and became durable since this was last asked, and is worth a version.
    pub fn take_milestones(&mut self) -> Vec<Milestone> {
        std::mem::take(&mut self.milestones)
    }

    /// Answers when the document holds everything that `have` names.
    pub fn await_state(&mut self, have: StateVector, reply: oneshot::Sender<()>) {
        self.awaited.push((have, reply));
        self.answer_awaited();
    }

    /// Answers those who wait for edits that have come.
    pub(super) fn answer_awaited(&mut self) {
        if self.awaited.is_empty() {
            return;
        }
        let here = self.doc.transact().state_vector();
        for (have, reply) in std::mem::take(&mut self.awaited) {
            if reply.is_closed() {
                continue;
            }
            if have
                .iter()
                .all(|(client, clock)| here.get(client) >= *clock)
            {
                reply.send(()).ok();
            } else {
                self.awaited.push((have, reply));
            }
        }
    }

    /// Whether something was decided since this was last asked.
    pub fn take_ledger_changed(&mut self) -> bool {
        std::mem::take(&mut self.ledger_changed)
    }

    /// What is kept beside a snapshot.
    #[must_use]
    pub fn side(&self) -> Bytes {
        self.touches.encode().into()
    }

    /// Calls `reply` when everything decided so far is durable, or with the reason why it is not.
    pub fn when_durable(&mut self, reply: EditReply) {
        if self.shows_undurable() {
            self.staged.replies.push(reply);
        } else {
            reply(Ok(()));
        }
    }

    /// Lets pass what time has brought: leases, offers and questions that have run out.
    pub fn let_time_pass(&mut self, now_ms: u64) {
        if !matches!(self.mode, Mode::Writable) || self.has_edits_in_flight() {
            return;
        }
        let events = self
            .ledger
            .due(now_ms, &|member| Some(self.activity.last(member)));
        if !events.is_empty()
            && let Err(why) = self.log_events(None, None, events, now_ms)
        {
            tracing::error!(why, "what time has brought was not recorded");
        }
    }

    /// When [`Core::let_time_pass`] has something to do, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<u64> {
        match self.mode {
            Mode::Writable => self
                .ledger
                .next_due(&|member| Some(self.activity.last(member))),
            Mode::Suspended(_) | Mode::Recovering(_) | Mode::Frozen(_) | Mode::Broken => None,
        }
    }

    /// Who holds what, and what is pending; ahead of the log while [`Core::shows_undurable`].
    #[must_use]
    pub fn ledger(&self) -> &State {
        &self.ledger
    }

    fn decide_on(
        &mut self,
        by: &Member,
        key: Option<&str>,
        command: &Command,
        facts: &Facts,
        now_ms: u64,
    ) -> Result<Outcome, Refused> {
        let context = Context {
            by,
            now_ms,
            key,
            facts,
            activity: &|member| Some(self.activity.last(member)),
        };
        match self.ledger.decide(&context, command, &mut rand::rng())? {
            Decision::Again(outcome) => Ok(outcome),
            Decision::New(events) => self
                .log_events(Some(by), key, events, now_ms)
                .map_err(|why| broken(&why)),
        }
    }

    pub(super) fn log_events(
        &mut self,
        by: Option<&Member>,
        key: Option<&str>,
        events: Vec<Event>,
        now_ms: u64,
    ) -> Result<Outcome, String> {
        let record = self.ledger.record(now_ms, by.map(|by| &by.id), key, events);
        let outcome = Outcome::of(&record);
        let json = record.to_json();
        self.ledger
            .apply(&record)
            .map_err(|broken| broken.to_string())?;
        self.change_document(
            None,
            |txn, scene| {
                by.into_iter().for_each(|by| authors::introduce(txn, by));
                ownership::project(scene.ledger, &record.events, txn);
                Ok(None)
            },
            now_ms,
        )?;
        for event in record.events {
            let (what, title) = match event {
                Event::Noted {
                    noted: Noted::ArtifactPut { artifact, .. },
                } => {
                    self.artifacts.insert(artifact);
                    continue;
                }
                Event::HandoffOffered { id, .. } => (format!("handoff-{id}"), String::new()),
                Event::DecisionPosted { id, title, .. } => (format!("decision-{id}"), title),
                Event::ApprovalAnswered { id, .. } => {
                    let approval = self.ledger.approval(&id);
                    let title = approval.map(|approval| approval.title.clone());
                    (format!("approval-{id}"), title.unwrap_or_default())
                }
                _ => continue,
            };
            let by = record.by.clone();
            self.staged.milestones.push(Milestone { what, by, title });
        }
        self.staged.at_ms = now_ms;
        self.staged.records.push(Bytes::from(json));
        Ok(outcome)
    }

    fn check_writable(&self) -> Result<(), Refused> {
        match &self.mode {
            Mode::Writable => Ok(()),
            Mode::Suspended(why) | Mode::Recovering(why) | Mode::Frozen(why) => {
                Err(Refused::ReadOnly(why.to_string()))
            }
            Mode::Broken => Err(Refused::ReadOnly(
                "the workspace is being reloaded; try again".to_owned(),
            )),
        }
    }

    pub(super) fn has_edits_in_flight(&self) -> bool {
        let in_flight = self.committing.iter().chain([&self.staged]);
        in_flight
            .flat_map(|staged| &staged.edits)
            .any(|staged| matches!(staged.origin, Origin::Session(_)))
    }
}

fn broken(why: &str) -> Refused {
    Refused::ReadOnly(format!("the workspace is being reloaded: {why}"))
}
