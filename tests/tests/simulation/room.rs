//! The server: the real room core, with a model of the task, the sockets and the store around it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use crdt_schema::{
    document,
    item::Item,
    lineage::Lineage,
    member::{Kind, Member, Role},
    ownership::{self, Context, Decision, Facts, Record, State},
    schema::Workspace,
};
use futures_util::FutureExt as _;
use parking_lot::Mutex;
use penhold_server::{
    activity::Activity,
    room::{
        Incoming, Out, Outbox, RoomConfig, SessionId, Visitor,
        core::Core,
        loading,
        outbox::{Missed, Taken},
    },
    store::{Edit, Entry, WorkspaceRecord},
};
use yrs::{Map, ReadTxn, StateVector, Transact, WriteTxn};

use super::{
    disk::{Disk, Fate},
    rng::Rng,
    time::{Event, Time},
};

pub(crate) enum Command {
    Join(SessionId, Visitor),
    Leave(SessionId),
    Frame(SessionId, Incoming),
    Presence(SessionId, Bytes),
    Resync(SessionId, Missed),
    /// An edit over HTTP.
    Edit,
    /// A read over HTTP.
    Read,
    /// A command: a rule is changed.
    Decide,
}

pub(crate) struct Room {
    /// `None` while the server is down.
    core: Option<Core>,
    pub(crate) disk: Disk,
    pub(crate) lineage: String,
    config: Arc<RoomConfig>,
    inbox: VecDeque<Command>,
    turns: BTreeMap<SessionId, VecDeque<Incoming>>,
    is_turn_due: bool,
    is_retry_due: bool,
    retry_wait_ms: u64,
    /// What edits over HTTP were answered: the edit's number and the outcome.
    answers: Arc<Mutex<Vec<(u64, bool)>>>,
    /// What reads over HTTP were answered: the whole document.
    reads: Arc<Mutex<Vec<Bytes>>>,
    /// Records that were confirmed or shown.
    shown: Arc<Mutex<Vec<u64>>>,
    server_edits: u64,
    /// Counts the times that the server was started.
    process: u64,
    folds: u64,
}

impl Room {
    pub(crate) fn new(config: RoomConfig, rng: &mut Rng, now_ms: u64) -> Self {
        let lineage = Lineage::random(rng);
        let mut room = Self {
            core: None,
            disk: Disk::new(directory(&lineage), first_entry(lineage)),
            lineage: lineage.to_string(),
            config: Arc::new(config),
            inbox: VecDeque::new(),
            turns: BTreeMap::new(),
            is_turn_due: false,
            is_retry_due: false,
            retry_wait_ms: RETRY_MS.0,
            answers: Arc::default(),
            reads: Arc::default(),
            shown: Arc::default(),
            server_edits: 0,
            process: 0,
            folds: 0,
        };
        assert!(room.start(now_ms));
        room
    }

    pub(crate) fn is_up(&self) -> bool {
        self.core.is_some()
    }

    pub(crate) fn core(&mut self) -> &mut Core {
        self.core.as_mut().expect("the server is up")
    }

    /// Opens the workspace; whether the disk let us.
    pub(crate) fn start(&mut self, now_ms: u64) -> bool {
        let Ok(loaded) = self.disk.load(now_ms) else {
            return false;
        };
        let fold = loading::fold(loaded, self.fresh_client_id());
        let fold = fold.expect("what was stored can be opened");
        self.core = Some(Core::new(
            fold,
            Arc::clone(&self.config),
            Activity::since(now_ms),
            now_ms,
        ));
        true
    }

    /// The process dies. An append under way may still reach the disk.
    pub(crate) fn crash(&mut self, rng: &mut Rng) {
        if let Some(id) = self.disk.id_under_way().filter(|_| rng.percent(50)) {
            self.disk.write(id);
        }
        self.disk.abandon();
        self.core = None;
        self.process += 1;
        self.inbox.clear();
        self.turns.clear();
        self.answers.lock().clear();
        (self.is_turn_due, self.is_retry_due) = (false, false);
        self.retry_wait_ms = RETRY_MS.0;
    }

    pub(crate) fn send(&mut self, command: Command, time: &mut Time) {
        if self.is_up() {
            self.inbox.push_back(command);
            self.wake(0..=3, time);
        }
    }

    /// One turn of the room's task.
    pub(crate) fn turn(&mut self, time: &mut Time) {
        self.is_turn_due = false;
        if !self.is_up() {
            return;
        }
        while let Some(command) = self.inbox.pop_front() {
            self.obey(command, time);
        }
        self.core().broadcast_presence();
        self.go_on(time);
    }

    /// The append `id` has ended.
    pub(crate) fn report(&mut self, id: u64, time: &mut Time) {
        let now_ms = time.now_ms;
        match self.disk.report(id) {
            None => return,
            Some(Ok(seq)) => {
                self.retry_wait_ms = RETRY_MS.0;
                self.core().committed(seq, now_ms);
            }
            Some(Err(why)) => {
                self.core().suspend(&why);
                self.retry_later(time);
            }
        }
        self.go_on(time);
    }

    /// Starts again from what the disk holds.
    pub(crate) fn retry(&mut self, process: u64, time: &mut Time) {
        if process != self.process {
            return;
        }
        self.is_retry_due = false;
        match self.disk.load(time.now_ms) {
            Ok(loaded) => {
                let client_id = self.fresh_client_id();
                let fold = loading::fold(loaded, client_id);
                let fold = fold.expect("what was stored can be opened");
                self.core().revive(fold, time.now_ms);
            }
            Err(why) => {
                self.core().suspend(&why);
                self.retry_later(time);
            }
        }
        self.go_on(time);
    }

    /// Replaces the log by a snapshot, beside the room.
    pub(crate) fn compact(&mut self) {
        let covered = self.disk.compact();
        if let Some(core) = &mut self.core {
            core.snapshot_stored(covered);
        }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_quiet(&self) -> bool {
        self.inbox.is_empty()
            && self.turns.is_empty()
            && self
                .core
                .as_ref()
                .is_some_and(|core| core.is_quiet() && !core.needs_reload())
    }

    /// Everything that edits over HTTP were promised and reads over HTTP showed is durable.
    pub(crate) fn check_http(&self) {
        for state in self.reads.lock().drain(..) {
            assert!(
                self.disk.holds(&state),
                "a read over HTTP showed what is not durable"
            );
        }
        for record in self.shown.lock().drain(..) {
            assert!(
                self.disk.records() >= record,
                "record {record} was confirmed or shown and is not durable"
            );
        }
        let txn = self.disk.mirror().transact();
        let control = txn.get_map("control").unwrap();
        for (edit, is_saved) in self.answers.lock().drain(..) {
            let is_durable = control.get(&txn, &format!("s{edit}")).is_some();
            assert!(
                !is_saved || is_durable,
                "edit {edit} over HTTP was confirmed and is not durable"
            );
        }
    }

    fn obey(&mut self, command: Command, time: &Time) {
        let now_ms = time.now_ms;
        match command {
            Command::Join(session, visitor) => self.core().join(session, visitor),
            Command::Leave(session) => {
                self.turns.remove(&session);
                self.core().leave(session, now_ms);
            }
            Command::Frame(session, incoming) => {
                self.turns.entry(session).or_default().push_back(incoming);
            }
            Command::Presence(session, payload) => {
                let now_ms = time.now_ms;
                self.core().receive_presence(session, &payload, now_ms);
            }
            Command::Resync(session, missed) => self.core().resynchronise(session, missed),
            Command::Edit => self.edit(now_ms),
            Command::Decide => self.decide(),
            Command::Read => {
                let reads = Arc::clone(&self.reads);
                let shown = Arc::clone(&self.shown);
                self.core().query(Box::new(move |view| {
                    shown.lock().push(view.ledger.head().0);
                    let state = view.doc.transact().encode_diff_v1(&StateVector::default());
                    reads.lock().push(state.into());
                }));
            }
        }
    }

    fn decide(&mut self) {
        let shown = Arc::clone(&self.shown);
        self.core().decide(Box::new(move |core, now_ms| {
            let by = member("maker");
            let mut policy = core.ledger().policy().clone();
            policy.depth_max = 4 + (policy.depth_max + 1) % 2;
            let command = ownership::Command::SetPolicy(policy);
            let decided = core.command(&by, None, &command, now_ms);
            core.when_durable(Box::new(move |saved| {
                if let (Ok(outcome), Ok(())) = (decided, saved) {
                    shown.lock().push(outcome.record);
                }
            }));
        }));
    }

    fn edit(&mut self, now_ms: u64) {
        self.server_edits += 1;
        let (edit, answers) = (self.server_edits, Arc::clone(&self.answers));
        let change = move |txn: &mut yrs::TransactionMut<'_>| {
            let control = txn.get_or_insert_map("control");
            control.insert(txn, format!("s{edit}"), true);
            let notes = Workspace.notes();
            let added = notes.insert(txn, 0, "by the server\r\n");
            added.map_err(|error| error.to_string())
        };
        let reply = Box::new(move |outcome: Result<(), String>| {
            answers.lock().push((edit, outcome.is_ok()));
        });
        self.core()
            .edit(&"m0".parse().unwrap(), change, reply, now_ms);
    }

    /// Decides what waits and lets frames in, by turns, and begins the next append.
    fn go_on(&mut self, time: &mut Time) {
        self.admit(time);
        while self.core().has_job() {
            self.core().run_job(time.now_ms);
            self.admit(time);
        }
        if !self.is_retry_due && self.core().needs_reload() && self.disk.id_under_way().is_none() {
            self.retry_later(time);
        }
        if self.disk.id_under_way().is_none()
            && let Some(entry) = self.core().next_entry()
        {
            self.append(entry, time);
        }
    }

    /// Lets frames in, session by session in an order of chance.
    fn admit(&mut self, time: &mut Time) {
        while self.core().admits() && !self.turns.is_empty() {
            let sessions: Vec<SessionId> = self.turns.keys().copied().collect();
            let session = time.rng.pick(&sessions);
            let frames = self.turns.get_mut(&session).unwrap();
            let incoming = frames.pop_front().unwrap();
            if frames.is_empty() {
                self.turns.remove(&session);
            }
            self.core().receive(session, incoming, time.now_ms);
        }
        self.core().end_edits_turn();
    }

    fn append(&mut self, entry: Entry, time: &mut Time) {
        let fate = match () {
            () if time.now_ms >= self.disk.down_until_ms => Fate::Stored,
            () => time.rng.pick(&[Fate::Lost, Fate::StoredInSilence]),
        };
        let id = self.disk.begin(entry, fate);
        let slow = time.rng.percent(10);
        let written = time.now_ms + time.rng.within(if slow { 20..=300 } else { 0..=8 });
        let reported = written + time.rng.within(0..=4);
        time.at(written, Event::Write(id));
        time.at(reported, Event::Report(id));
    }

    fn retry_later(&mut self, time: &mut Time) {
        self.is_retry_due = true;
        let wait_ms = self.retry_wait_ms;
        time.after(wait_ms..=wait_ms, Event::Retry(self.process));
        self.retry_wait_ms = (self.retry_wait_ms * 2).min(RETRY_MS.1);
    }

    fn wake(&mut self, range: std::ops::RangeInclusive<u64>, time: &mut Time) {
        if !self.is_turn_due {
            self.is_turn_due = true;
            time.after(range, Event::RoomTurn);
        }
    }

    fn fresh_client_id(&mut self) -> u64 {
        self.folds += 1;
        (1 << 40) + self.folds
    }
}

/// Takes everything that waits in `outbox`.
pub(crate) fn take(outbox: &Outbox) -> (Vec<Out>, Option<Missed>) {
    let mut outs = Vec::new();
    match outbox.take(&mut outs) {
        Taken::All => (outs, None),
        Taken::AllButMissed(missed) => (outs, Some(missed)),
    }
}

pub(crate) fn has_something(outbox: &Outbox) -> bool {
    outbox.ready().now_or_never().is_some()
}

/// The maker opens the workspace to all, agents too.
fn opened(directory: &WorkspaceRecord) -> Record {
    let ledger = State::new(&directory.lineage, &directory.created_by);
    let maker = member(directory.created_by.as_str());
    let facts = Facts {
        item_exists: true,
        ..Facts::default()
    };
    let context = Context {
        by: &maker,
        now_ms: 0,
        key: None,
        facts: &facts,
        activity: &|_| None,
    };
    let release = ownership::Command::Release {
        item: Item::Workspace,
        epoch: 0,
    };
    let mut rng = Rng::new(0);
    match ledger.decide(&context, &release, &mut rng) {
        Ok(Decision::New(events)) => ledger.record(0, Some(&maker.id), None, events),
        other => panic!("the maker may release the workspace: {other:?}"),
    }
}

fn member(id: &str) -> Member {
    Member {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        kind: Kind::Human,
        role: Role::Admin,
    }
}

fn directory(lineage: &Lineage) -> WorkspaceRecord {
    WorkspaceRecord {
        id: "simulated".parse().unwrap(),
        title: String::new(),
        lineage: lineage.to_string(),
        created_ms: 0,
        updated_ms: 0,
        created_by: "maker".parse().unwrap(),
        archived: false,
    }
}

fn first_entry(lineage: Lineage) -> Entry {
    let doc = document::new_doc(1 << 40);
    let mut txn = doc.transact_mut();
    Workspace.frame(&mut txn);
    lineage.write(&mut txn);
    let update = txn.encode_diff_v1(&StateVector::default()).into();
    let opened = opened(&directory(&lineage)).to_json();
    Entry {
        at_ms: 0,
        edits: vec![Edit { by: None, update }],
        records: vec![opened.into()],
    }
}

/// First and longest wait before a failing store is tried again.
const RETRY_MS: (u64, u64) = (50, 400);
