//! The task that owns a room: selects an event, lets [`Core`] decide, carries out what it says.

use std::{
    future::{pending, ready},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use super::{
    RoomConfig, RoomError, Rooms,
    compaction::CompactionError,
    core::{Core, Incoming, LogSize, Milestone, SessionId},
    goodbye::Goodbye,
    handle::Command,
    turns::Turns,
    visits::{Left, Page, Visits},
};
use crate::clock::now_ms;
use crate::{
    store::{Seq, Store, StoreError, WorkspaceRecord},
    versions,
};
use crdt_schema::ids::MemberId;

/// Commands taken from the inbox before edits are admitted and a commit is begun.
const COMMANDS_AT_ONCE_MAX: usize = 512;
/// How stale the directory's "last changed" may be while a workspace is edited.
const RECORD_STALE_MS_MAX: u64 = 5_000;

/// Everything that one room's task owns.
pub(super) struct Actor {
    pub(super) core: Core,
    pub(super) inbox: mpsc::Receiver<Command>,
    /// Tells those who wait for news where the log is.
    pub(super) position: watch::Sender<Seq>,
    pub(super) rooms: Rooms,
    pub(super) store: Arc<dyn Store>,
    pub(super) config: Arc<RoomConfig>,
    pub(super) record: WorkspaceRecord,
}

struct Running {
    actor: Actor,
    turns: Turns<Turn>,
    visits: Visits,
    commit: Option<BoxFuture<'static, Result<Seq, StoreError>>>,
    compaction: Option<JoinHandle<Result<LogSize, CompactionError>>>,
    presence_at: Instant,
    idle_since: Instant,
    retry_at: Option<Instant>,
    /// How long the next wait for the store will be.
    retry_wait: Duration,
    ending: Option<Ending>,
    /// Whether the registry counts this room among the idle ones.
    is_listed_idle: bool,
}

struct Turn {
    session: SessionId,
    frames: std::vec::IntoIter<Incoming>,
    _credit: OwnedSemaphorePermit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Leave the store alone.
    Now,
    /// Finish the commit under way first.
    Drained,
}

enum Event {
    Committed(Result<Seq, StoreError>),
    Command(Option<Command>),
    /// Something waits to be decided and can be.
    Job,
    ShowPresence,
    Retry,
    Compacted(Result<LogSize, CompactionError>),
    /// Something that was pending has run out.
    Due,
    /// Somebody who left has not come back.
    VisitsEnded,
    Idle,
}

impl Actor {
    /// Runs until nobody is left or the server ends.
    pub(super) fn run(self) -> BoxFuture<'static, ()> {
        Box::pin(self.run_room())
    }

    async fn run_room(self) {
        let now = Instant::now();
        let retry_wait = self.config.store_retry.0;
        let mut room = Running {
            actor: self,
            turns: Turns::default(),
            visits: Visits::default(),
            commit: None,
            compaction: None,
            presence_at: now,
            idle_since: now,
            retry_at: None,
            retry_wait,
            ending: None,
            is_listed_idle: false,
        };
        room.actor.publish();
        while !room.has_ended() {
            let event = room.next_event().await;
            room.handle(event).await;
            room.drain_inbox().await;
            room.admit();
            room.actor.core.run_job(now_ms());
            room.begin_work();
        }
        room.end().await;
    }
}

impl Actor {
    /// Puts what is pending here on the board, if it changed. In a frozen workspace nothing is.
    fn publish(&mut self) {
        if self.core.take_ledger_changed() {
            let board = self.rooms.board();
            if self.core.is_frozen() {
                board.remove(&self.record.id);
            } else {
                let title = self.core.title().unwrap_or_default();
                board.publish(&self.record.id, &title, self.core.ledger());
            }
        }
    }
}

impl Actor {
    /// Keeps versions of what was decided.
    fn keep_milestones(&mut self) {
        for Milestone { what, by, title } in self.core.take_milestones() {
            let id = versions::id(self.core.position(), &what);
            self.keep_version(id, by, title);
        }
    }

    /// Keeps the document as it is, beside the room.
    fn keep_version(&self, id: String, by: Option<MemberId>, title: String) {
        self.keep(versions::Kept {
            id,
            version: self.core.version(now_ms()),
            by,
            title,
        });
    }

    /// The document as somebody who leaves has seen it.
    fn seen_by(&self, member: &MemberId) -> versions::Kept {
        versions::Kept {
            id: versions::visit_id(member),
            version: self.core.version(now_ms()),
            by: Some(member.clone()),
            title: String::new(),
        }
    }

    fn keep(&self, kept: versions::Kept) {
        self.rooms.spawn(self.keeping(kept));
    }

    fn keeping(&self, kept: versions::Kept) -> impl Future<Output = ()> + Send + 'static {
        let (store, ws) = (Arc::clone(&self.store), self.record.id.clone());
        async move {
            match versions::keep(&*store, &ws, kept).await {
                // The workspace was deleted meanwhile.
                Ok(()) | Err(StoreError::NotFound) => {}
                Err(error) => tracing::error!(%ws, %error, "a version was not kept"),
            }
        }
    }
}

impl Running {
    async fn next_event(&mut self) -> Event {
        let presence = self
            .actor
            .core
            .has_presence_to_show()
            .then_some(self.presence_at);
        let idle = self
            .is_idle()
            .then(|| self.idle_since + self.actor.config.idle);
        let retry = self.retry_at;
        let due = self.actor.core.next_due_ms().map(instant);
        let visits_end = self.visits.end();
        let has_job = self.actor.core.has_job();
        let (commit, compaction) = (&mut self.commit, &mut self.compaction);
        tokio::select! {
            biased;
            outcome = async { match commit { Some(commit) => commit.await, None => pending().await } } => {
                self.commit = None;
                Event::Committed(outcome)
            }
            () = at(presence) => Event::ShowPresence,
            () = at(retry) => Event::Retry,
            outcome = async { match compaction { Some(task) => task.await, None => pending().await } } => {
                self.compaction = None;
                Event::Compacted(outcome.unwrap_or_else(|error| Err(CompactionError::Mismatch(error.to_string()))))
            }
            command = self.actor.inbox.recv() => Event::Command(command),
            () = async { if has_job { ready(()).await } else { pending().await } } => Event::Job,
            () = at(due) => Event::Due,
            () = at(visits_end) => Event::VisitsEnded,
            () = at(idle) => Event::Idle,
        }
    }

    async fn handle(&mut self, event: Event) {
        let core = &mut self.actor.core;
        match event {
            Event::Committed(Ok(seq)) => {
                core.committed(seq, now_ms());
                self.actor.position.send_replace(seq);
                self.actor.publish();
                self.actor.keep_milestones();
                self.touch_record().await;
            }
            Event::Committed(Err(error)) => self.store_failed(&error.to_string()),
            Event::Command(Some(command)) => self.obey(command).await,
            Event::Command(None) => self.ending = Some(Ending::Drained),
            Event::ShowPresence => {
                core.broadcast_presence();
                let crowd = u32::try_from(core.sessions().min(100)).expect("at most 100");
                self.presence_at = Instant::now() + self.actor.config.presence_pace * crowd / 100;
            }
            Event::Retry => self.reload().await,
            Event::Compacted(Ok(covered)) => {
                core.snapshot_stored(covered);
                if core.remembers_too_much() && self.commit.is_none() {
                    self.reload().await;
                }
            }
            Event::Compacted(Err(error)) => {
                tracing::error!(ws = %self.actor.record.id, %error, "no snapshot was made; the log is kept");
                metrics::counter!("penhold_snapshot_failures_total").increment(1);
                core.snapshot_stored(core.log_size());
            }
            // Every round runs one.
            Event::Job => {}
            Event::VisitsEnded => {
                let ended = self.visits.ended(Instant::now());
                self.keep_seen(ended);
            }
            Event::Due => core.let_time_pass(now_ms()),
            Event::Idle => self.ending = Some(Ending::Drained),
        }
    }

    async fn obey(&mut self, command: Command) {
        let core = &mut self.actor.core;
        match command {
            Command::Join(session, visitor) => {
                let member = &visitor.member.id;
                if let Some(seen) = self.visits.come(member, visitor.page.as_ref()) {
                    // Whoever comes asks what is new since then.
                    self.actor.keeping(seen).await;
                }
                self.actor.core.join(session, visitor);
            }
            Command::Leave(session) => {
                if let Some((member, page)) = core.leave(session, now_ms()) {
                    self.end_visit(member, page);
                }
                self.idle_since = Instant::now();
            }
            Command::Frames {
                session,
                frames,
                credit,
            } => {
                if let Some(member) = core.member_of(session) {
                    let turn = Turn {
                        session,
                        frames: frames.into_iter(),
                        _credit: credit,
                    };
                    self.turns.push(member, turn);
                }
            }
            Command::Presence(session, payload) => {
                core.receive_presence(session, &payload, now_ms());
            }
            Command::ShowEverybody(session) => core.show_everybody(session),
            Command::Resync(session, missed) => core.resynchronise(session, missed),
            Command::Query(query) => core.query(query),
            Command::Decide(job) => core.decide(job),
            Command::Await { have, reply } => core.await_state(have, reply),
            Command::Edit { by, change, reply } => core.edit(&by, change, reply, now_ms()),
            Command::SetArchived { archived, reply } => {
                let outcome = self.set_archived(archived).await;
                // Whoever asked may have gone.
                reply.send(outcome).ok();
            }
            Command::Sleep => {
                if self.is_idle() {
                    self.ending = Some(Ending::Drained);
                }
            }
            Command::Retire(goodbye) => self.close_sessions(&goodbye, Ending::Now),
            Command::Shutdown(goodbye) => self.close_sessions(&goodbye, Ending::Drained),
        }
    }

    /// Keeps what a member has seen, or waits for the page that they left to come back.
    fn end_visit(&mut self, member: MemberId, page: Option<Page>) {
        let seen = self.actor.seen_by(&member);
        match page {
            Some(page) => self.visits.leave(Left { member, page, seen }),
            None => self.actor.keep(seen),
        }
    }

    fn keep_seen(&self, seen: impl IntoIterator<Item = versions::Kept>) {
        seen.into_iter().for_each(|kept| self.actor.keep(kept));
    }

    async fn drain_inbox(&mut self) {
        for _ in 0..COMMANDS_AT_ONCE_MAX {
            let Ok(command) = self.actor.inbox.try_recv() else {
                return;
            };
            self.obey(command).await;
        }
    }

    /// Lets waiting frames through the gate, members in turn.
    fn admit(&mut self) {
        let now = now_ms();
        while self.actor.core.admits() {
            let Some(mut turn) = self.turns.pop() else {
                break;
            };
            for incoming in turn.frames.by_ref() {
                self.actor.core.receive(turn.session, incoming, now);
            }
        }
        self.actor.core.end_edits_turn();
    }

    fn begin_work(&mut self) {
        if self.retry_at.is_none() && self.actor.core.needs_reload() && self.commit.is_none() {
            self.retry_later();
        }
        if self.commit.is_none()
            && let Some(entry) = self.actor.core.next_entry()
        {
            let (store, ws) = (Arc::clone(&self.actor.store), self.actor.record.id.clone());
            let expect = Some(self.actor.core.position());
            self.commit = Some(Box::pin(async move {
                store.append(&ws, vec![entry], expect).await
            }));
        }
        if self.compaction.is_none() && self.is_compaction_due() {
            self.begin_compaction();
        }
        self.list_if_idle();
    }

    /// Tells the registry when the room falls idle and when it is used again.
    fn list_if_idle(&mut self) {
        let is_idle = self.is_idle();
        if is_idle != self.is_listed_idle {
            self.is_listed_idle = is_idle;
            let (rooms, ws) = (&self.actor.rooms, &self.actor.record.id);
            if is_idle {
                rooms.fell_idle(ws, self.actor.core.memory_bytes());
            } else {
                rooms.woke(ws);
            }
        }
    }

    fn is_compaction_due(&self) -> bool {
        let (log, config) = (self.actor.core.log_size(), &self.actor.config);
        let bytes_max = config
            .compact_bytes_min
            .max(self.actor.core.document_bytes());
        self.ending.is_none()
            && (log.entries >= config.compact_entries_max || log.bytes >= bytes_max)
    }

    fn begin_compaction(&mut self) {
        let (rooms, ws) = (self.actor.rooms.clone(), self.actor.record.id.clone());
        let side = self.actor.core.side();
        self.compaction = Some(tokio::spawn(async move { rooms.compact(&ws, side).await }));
    }

    fn store_failed(&mut self, why: &str) {
        tracing::error!(ws = %self.actor.record.id, why, "the store failed; the workspace is read-only until it recovers");
        metrics::counter!("penhold_store_failures_total").increment(1);
        self.actor.core.suspend(why);
        self.retry_later();
    }

    fn retry_later(&mut self) {
        self.retry_at = Some(Instant::now() + self.retry_wait);
        self.retry_wait = (self.retry_wait * 2).min(self.actor.config.store_retry.1);
    }

    /// Starts again from what the store holds.
    async fn reload(&mut self) {
        self.retry_at = None;
        match self.actor.rooms.load(&self.actor.record).await {
            Ok(fold) => {
                self.actor.core.revive(fold, now_ms());
                self.actor.publish();
            }
            Err(why) => self.store_failed(&why),
        }
    }

    async fn set_archived(&mut self, archived: bool) -> Result<(), RoomError> {
        let refused = |error: StoreError| RoomError::Refused(error.to_string());
        self.actor.record.archived = archived;
        self.actor
            .store
            .set_record(self.actor.record.clone())
            .await
            .map_err(refused)?;
        if let Some(commit) = self.commit.take() {
            let outcome = commit.await;
            Box::pin(self.handle(Event::Committed(outcome))).await;
        }
        self.reload().await;
        Ok(())
    }

    /// Keeps the directory's title and time near what the document says.
    async fn touch_record(&mut self) {
        self.retry_wait = self.actor.config.store_retry.0;
        let now = now_ms();
        if now.saturating_sub(self.actor.record.updated_ms) > RECORD_STALE_MS_MAX {
            self.save_record(now).await;
        }
    }

    async fn save_record(&mut self, now: u64) {
        self.actor.record.updated_ms = now;
        if let Some(title) = self.actor.core.title() {
            self.actor.record.title = title;
        }
        if let Err(error) = self.actor.store.set_record(self.actor.record.clone()).await {
            tracing::warn!(ws = %self.actor.record.id, %error, "the directory was not updated");
        }
    }

    fn close_sessions(&mut self, goodbye: &Goodbye, ending: Ending) {
        self.actor.core.close_all(goodbye);
        self.ending = Some(ending);
    }

    fn is_idle(&self) -> bool {
        let core = &self.actor.core;
        core.sessions() == 0
            && core.is_quiet()
            && self.commit.is_none()
            && self.compaction.is_none()
    }

    fn has_ended(&self) -> bool {
        match self.ending {
            Some(Ending::Now) => true,
            Some(Ending::Drained) => {
                let core = &self.actor.core;
                self.commit.is_none()
                    && self.turns.is_empty()
                    && (core.is_quiet() || core.needs_reload())
            }
            None => false,
        }
    }

    /// Saves what is worth saving, then hands whatever came in meanwhile to the next room.
    async fn end(mut self) {
        let left = self.visits.end_all();
        self.keep_seen(left);
        if self.ending == Some(Ending::Drained) {
            let log = self.actor.core.log_size();
            if log.entries > 0 && !self.actor.core.needs_reload() {
                self.save_record(self.actor.record.updated_ms).await;
                let side = self.actor.core.side();
                let compacted = self.actor.rooms.compact(&self.actor.record.id, side).await;
                if let Err(error) = compacted {
                    tracing::error!(ws = %self.actor.record.id, %error, "no snapshot was made; the log is kept");
                }
            }
        }
        let ws = self.actor.record.id.clone();
        let leftovers = self.actor.rooms.forget(&ws, &mut self.actor.inbox);
        for command in leftovers {
            if let Err(error) = self.actor.rooms.send(&ws, command).await {
                tracing::warn!(%ws, %error, "a command came too late");
            }
        }
    }
}

/// When a time of the wall clock comes.
fn instant(at_ms: u64) -> Instant {
    Instant::now() + Duration::from_millis(at_ms.saturating_sub(now_ms()))
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => pending().await,
    }
}
