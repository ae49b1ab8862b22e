//! Whether a socket may go on: signs of life in both directions, and the access behind it.

use std::time::Duration;

use sync_protocol::close;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    auth::{Access, Authority},
    clock::now_ms,
    room::Goodbye,
};

/// Clients give up a server that says nothing for about 33 s.
const BEAT: Duration = Duration::from_secs(15);
/// A client that has not even answered a ping for so long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(50);

pub(super) struct Pulse {
    authority: Authority,
    changes: watch::Receiver<u64>,
    next_beat: Instant,
    heard: Instant,
}

/// What [`Pulse::next`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Time to say something.
    Alive,
    /// The other side has been silent for too long.
    Silent,
    /// Some access may have ended; check with [`Pulse::check`].
    Changed,
}

impl Pulse {
    pub(super) fn new(authority: &Authority) -> Self {
        let now = Instant::now();
        Self {
            authority: authority.clone(),
            changes: authority.changes(),
            next_beat: now + BEAT,
            heard: now,
        }
    }

    /// Notes a sign of life.
    pub(super) fn heard(&mut self) {
        self.heard = Instant::now();
    }

    /// Waits for the next thing to do about the socket, at the latest when an access that lasts
    /// until `expires_ms` ends. Cancel-safe.
    pub(super) async fn next(&mut self, expires_ms: Option<u64>) -> Beat {
        let expiry = expires_ms
            .map(|at| Instant::now() + Duration::from_millis(at.saturating_sub(now_ms())));
        let until = expiry.map_or(self.next_beat, |expiry| expiry.min(self.next_beat));
        tokio::select! {
            () = sleep_until(until) => {}
            Ok(()) = self.changes.changed() => return Beat::Changed,
        }
        if until < self.next_beat {
            return Beat::Changed;
        }
        self.next_beat += BEAT;
        if self.heard.elapsed() > SILENCE_MAX {
            Beat::Silent
        } else {
            Beat::Alive
        }
    }

    /// Whether `access` still holds.
    pub(super) fn check(&self, access: &Access) -> Result<(), Goodbye> {
        if self.authority.still_valid(access, now_ms()) {
            Ok(())
        } else {
            Err(Goodbye::new(
                close::UNAUTHENTICATED,
                "your access has ended; ask for a new token or sign in again",
            ))
        }
    }
}
