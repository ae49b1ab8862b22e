//! One open connection: what was heard and sent on it, and what is acknowledged.

use std::collections::VecDeque;

use bytes::Bytes;

use super::{Cause, Effect};
use crate::limits::{EARLY_BYTES_MAX, RENEW_MS, SILENCE_MS_MAX, UNACKNOWLEDGED_FRAMES_MAX};

/// The state of one open connection.
#[derive(Debug)]
pub(super) struct Link {
    heard_ms: u64,
    renewed_ms: u64,
    remote: Remote,
    /// The state vector that the server asked with last; edits are sent once it asked.
    server_vector: Option<Bytes>,
    sending: Sending,
    storage: Storage,
    /// For each update and step 2 frame that is not acknowledged: how many local edits are on
    /// their way with it and those before it.
    in_flight: VecDeque<u64>,
    acknowledged: u64,
    covered: u64,
}

/// Whether the server's storage takes edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    Writable,
    ReadOnly,
}

/// What came from the server.
#[derive(Debug)]
enum Remote {
    /// Updates that overtook the answer to our step 1 wait for it: they may depend on it.
    Early {
        updates: Vec<Bytes>,
        bytes: usize,
    },
    Live,
}

#[derive(Debug, PartialEq, Eq)]
enum Sending {
    /// Each edit is sent at once.
    Direct,
    /// Too much is unacknowledged: edits are held back until nothing is.
    HeldBack,
}

impl Link {
    pub(super) fn new(now_ms: u64) -> Self {
        Self {
            heard_ms: now_ms,
            renewed_ms: now_ms,
            remote: Remote::Early {
                updates: Vec::new(),
                bytes: 0,
            },
            server_vector: None,
            sending: Sending::Direct,
            storage: Storage::Writable,
            in_flight: VecDeque::new(),
            acknowledged: 0,
            covered: 0,
        }
    }

    pub(super) fn hear(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
    }

    /// When the server counts as silent.
    pub(super) fn silent_ms(&self) -> u64 {
        self.heard_ms + SILENCE_MS_MAX
    }

    pub(super) fn renewed(&mut self, now_ms: u64) {
        self.renewed_ms = now_ms;
    }

    /// When presence is to be renewed.
    pub(super) fn renew_ms(&self) -> u64 {
        self.renewed_ms + RENEW_MS
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.remote, Remote::Live)
    }

    /// The server asked for what it misses.
    pub(super) fn asked(&mut self, state_vector: Bytes) -> Effect {
        self.server_vector = Some(state_vector.clone());
        Effect::Answer { state_vector }
    }

    /// The answer to our step 1 arrived.
    pub(super) fn synced(&mut self, update: Bytes, out: &mut Vec<Effect>) {
        out.push(Effect::Apply(update));
        match std::mem::replace(&mut self.remote, Remote::Live) {
            Remote::Early { updates, .. } => {
                out.extend(updates.into_iter().map(Effect::Apply));
                out.push(Effect::Synced);
            }
            Remote::Live => {}
        }
    }

    /// An edit of somebody else's arrived.
    pub(super) fn updated(&mut self, update: Bytes, out: &mut Vec<Effect>) -> Result<(), Cause> {
        match &mut self.remote {
            Remote::Live => out.push(Effect::Apply(update)),
            Remote::Early { updates, bytes } => {
                *bytes += update.len();
                if *bytes > EARLY_BYTES_MAX {
                    return Err(Cause::Protocol(
                        "it sent too much before its answer to step 1",
                    ));
                }
                updates.push(update);
            }
        }
        Ok(())
    }

    /// Whether a local edit is to be sent at once. If not, a difference will carry it.
    pub(super) fn may_send(&self) -> bool {
        self.server_vector.is_some()
            && self.sending == Sending::Direct
            && self.storage == Storage::Writable
    }

    /// A frame is sent that, with those before it, carries the first `edits` local edits.
    pub(super) fn sent(&mut self, edits: u64) {
        self.in_flight.push_back(edits);
        self.covered = edits;
        if self.in_flight.len() >= UNACKNOWLEDGED_FRAMES_MAX {
            self.sending = Sending::HeldBack;
        }
    }

    /// The server has the first `frames` frames of this connection; how many local edits that
    /// makes, if any frame is new among them.
    pub(super) fn acknowledged(&mut self, frames: u64) -> Result<Option<u64>, Cause> {
        let new = frames.saturating_sub(self.acknowledged);
        let Some(new) = usize::try_from(new)
            .ok()
            .filter(|&new| new <= self.in_flight.len())
        else {
            return Err(Cause::Protocol("it acknowledged more than was sent"));
        };
        self.acknowledged += new as u64;
        Ok(self.in_flight.drain(..new).next_back())
    }

    pub(super) fn awaits_acknowledgement(&self) -> bool {
        !self.in_flight.is_empty()
    }

    pub(super) fn set_storage(&mut self, storage: Storage) {
        self.storage = storage;
    }

    /// Sends what was held back, of `edits` local edits, as soon as that is allowed.
    pub(super) fn caught_up(&mut self, edits: u64) -> Option<Effect> {
        if self.storage == Storage::ReadOnly || !self.in_flight.is_empty() {
            return None;
        }
        self.sending = Sending::Direct;
        let state_vector = self.server_vector.clone()?;
        (self.covered < edits).then_some(Effect::Answer { state_vector })
    }
}
