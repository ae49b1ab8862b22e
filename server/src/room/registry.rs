//! Opens each room once, keeps it while it is used, and closes all of them at the end.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use crdt_schema::{
    authors,
    content::{self, InitialContent},
    document,
    ids::WorkspaceId,
    lineage::Lineage,
    member::Member,
    ownership::{self, Record, State},
    schema::Workspace,
};
use parking_lot::Mutex;
use sync_protocol::close;
use tokio::{
    sync::{OnceCell, Semaphore, SemaphorePermit, mpsc, watch},
    time::sleep,
};
use tokio_util::task::TaskTracker;
use yrs::{Map, ReadTxn, StateVector, Transact, WriteTxn};

use super::{
    RoomConfig, RoomHandle, SessionId,
    actor::Actor,
    compaction::{CompactionError, compact},
    core::{Core, LogSize},
    goodbye::Goodbye,
    handle::Command,
    idle::IdleRooms,
    loading::{self, Fold, Stored},
};
use crate::clock::now_ms;
use crate::{
    activity::Activity,
    board::Board,
    store::{Edit, Entry, Seq, Store, StoreError, WorkspaceRecord},
};

/// Workspaces that are loaded at the same time.
const LOADS_AT_ONCE_MAX: usize = 8;
/// Snapshots that are made at the same time, so that a thousand rooms that close together do not
/// take a thousand threads.
const COMPACTIONS_AT_ONCE_MAX: usize = 4;

/// Shortest time between two looks at what is due.
const TIME_PACE: Duration = Duration::from_secs(1);
/// Longest time between two looks at what is due.
const TIME_WAIT_MAX: Duration = Duration::from_secs(60);

/// Why a room was not opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OpenError {
    /// No such workspace.
    #[error("there is no workspace {0}")]
    NotFound(WorkspaceId),
    /// Too many rooms are open, or the server is shutting down; try again later.
    #[error("{0}")]
    Busy(String),
    /// The workspace cannot be read; it is left as it is.
    #[error("the workspace cannot be opened: {0}")]
    Unavailable(String),
}

/// Why a workspace was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The id is taken.
    #[error("there is a workspace {0} already; choose another id")]
    Exists(WorkspaceId),
    /// The initial content is not usable.
    #[error(transparent)]
    Content(#[from] content::ContentError),
    /// The store failed.
    #[error("the workspace was not created: {0}")]
    Store(StoreError),
}

/// A workspace to be.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// Its id, or `None` for a random one.
    pub id: Option<WorkspaceId>,
    /// Its title.
    pub title: String,
    /// What it starts with.
    pub content: Option<InitialContent>,
    /// Who makes it, and so owns it.
    pub by: Member,
}

/// Counts for `/metrics`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoomsStats {
    /// Rooms that are open.
    pub open: usize,
}

/// All rooms of a server. Cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    config: Arc<RoomConfig>,
    // Held to find, add or remove a slot; loading happens in the slot's own cell.
    slots: Mutex<HashMap<WorkspaceId, Slot>>,
    // Held to add or remove an entry.
    idle: Mutex<IdleRooms>,
    /// Whoever loads a workspace or makes a snapshot holds a permit: folds take threads and memory.
    loads: Semaphore,
    compactions: Semaphore,
    sessions: AtomicU64,
    is_closing: AtomicBool,
    tasks: TaskTracker,
    board: Board,
    activity: Activity,
}

type Slot = Arc<OnceCell<Opened>>;

#[derive(Clone)]
struct Opened {
    inbox: mpsc::Sender<Command>,
    lineage: Arc<str>,
    position: watch::Receiver<Seq>,
}

impl Rooms {
    /// Rooms over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, config: RoomConfig) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                config: Arc::new(config),
                slots: Mutex::default(),
                idle: Mutex::default(),
                loads: Semaphore::new(LOADS_AT_ONCE_MAX),
                compactions: Semaphore::new(COMPACTIONS_AT_ONCE_MAX),
                sessions: AtomicU64::new(1),
                is_closing: AtomicBool::new(false),
                tasks: TaskTracker::new(),
                board: Board::default(),
                activity: Activity::since(now_ms()),
            }),
        }
    }

    /// Makes a workspace with its initial content, durably, once.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub async fn create(&self, new: NewWorkspace) -> Result<WorkspaceRecord, CreateError> {
        let id = new.id.clone().unwrap_or_else(random_workspace_id);
        let now = now_ms();
        let lineage = Lineage::random(&mut rand::rng());
        let record = WorkspaceRecord {
            id: id.clone(),
            title: new.title.clone(),
            lineage: lineage.to_string(),
            created_ms: now,
            updated_ms: now,
            created_by: new.by.id.clone(),
            archived: false,
        };
        let by = Some(new.by.id.clone());
        let (ledger, opening) = opened(&record, &new.by);
        let update = first_update(new, lineage, &ledger)?;
        let first = Entry {
            at_ms: now,
            edits: vec![Edit { by, update }],
            records: vec![opening.to_json().into()],
        };
        match self.inner.store.create(record.clone(), vec![first]).await {
            Ok(()) => {
                self.inner.board.publish(&id, &record.title, &ledger);
                Ok(record)
            }
            Err(StoreError::Exists) => Err(CreateError::Exists(id)),
            Err(error) => Err(CreateError::Store(error)),
        }
    }

    /// The room of `ws`, loaded at most once however many ask.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, ws: &WorkspaceId) -> Result<RoomHandle, OpenError> {
        let Opened {
            inbox,
            lineage,
            position,
        } = self.opened(ws).await?;
        Ok(RoomHandle {
            rooms: self.clone(),
            ws: ws.clone(),
            lineage,
            inbox,
            position,
        })
    }

    /// Where the log of `ws` is, to wait on, if its room is open.
    #[must_use]
    pub fn position(&self, ws: &WorkspaceId) -> Option<watch::Receiver<Seq>> {
        let slot = self.inner.slots.lock().get(ws).cloned()?;
        let opened = slot.get()?;
        (!opened.inbox.is_closed()).then(|| opened.position.clone())
    }

    /// Removes a workspace for good: the store first, then whoever is in it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.inner.store.delete(ws).await?;
        self.inner.board.remove(ws);
        let slot = self.inner.slots.lock().get(ws).cloned();
        if let Some(Opened { inbox, .. }) = slot.as_deref().and_then(OnceCell::get) {
            let goodbye = Goodbye::new(close::NOT_FOUND, "this workspace was deleted");
            // A room that has just ended has nobody left to say goodbye to.
            inbox.send(Command::Retire(goodbye)).await.ok();
        }
        Ok(())
    }

    /// Says goodbye to everybody, saves every room and returns when all have ended.
    pub async fn shutdown(&self) {
        self.inner.is_closing.store(true, Ordering::SeqCst);
        let slots: Vec<Slot> = self.inner.slots.lock().values().cloned().collect();
        let goodbye = Goodbye::new(
            close::RESTART,
            "the server is restarting; come back in a moment",
        );
        for Opened { inbox, .. } in slots.iter().filter_map(|slot| slot.get()) {
            inbox.send(Command::Shutdown(goodbye.clone())).await.ok();
        }
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Counts.
    #[must_use]
    pub fn stats(&self) -> RoomsStats {
        RoomsStats {
            open: self.inner.slots.lock().len(),
        }
    }

    /// What is pending in every workspace, also in those that are not open.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.inner.board
    }

    /// When members were last seen.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.inner.activity
    }

    /// Opens rooms when time has something to bring to them: leases, offers and questions run out
    /// in workspaces where nobody is, too. Runs until the server ends.
    pub async fn keep_time(&self) {
        let mut news = self.inner.board.version();
        loop {
            news.mark_unchanged();
            let now = now_ms();
            let (due, next) = self.inner.board.due(now, &self.inner.activity);
            for ws in due {
                // Its own clock does the rest.
                if let Err(error) = self.open(&ws).await {
                    tracing::warn!(%ws, %error, "a workspace in which something is due");
                }
            }
            sleep(TIME_PACE).await;
            let wait = next.map_or(TIME_WAIT_MAX, |next| {
                Duration::from_millis(next.saturating_sub(now)).min(TIME_WAIT_MAX)
            });
            tokio::select! {
                () = sleep(wait) => {}
                changed = news.changed() => if changed.is_err() { return },
            }
        }
    }

    pub(super) fn config(&self) -> &RoomConfig {
        &self.inner.config
    }

    /// Bytes that may wait for one session; see [`RoomConfig::outbox_bytes_max`].
    #[must_use]
    pub fn outbox_bytes_max(&self) -> usize {
        self.inner.config.outbox_bytes_max
    }

    /// Counts a room of about `bytes` among the idle ones; sends others to sleep if all of them
    /// together hold too much.
    pub(super) fn fell_idle(&self, ws: &WorkspaceId, bytes: usize) {
        let evicted =
            self.inner
                .idle
                .lock()
                .add(ws.clone(), bytes, self.inner.config.idle_bytes_max);
        for ws in evicted {
            let slot = self.inner.slots.lock().get(&ws).cloned();
            if let Some(Opened { inbox, .. }) = slot.as_deref().and_then(OnceCell::get) {
                // A full inbox means that the room is no longer idle.
                inbox.try_send(Command::Sleep).ok();
            }
        }
    }

    /// The room is used again.
    pub(super) fn woke(&self, ws: &WorkspaceId) {
        self.inner.idle.lock().remove(ws);
    }

    /// Loads and folds a workspace, off the runtime's threads.
    ///
    /// # Errors
    /// What does not fit together, or what the store says.
    pub(super) async fn load(&self, record: &WorkspaceRecord) -> Result<Fold, String> {
        let _permit = permit(&self.inner.loads).await;
        let stored = Stored::read(&*self.inner.store, record.clone()).await;
        let stored = stored.map_err(|error| error.to_string())?;
        tokio::task::spawn_blocking(move || loading::fold(stored, fresh_client_id()))
            .await
            .map_err(|error| error.to_string())?
    }

    /// Replaces the log's prefix of `ws` by a snapshot of it, with `side` beside it; says how much
    /// of the log it covers.
    ///
    /// # Errors
    /// Why no snapshot was made.
    pub(super) async fn compact(
        &self,
        ws: &WorkspaceId,
        side: Bytes,
    ) -> Result<LogSize, CompactionError> {
        let _permit = permit(&self.inner.compactions).await;
        compact(Arc::clone(&self.inner.store), ws.clone(), side).await
    }

    /// Runs something beside the rooms; a shutdown waits for it.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.inner.tasks.spawn(work);
    }

    pub(super) fn next_session(&self) -> SessionId {
        SessionId(self.inner.sessions.fetch_add(1, Ordering::Relaxed))
    }

    /// Sends to the room of `ws`, opening it if need be; returns the inbox that took it.
    pub(super) async fn send(
        &self,
        ws: &WorkspaceId,
        mut command: Command,
    ) -> Result<mpsc::Sender<Command>, OpenError> {
        loop {
            let inbox = self.opened(ws).await?.inbox;
            match inbox.send(command).await {
                Ok(()) => return Ok(inbox),
                Err(mpsc::error::SendError(unsent)) => command = unsent,
            }
        }
    }

    /// Takes an ending room out of the registry; returns what its inbox still held.
    pub(super) fn forget(
        &self,
        ws: &WorkspaceId,
        inbox: &mut mpsc::Receiver<Command>,
    ) -> Vec<Command> {
        let mut slots = self.inner.slots.lock();
        inbox.close();
        slots.remove(ws);
        self.inner.idle.lock().remove(ws);
        let mut leftovers = Vec::new();
        while let Ok(command) = inbox.try_recv() {
            leftovers.push(command);
        }
        metrics::gauge!("penhold_rooms_open").set(slots.len() as f64);
        leftovers
    }

    async fn opened(&self, ws: &WorkspaceId) -> Result<Opened, OpenError> {
        loop {
            let slot = self.slot(ws)?;
            match slot.get_or_try_init(|| self.start(ws)).await {
                Ok(opened) if opened.inbox.is_closed() => self.remove_if_failed(ws, &slot),
                Ok(opened) => return Ok(opened.clone()),
                Err(error) => {
                    self.remove_if_same(ws, &slot);
                    return Err(error);
                }
            }
        }
    }

    fn slot(&self, ws: &WorkspaceId) -> Result<Slot, OpenError> {
        if self.inner.is_closing.load(Ordering::SeqCst) {
            return Err(OpenError::Busy("the server is restarting".into()));
        }
        let mut slots = self.inner.slots.lock();
        let rooms_max = self.inner.config.rooms_max;
        if !slots.contains_key(ws) && slots.len() >= rooms_max {
            return Err(OpenError::Busy(format!(
                "rooms_max is {rooms_max}, and all are in use"
            )));
        }
        Ok(Arc::clone(slots.entry(ws.clone()).or_default()))
    }

    /// Takes a room out of the registry that ended without doing so: an ending room closes its
    /// inbox and leaves in one step, unless it panicked.
    fn remove_if_failed(&self, ws: &WorkspaceId, slot: &Slot) {
        let mut slots = self.inner.slots.lock();
        let is_there = slots
            .get(ws)
            .is_some_and(|current| Arc::ptr_eq(current, slot));
        if is_there {
            tracing::error!(%ws, "the room failed; it starts again from what is durable");
            metrics::counter!("penhold_room_failures_total").increment(1);
            slots.remove(ws);
            self.inner.idle.lock().remove(ws);
        }
    }

    fn remove_if_same(&self, ws: &WorkspaceId, slot: &Slot) {
        let mut slots = self.inner.slots.lock();
        if slots
            .get(ws)
            .is_some_and(|current| Arc::ptr_eq(current, slot) && current.get().is_none())
        {
            slots.remove(ws);
        }
    }

    async fn start(&self, ws: &WorkspaceId) -> Result<Opened, OpenError> {
        let store = Arc::clone(&self.inner.store);
        let record = store.record(ws).await.map_err(|error| match error {
            StoreError::NotFound => OpenError::NotFound(ws.clone()),
            error => OpenError::Unavailable(error.to_string()),
        })?;
        let fold = self.load(&record).await.map_err(OpenError::Unavailable)?;
        let config = Arc::clone(&self.inner.config);
        let lineage = record.lineage.as_str().into();
        let (sender, inbox) = mpsc::channel(config.inbox_commands_max);
        let (told, position) = watch::channel(fold.position());
        let core = Core::new(
            fold,
            Arc::clone(&config),
            self.inner.activity.clone(),
            now_ms(),
        );
        let actor = Actor {
            core,
            inbox,
            position: told,
            rooms: self.clone(),
            store,
            config,
            record,
        };
        self.inner.tasks.spawn(actor.run());
        metrics::gauge!("penhold_rooms_open").set(self.inner.slots.lock().len() as f64);
        Ok(Opened {
            inbox: sender,
            lineage,
            position,
        })
    }
}

async fn permit(semaphore: &Semaphore) -> SemaphorePermit<'_> {
    semaphore.acquire().await.expect("never closed")
}

/// A client id that was never used before, for the server's own edits.
pub(super) fn fresh_client_id() -> u64 {
    rand::random_range(1 << 32..1 << 53)
}

fn random_workspace_id() -> WorkspaceId {
    let digits = rand::random_range(36u64.pow(9)..36u64.pow(10));
    base36(digits)
        .parse()
        .expect("letters and digits are an id")
}

fn base36(mut n: u64) -> String {
    let mut text = Vec::new();
    while n > 0 {
        text.push(
            b"0123456789abcdefghijklmnopqrstuvwxyz"[usize::try_from(n % 36).expect("below 36")],
        );
        n /= 36;
    }
    String::from_utf8(text).expect("ASCII")
}

/// The ledger of a workspace that is just made, and its first record.
fn opened(directory: &WorkspaceRecord, by: &Member) -> (State, Record) {
    let mut ledger = State::new(&directory.lineage, &directory.created_by);
    let events = ledger.opening(by, directory.created_ms);
    let record = ledger.record(directory.created_ms, Some(&by.id), None, events);
    ledger
        .apply(&record)
        .expect("the first record follows from the lineage");
    (ledger, record)
}

/// The update that makes an empty document the new workspace.
fn first_update(new: NewWorkspace, lineage: Lineage, ledger: &State) -> Result<Bytes, CreateError> {
    let doc = document::new_doc(fresh_client_id());
    let mut txn = doc.transact_mut();
    match new.content {
        Some(initial) => content::write(initial, &mut txn, &mut rand::rng())?,
        None => Workspace.frame(&mut txn),
    }
    if !new.title.is_empty() {
        let title = Workspace.title().set(&mut txn, &new.title);
        title.expect("the frame has been made");
    }
    lineage.write(&mut txn);
    let control = txn.get_or_insert_map("control");
    control.insert(&mut txn, "created_by", new.by.id.as_str());
    authors::introduce(&mut txn, &new.by);
    ownership::project_all(ledger, &mut txn);
    Ok(txn.encode_diff_v1(&StateVector::default()).into())
}
