//! The task that owns a peer: its copy, its socket and its protocol state.
//!
//! It waits for one of a command, a socket's event and the protocol's clock, and then acts
//! without waiting. The only owner of the document, so that nothing is locked.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use crdt_schema::path::DocPath;
use serde_json::{Map, Value, json};
use sync_protocol::peer::{self as protocol, Effect, Event, Now, Phase};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep_until,
};
use yrs::{Transaction, TransactionMut};

use crate::{
    Change, Config, Denied, Edit, Link, PeerError, Stopped, Welcome, Writer,
    outlets::Outlets,
    presence::{self, USER},
    replica::Replica,
    socket::{Socket, SocketEvent},
};

/// Work on the copy. Served only while there is one.
pub(crate) enum Access {
    Read(Box<dyn FnOnce(&Transaction<'_>) + Send>),
    Edit(Box<dyn FnOnce(&mut TransactionMut<'_>) + Send>),
}

/// Everything else that is asked of a peer.
pub(crate) enum Control {
    Flush(oneshot::Sender<Result<(), PeerError>>),
    Present(Map<String, Value>),
    Close,
}

/// The task's state.
pub(crate) struct Driver {
    config: Config,
    access: mpsc::Receiver<Access>,
    control: mpsc::Receiver<Control>,
    outlets: Outlets,
    began: Instant,
    protocol: protocol::Peer,
    replica: Replica,
    socket: Option<Socket>,
    /// Whoever waits until the first so many edits are saved.
    flushes: Vec<(u64, oneshot::Sender<Result<(), PeerError>>)>,
    presence: Map<String, Value>,
    /// A refusal that no flush has reported yet.
    unreported: Option<Arc<Denied>>,
    /// Refusals since an edit was last saved.
    denials: u32,
}

/// What woke the task.
enum Wake {
    Access(Access),
    Control(Control),
    Socket(SocketEvent),
    Clock,
    /// Nobody holds a handle any more.
    Abandoned,
}

impl Driver {
    pub(crate) fn new(
        config: Config,
        access: mpsc::Receiver<Access>,
        control: mpsc::Receiver<Control>,
        outlets: Outlets,
    ) -> Self {
        let replica = Replica::new();
        let name = config.name.as_deref().unwrap_or(NAME_UNKNOWN);
        let presence =
            Map::from_iter([(USER.to_owned(), json!({ "name": name, "kind": "agent" }))]);
        Self {
            protocol: protocol_for(&replica, 0),
            config,
            access,
            control,
            outlets,
            began: Instant::now(),
            replica,
            socket: None,
            flushes: Vec::new(),
            presence,
            unreported: None,
            denials: 0,
        }
    }

    /// Runs until the peer is closed or abandoned.
    pub(crate) async fn run(mut self) {
        self.announce();
        loop {
            match self.wake().await {
                Wake::Access(access) => self.serve(access),
                Wake::Control(Control::Flush(reply)) => self.flush(reply),
                Wake::Control(Control::Present(fields)) => self.present(fields),
                Wake::Control(Control::Close) | Wake::Abandoned => return self.leave().await,
                Wake::Socket(event) => self.socket_event(event),
                Wake::Clock => self.handle(Event::Tick),
            }
        }
    }

    async fn wake(&mut self) -> Wake {
        let due = self
            .protocol
            .wake_ms()
            .map(|ms| self.began + Duration::from_millis(ms));
        let may_access = self.may_access();
        tokio::select! {
            control = self.control.recv() => control.map_or(Wake::Abandoned, Wake::Control),
            Some(access) = self.access.recv(), if may_access => Wake::Access(access),
            event = next(&mut self.socket) => Wake::Socket(event),
            () = clock(due) => Wake::Clock,
        }
    }

    /// Before there is a copy, work on it waits in its queue.
    fn may_access(&self) -> bool {
        self.outlets.has_copy() || self.protocol.phase() == Phase::Stopped
    }

    fn serve(&mut self, access: Access) {
        if !self.outlets.has_copy() {
            return; // Dropping the request tells its sender that the peer has ended.
        }
        match access {
            Access::Read(read) => self.replica.read(read),
            Access::Edit(_) if self.protocol.phase() == Phase::Stopped => {}
            Access::Edit(edit) => self.edit(edit),
        }
    }

    fn edit(&mut self, edit: Box<dyn FnOnce(&mut TransactionMut<'_>) + Send>) {
        let edited = self.replica.edit(edit);
        let Some(update) = edited.update else {
            return;
        };
        self.replica
            .edited(&edited.paths, self.protocol.edits() + 1);
        self.handle(Event::Edited { update });
        self.outlets.tell(Change::Edited(Edit {
            by: Writer::Me,
            paths: Arc::new(edited.paths),
        }));
    }

    fn flush(&mut self, reply: oneshot::Sender<Result<(), PeerError>>) {
        if let Some(denied) = self.unreported.take() {
            return answer(reply, Err(PeerError::Denied(denied)));
        }
        if self.protocol.saved() == self.protocol.edits() {
            return answer(reply, Ok(()));
        }
        if let Link::Stopped(stopped) = &self.outlets.status.borrow().link {
            return answer(reply, Err(PeerError::Stopped(Arc::clone(stopped))));
        }
        self.flushes.retain(|(_, reply)| !reply.is_closed());
        self.flushes.push((self.protocol.edits(), reply));
    }

    fn present(&mut self, fields: Map<String, Value>) {
        for (key, value) in fields {
            match value {
                Value::Null => drop(self.presence.remove(&key)),
                value => drop(self.presence.insert(key, value)),
            }
        }
        self.announce();
    }

    fn announce(&mut self) {
        let state = Value::Object(self.presence.clone()).to_string();
        self.handle(Event::Presence(Some(state)));
    }

    fn socket_event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Opened => {
                let state_vector = self.replica.state_vector();
                self.handle(Event::Connected { state_vector });
            }
            SocketEvent::Frame(frame) => self.handle(Event::Frame(frame)),
            SocketEvent::Closed { code, reason } => self.handle(Event::Closed { code, reason }),
            SocketEvent::Lost => self.handle(Event::Lost),
        }
    }

    /// Lets the protocol take in an event, and does what it asks for.
    fn handle(&mut self, event: Event) {
        let now = Now {
            ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            entropy: rand::random(),
        };
        for effect in self.protocol.handle(now, event) {
            self.perform(effect);
        }
        self.outlets.follow(&self.protocol);
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => self.socket = Some(Socket::open(self.config.request())),
            Effect::Disconnect => self.socket = None,
            Effect::Send(frame) => self.send(frame),
            Effect::Apply(update) => self.apply(&update),
            Effect::Answer { state_vector } => self.answer(&state_vector),
            Effect::Welcome {
                lineage,
                member,
                role,
            } => {
                let welcome = Welcome {
                    member,
                    role,
                    lineage,
                };
                self.outlets.set(|status| status.welcome = Some(welcome));
            }
            Effect::Synced => self.synced(),
            Effect::Saved { edits } => self.saved(edits),
            Effect::PresenceChanged => {
                let others = presence::others(self.protocol.presence());
                self.outlets.others.send_replace(others);
            }
            Effect::ReadOnly { reason } => {
                self.outlets.set(|status| status.read_only = Some(reason));
            }
            Effect::Writable => self.outlets.set(|status| status.read_only = None),
            Effect::Disconnected { cause, .. } => {
                tracing::debug!(%cause, "disconnected");
                self.outlets.set(|status| {
                    status.link = Link::Offline(cause);
                    status.read_only = None;
                });
            }
            Effect::Denied { path, reason, .. } => self.denied(path, reason),
            Effect::Stopped { code, reason } => self.stopped(code, reason),
        }
    }

    fn send(&mut self, frame: Bytes) {
        let sent = self.socket.as_ref().map(|socket| socket.send(frame));
        if let Some(Err(_)) = sent {
            self.handle(Event::Lost);
        }
    }

    fn answer(&mut self, state_vector: &[u8]) {
        match self.replica.difference(state_vector) {
            Ok(update) => self.handle(Event::Difference { update }),
            Err(error) => {
                tracing::warn!(%error, "the server sent a malformed state vector");
                self.handle(Event::Lost);
            }
        }
    }

    fn apply(&mut self, update: &[u8]) {
        match self.replica.apply(update) {
            Ok(paths) => self.changed(paths),
            Err(error) => {
                tracing::warn!(%error, "the server sent a malformed update");
                self.handle(Event::Lost);
            }
        }
    }

    /// Somebody else changed these places. While the first copy comes in, nobody wants to know.
    fn changed(&self, paths: BTreeSet<DocPath>) {
        if paths.is_empty() || !self.outlets.has_copy() {
            return;
        }
        self.outlets.tell(Change::Edited(Edit {
            by: Writer::Others,
            paths: Arc::new(paths),
        }));
    }

    fn synced(&self) {
        if !self.outlets.has_copy() {
            self.outlets.set(|status| status.has_copy = true);
            self.outlets.tell(Change::Resync);
        }
    }

    fn saved(&mut self, edits: u64) {
        self.denials = 0;
        self.replica.saved(edits);
        let done = self.flushes.extract_if(.., |(wanted, _)| *wanted <= edits);
        for (_, reply) in done.collect::<Vec<_>>() {
            answer(reply, Ok(()));
        }
    }

    /// Drops the copy, which holds what the server will never have, and joins again.
    fn denied(&mut self, path: String, reason: String) {
        let unsent = self.replica.unsent();
        let denied = Arc::new(Denied {
            path,
            reason,
            unsent,
        });
        self.flushes.retain(|(_, reply)| !reply.is_closed());
        if self.flushes.is_empty() {
            self.unreported = Some(Arc::clone(&denied));
        }
        self.fail_flushes(&PeerError::Denied(Arc::clone(&denied)));
        self.outlets.set(|status| {
            status.has_copy = false;
            status.link = Link::Connecting;
        });
        self.outlets.tell(Change::Denied(denied));
        self.denials = self.denials.saturating_add(1);
        self.replica = Replica::new();
        self.protocol = protocol_for(&self.replica, self.rejoin_ms());
        self.announce();
    }

    /// Rejoining after refusals in a row takes longer each time.
    fn rejoin_ms(&self) -> u64 {
        let wait = REJOIN_FIRST_MS << self.denials.min(6);
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
            + rand::random_range(0..=wait)
    }

    fn stopped(&mut self, code: u16, reason: String) {
        let unsent = self.replica.unsent();
        let stopped = Arc::new(Stopped {
            code,
            reason,
            unsent,
        });
        self.fail_flushes(&PeerError::Stopped(Arc::clone(&stopped)));
        self.outlets
            .set(|status| status.link = Link::Stopped(stopped));
    }

    fn fail_flushes(&mut self, error: &PeerError) {
        for (_, reply) in self.flushes.drain(..) {
            answer(reply, Err(error.clone()));
        }
    }

    /// Says goodbye and ends.
    async fn leave(mut self) {
        let now = Now { ms: 0, entropy: 0 };
        for effect in self.protocol.handle(now, Event::Leave) {
            if let (Effect::Send(frame), Some(socket)) = (effect, &self.socket) {
                // If it cannot be sent, the connection is going anyway.
                drop(socket.send(frame));
            }
        }
        self.fail_flushes(&PeerError::Closed);
        if let Some(socket) = self.socket.take() {
            socket.finish().await;
        }
    }
}

fn protocol_for(replica: &Replica, start_ms: u64) -> protocol::Peer {
    protocol::Peer::new(protocol::Config {
        client: replica.client(),
        lineage: None,
        start_ms,
    })
}

async fn next(socket: &mut Option<Socket>) -> SocketEvent {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn clock(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

/// Whoever asked may have stopped waiting.
fn answer(reply: oneshot::Sender<Result<(), PeerError>>, result: Result<(), PeerError>) {
    drop(reply.send(result));
}

const NAME_UNKNOWN: &str = "Agent";

const REJOIN_FIRST_MS: u64 = 100;
