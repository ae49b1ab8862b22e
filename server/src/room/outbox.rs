//! What waits to be sent to one session.
//!
//! Invariant: memory is bounded. Past the bound, queued updates are dropped and remembered only
//! as "from this clock on"; when the reader has caught up with the rest, it asks the room for one
//! difference against what it last had. It is never disconnected for being slow.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::sync::Notify;

use super::{batch::Batch, core::Denial, goodbye::Goodbye};

/// One thing to tell a session. Frames are those of y-websocket; Hocuspocus puts an address in
/// front of the same bytes.
#[derive(Debug, Clone)]
pub enum Out {
    /// A sync frame that must not be dropped.
    Frame(Bytes),
    /// A log entry's updates.
    Batch(Arc<Batch>),
    /// An awareness frame.
    Presence(Bytes),
    /// The session's first `n` update frames are durable.
    Ack(u64),
    /// A write was refused and that client id has ended.
    Denied(Arc<Denial>),
    /// The room takes no edits for now, and why.
    ReadOnly(Arc<str>),
    /// The room takes edits again.
    Writable,
    /// Say goodbye.
    Close(Goodbye),
}

/// What a reader missed: per client id, the first clock it was not sent.
pub type Missed = FxHashMap<u64, u32>;

/// The queue in front of one session. The room pushes, the session takes.
#[derive(Debug)]
pub struct Outbox {
    // Shared by the room and one session; held only to move queue items, never across an await.
    state: Mutex<State>,
    wake: Arc<Notify>,
    bytes_max: usize,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Out>,
    bytes: usize,
    ack: Option<u64>,
    lag: Lag,
}

#[derive(Debug, Default)]
enum Lag {
    #[default]
    None,
    /// Updates were dropped; the session has not noticed yet.
    Missed(Missed),
    /// The session asked for the difference; this is what it was not sent since.
    Asked(Missed),
}

/// What [`Outbox::take`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// Everything that was queued.
    All,
    /// Everything, and the reader must now ask the room for what it missed.
    AllButMissed(Missed),
}

impl Outbox {
    /// An empty outbox that holds at most about `bytes_max` bytes of updates.
    #[must_use]
    pub fn new(bytes_max: usize) -> Arc<Self> {
        Self::waking(bytes_max, Arc::default())
    }

    /// The same, but wakes `wake`, which may be shared by the outboxes of one socket.
    #[must_use]
    pub fn waking(bytes_max: usize, wake: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            wake,
            bytes_max,
        })
    }

    /// Queues something that must not be dropped.
    pub fn push(&self, out: Out) {
        let mut state = self.state.lock();
        match out {
            Out::Ack(n) => state.ack = Some(n),
            out => {
                state.bytes += size(&out);
                state.queue.push_back(out);
            }
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Queues a log entry's updates, or drops updates when the reader is too slow.
    pub fn offer(&self, batch: &Arc<Batch>) {
        let mut state = self.state.lock();
        match &mut state.lag {
            Lag::Missed(missed) | Lag::Asked(missed) => return note(missed, batch),
            Lag::None => {}
        }
        if state.bytes + batch.bytes() > self.bytes_max && !state.queue.is_empty() {
            state.shed(batch);
        } else {
            state.bytes += batch.bytes();
            state.queue.push_back(Out::Batch(Arc::clone(batch)));
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Queues presence, or drops it when the reader is too slow; it is renewed every 15 s anyway.
    pub fn offer_presence(&self, frame: &Bytes) {
        let mut state = self.state.lock();
        if state.bytes + frame.len() <= self.bytes_max {
            state.bytes += frame.len();
            state.queue.push_back(Out::Presence(frame.clone()));
            drop(state);
            self.wake.notify_one();
        }
    }

    /// Waits until there is something to take. Cancel-safe.
    pub async fn ready(&self) {
        loop {
            if self.has_something() {
                return;
            }
            self.wake.notified().await;
        }
    }

    /// Moves everything queued into `into`, acknowledgements last.
    pub fn take(&self, into: &mut Vec<Out>) -> Taken {
        let mut state = self.state.lock();
        into.extend(state.queue.drain(..));
        state.bytes = 0;
        into.extend(state.ack.take().map(Out::Ack));
        match std::mem::take(&mut state.lag) {
            Lag::None => Taken::All,
            Lag::Asked(missed) => {
                state.lag = Lag::Asked(missed);
                Taken::All
            }
            Lag::Missed(missed) => {
                state.lag = Lag::Asked(Missed::default());
                Taken::AllButMissed(missed)
            }
        }
    }

    /// What the reader was not sent since it asked for the difference.
    pub fn missed_since_asked(&self) -> Missed {
        match &self.state.lock().lag {
            Lag::Asked(missed) => missed.clone(),
            Lag::None | Lag::Missed(_) => Missed::default(),
        }
    }

    /// Ends the lag: the frame `difference` brings the reader up to date.
    pub fn caught_up(&self, difference: Bytes) {
        self.state.lock().lag = Lag::None;
        self.push(Out::Frame(difference));
    }

    /// Whether so much is queued that the session should not be listened to for now.
    pub fn is_congested(&self) -> bool {
        self.state.lock().bytes > self.bytes_max
    }

    fn has_something(&self) -> bool {
        let state = self.state.lock();
        !state.queue.is_empty() || state.ack.is_some() || matches!(state.lag, Lag::Missed(_))
    }
}

impl State {
    fn shed(&mut self, newest: &Batch) {
        let mut missed = Missed::default();
        self.queue.retain(|out| match out {
            Out::Batch(batch) => {
                note(&mut missed, batch);
                false
            }
            _ => true,
        });
        note(&mut missed, newest);
        self.bytes = self.queue.iter().map(size).sum();
        self.lag = Lag::Missed(missed);
        metrics::counter!("penhold_readers_resynchronised_total").increment(1);
    }
}

fn note(missed: &mut Missed, batch: &Batch) {
    for &(client, clock) in batch.starts() {
        missed
            .entry(client)
            .and_modify(|first| *first = (*first).min(clock))
            .or_insert(clock);
    }
}

fn size(out: &Out) -> usize {
    match out {
        Out::Frame(frame) | Out::Presence(frame) => frame.len(),
        Out::Batch(batch) => batch.bytes(),
        Out::Ack(_) | Out::Denied(_) | Out::ReadOnly(_) | Out::Writable | Out::Close(_) => 0,
    }
}
