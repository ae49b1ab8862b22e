//! What a room decides: a synchronous state machine over one workspace's log.
//!
//! Invariant: the document holds exactly the durable log, plus server-made edits whose commit is
//! under way; while there are such, everything that would show the document waits. The gate runs
//! ahead of the document by the entries in flight.
//! This module awaits nothing and asks no clock, so that a simulation can drive it.

mod command;
mod commit;
mod full_state;
mod hearing;
mod pens;
mod serve;
mod staged;
mod suspend;
mod write;

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use crdt_schema::{
    authors::Attributed,
    gate::{Gate, Writer},
    ids::MemberId,
    member::{Kind, Member, Role},
    ownership::State,
    touches::Touches,
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use sync_protocol::{close, yws};
use tokio::sync::oneshot;
use yrs::{Doc, GetString, Map, ReadTxn, StateVector, Transact, updates::encoder::Encode};

pub(super) use self::commit::declare;
pub use self::{
    command::{Acted, Job, Milestone, Refused, Scene},
    serve::{Query, View},
};
use self::{full_state::FullState, serve::Waiting, staged::Staged};
use super::{
    config::RoomConfig,
    goodbye::Goodbye,
    loading::Fold,
    outbox::{Out, Outbox},
    presence::Presence,
    visits::Page,
};
use crate::{activity::Activity, store::Seq};

/// One session of a room, unique in the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// Somebody at the door.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who it is, as vouched for by the server.
    pub member: Arc<Member>,
    /// Where it is told things.
    pub outbox: Arc<Outbox>,
    /// From which page of a browser, if it says so.
    pub page: Option<Page>,
}

/// What a session says.
#[derive(Debug, Clone)]
pub enum Incoming {
    /// "This is what I have": an encoded state vector, checked for form.
    Step1(StateVector),
    /// An update, v1 encoded: one edit.
    Update(Bytes),
    /// An update, v1 encoded: everything that the session's document has beyond the room's.
    Step2(Bytes),
}

/// Why a write was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The client id that has ended; its later updates are ignored.
    pub client: Option<u64>,
    /// The part of the document that the write touched, if it came so far.
    pub path: String,
    /// One sentence that says what to do.
    pub reason: String,
}

/// What the outcome of a server-made edit is told through; called once.
pub type EditReply = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Containers that come before a room starts again: a quarter of what a gate takes.
const CONTAINERS_SINCE_MAX: usize = 65_536;

/// One open workspace.
pub struct Core {
    doc: Doc,
    gate: Gate,
    seq: Seq,
    /// How far the room's own client id is durable.
    own_clock: u32,
    config: Arc<RoomConfig>,
    sessions: FxHashMap<SessionId, Session>,
    presence: Presence,
    staged: Staged,
    committing: Option<Staged>,
    waiting: Vec<Waiting>,
    full: FullState,
    mode: Mode,
    log: LogSize,
    /// Containers that the gate knew when the room was loaded.
    containers_loaded: usize,
    /// Who holds what, and what is pending; ahead of the log by what is staged.
    ledger: State,
    /// Whether something was decided and became durable since the actor last looked.
    ledger_changed: bool,
    /// What was decided, is durable and worth a version, since the actor last looked.
    milestones: Vec<Milestone>,
    /// Those who wait for edits to arrive.
    awaited: Vec<(StateVector, oneshot::Sender<()>)>,
    /// What waits to be decided.
    jobs: VecDeque<Job>,
    /// Whether edits are admitted although something waits to be decided.
    is_edits_turn: bool,
    activity: Activity,
    /// Who changed what, when last.
    touches: Touches,
    /// The SHA-256 of every artifact that is kept, in hexadecimal.
    artifacts: HashSet<String>,
    /// Whom the room's last edit of its own was for.
    attributed: Option<Attributed>,
}

/// Whether edits are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mode {
    Writable,
    /// The store failed; edits are taken again when it recovers.
    Suspended(Arc<str>),
    /// The store is being tried with what was kept; still read-only to sessions.
    Recovering(Arc<str>),
    /// The workspace is archived or damaged; edits are refused.
    Frozen(Arc<str>),
    /// The document and the log disagree, which is a defect; the room must be reloaded.
    Broken,
}

/// The log since the last snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogSize {
    /// Entries.
    pub entries: usize,
    /// Bytes of updates in them.
    pub bytes: usize,
}

struct Session {
    member: Arc<Member>,
    page: Option<Page>,
    writer: Writer,
    outbox: Arc<Outbox>,
    clients: SmallVec<[u64; 2]>,
    /// Has asked for the document, and so is sent what happens.
    is_live: bool,
    /// Update frames received so far.
    received: u64,
    trust: Trust,
}

/// Whether a session's frames still line up with what the room has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Every frame so far was taken in.
    Whole,
    /// A frame was not taken in; only a step2 covers it. Counts the times it was asked for.
    Hole(u8),
    /// Refused or closing; nothing more is taken.
    Ended,
}

impl Core {
    /// A room over what was loaded, at `now_ms` (milliseconds since the Unix epoch).
    #[must_use]
    pub fn new(fold: Fold, config: Arc<RoomConfig>, activity: Activity, now_ms: u64) -> Self {
        let full = FullState::loaded(fold.snapshot, &fold.tail);
        let mode = fold.frozen.map_or(Mode::Writable, Mode::Frozen);
        let mut core = Self {
            doc: fold.doc,
            containers_loaded: fold.gate.containers(),
            gate: fold.gate,
            seq: fold.seq,
            own_clock: 0,
            config,
            sessions: FxHashMap::default(),
            presence: Presence::default(),
            staged: Staged::default(),
            committing: None,
            waiting: Vec::new(),
            full,
            mode,
            log: LogSize {
                entries: fold.tail.len(),
                bytes: fold.tail.iter().map(Bytes::len).sum(),
            },
            ledger: fold.ledger,
            ledger_changed: true,
            milestones: Vec::new(),
            awaited: Vec::new(),
            jobs: VecDeque::new(),
            is_edits_turn: false,
            activity,
            touches: fold.touches,
            artifacts: fold.artifacts,
            attributed: None,
        };
        core.normalise_loaded(&fold.unnormalised, now_ms);
        core
    }

    /// Lets a session in and opens the conversation: what the room has, and who is here.
    pub fn join(&mut self, id: SessionId, visitor: Visitor) {
        let Visitor {
            member,
            outbox,
            page,
        } = visitor;
        let sessions_max = self.config.sessions_max;
        if self.sessions.len() >= sessions_max {
            let reason =
                format!("sessions_per_room_max is {sessions_max}, and all are in use here");
            return outbox.push(Out::Close(Goodbye::new(close::RATE, reason)));
        }
        outbox.push(Out::Frame(self.step1()));
        for frame in self.presence.everybody() {
            outbox.push(Out::Presence(frame));
        }
        match &self.mode {
            Mode::Suspended(why) | Mode::Recovering(why) | Mode::Frozen(why) => {
                outbox.push(Out::ReadOnly(Arc::clone(why)));
            }
            Mode::Writable | Mode::Broken => {}
        }
        let writer = Writer {
            member: member.id.clone(),
            role: self.role_of(&member),
            kind: member.kind,
        };
        let session = Session {
            member,
            page,
            writer,
            outbox,
            clients: SmallVec::new(),
            is_live: false,
            received: 0,
            trust: Trust::Whole,
        };
        self.sessions.insert(id, session);
    }

    /// Forgets a session and its presence. Answers who has left, if it was a person's last one.
    pub fn leave(&mut self, id: SessionId, now_ms: u64) -> Option<(MemberId, Option<Page>)> {
        self.presence.leave(id, now_ms);
        let Session {
            member: gone, page, ..
        } = self.sessions.remove(&id)?;
        let is_last = self
            .sessions
            .values()
            .all(|session| session.member.id != gone.id);
        (gone.kind == Kind::Human && is_last).then(|| (gone.id.clone(), page))
    }

    /// Takes in what a session says about its presence.
    pub fn receive_presence(&mut self, id: SessionId, payload: &[u8], now_ms: u64) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        self.activity.note(&session.member.id, now_ms);
        match sync_protocol::awareness::decode(payload) {
            Ok(entries) => self
                .presence
                .receive((id, &session.member), &entries, now_ms),
            Err(error) => session.refuse_frame(&error.to_string()),
        }
    }

    /// Answers a request for everybody's presence.
    pub fn show_everybody(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        for frame in self.presence.everybody() {
            session.outbox.push(Out::Presence(frame));
        }
    }

    /// Whether presence changed since it was last broadcast.
    #[must_use]
    pub fn has_presence_to_show(&self) -> bool {
        self.presence.has_changes()
    }

    /// Broadcasts the changes of presence to everyone, the sender included: to it, that is the
    /// sign of life that y-websocket waits for.
    pub fn broadcast_presence(&mut self) {
        let Some(frame) = self.presence.take_changes() else {
            return;
        };
        for session in self.sessions.values() {
            session.outbox.offer_presence(&frame);
        }
    }

    /// Tells every session to go.
    pub fn close_all(&mut self, goodbye: &Goodbye) {
        for session in self.sessions.values_mut() {
            session.trust = Trust::Ended;
            session.outbox.push(Out::Close(goodbye.clone()));
        }
    }

    /// The workspace's title, as the document has it.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let txn = self.doc.transact();
        let title = txn.get_map("meta")?.get(&txn, "title")?;
        Some(yrs::TextRef::try_from(title).ok()?.get_string(&txn))
    }

    /// Position of the last log entry that is applied.
    #[must_use]
    pub fn position(&self) -> Seq {
        self.seq
    }

    /// How many sessions are in the room.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// The member of a session.
    #[must_use]
    pub fn member_of(&self, id: SessionId) -> Option<&MemberId> {
        Some(&self.sessions.get(&id)?.member.id)
    }

    /// The log since the last snapshot.
    #[must_use]
    pub fn log_size(&self) -> LogSize {
        self.log
    }

    /// Counts the log anew after a snapshot was stored that left `remaining` uncovered.
    pub fn snapshot_stored(&mut self, covered: LogSize) {
        self.log.entries -= covered.entries.min(self.log.entries);
        self.log.bytes -= covered.bytes.min(self.log.bytes);
    }

    /// Whether the room should start again: its gate remembers many containers that have come
    /// since it was loaded, and forgets those that are gone only so.
    #[must_use]
    pub fn remembers_too_much(&self) -> bool {
        self.is_quiet() && self.gate.containers() > self.containers_loaded + CONTAINERS_SINCE_MAX
    }

    /// Estimated size of the encoded document, in bytes.
    #[must_use]
    pub fn document_bytes(&self) -> usize {
        self.full.bytes_estimate()
    }

    /// Estimated memory that the room holds, in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        // A decoded document takes several times the size of its encoding.
        self.document_bytes() * 6 + self.gate.bytes_estimate()
    }

    /// Whether nothing is staged, under way or waited for.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.committing.is_none()
            && self.staged.is_empty()
            && self.waiting.is_empty()
            && self.jobs.is_empty()
    }

    /// Whether the workspace is archived or damaged.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(self.mode, Mode::Frozen(_))
    }

    /// Whether the room can only be helped by loading it again.
    #[must_use]
    pub fn needs_reload(&self) -> bool {
        matches!(self.mode, Mode::Broken | Mode::Suspended(_))
    }

    /// In a frozen workspace everybody is a reader.
    fn role_of(&self, member: &Member) -> Role {
        match self.mode {
            Mode::Frozen(_) => Role::Viewer,
            Mode::Writable | Mode::Suspended(_) | Mode::Recovering(_) | Mode::Broken => member.role,
        }
    }

    fn step1(&self) -> Bytes {
        yws::step1(&self.doc.transact().state_vector().encode_v1())
    }
}

impl Session {
    fn refuse_frame(&mut self, reason: &str) {
        self.trust = Trust::Ended;
        self.outbox.push(Out::Close(Goodbye::malformed(reason)));
    }
}
