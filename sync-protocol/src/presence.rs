//! Who is present, as one peer knows it: its own state and everybody else's.
//!
//! Invariant: an entry never goes back to an older clock, and nobody stays who was not renewed
//! for [`AWARENESS_OUTDATED_MS`].

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{
    FrameError,
    awareness::{self, Entry, REMOVED},
    limits::{AWARENESS_ENTRIES_MAX, AWARENESS_OUTDATED_MS},
    yws,
};

/// The presence that one peer sends and sees.
#[derive(Debug)]
pub struct Presence {
    client: u64,
    clock: u32,
    state: Option<String>,
    others: BTreeMap<u64, Other>,
}

#[derive(Debug)]
struct Other {
    clock: u64,
    /// `None` once the client left: its clock is kept for a while, against late frames.
    state: Option<String>,
    renewed_ms: u64,
}

/// What an awareness frame did.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// Whether anybody else's presence changed.
    pub(crate) changed: bool,
    /// A frame that claims the own presence back, if the frame removed it.
    pub(crate) reply: Option<Bytes>,
}

impl Presence {
    pub(crate) fn new(client: u64) -> Self {
        Self {
            client,
            clock: 0,
            state: None,
            others: BTreeMap::new(),
        }
    }

    /// The own state as JSON, if one is set.
    #[must_use]
    pub fn own(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Everybody else's client id and state as JSON, in ascending order of clients.
    pub fn others(&self) -> impl Iterator<Item = (u64, &str)> {
        self.others
            .iter()
            .filter_map(|(&client, other)| Some((client, other.state.as_deref()?)))
    }

    /// Sets or removes the own state; the frame tells others.
    pub(crate) fn set(&mut self, state: Option<String>) -> Bytes {
        self.state = state;
        self.announce()
    }

    /// A frame that renews the own state, or only says that the connection is alive.
    pub(crate) fn renew(&mut self) -> Bytes {
        match self.state {
            Some(_) => self.announce(),
            None => yws::keepalive(),
        }
    }

    /// Takes in the payload of an awareness frame.
    pub(crate) fn apply(&mut self, payload: &[u8], now_ms: u64) -> Result<Applied, FrameError> {
        let mut applied = Applied::default();
        for entry in awareness::decode(payload)? {
            if entry.client == self.client {
                applied.reply = self.defend(entry).or(applied.reply);
            } else {
                applied.changed |= self.apply_other(entry, now_ms);
            }
        }
        Ok(applied)
    }

    /// Forgets whoever was not renewed in time; whether that was somebody.
    pub(crate) fn expire(&mut self, now_ms: u64) -> bool {
        let before = self.others().count();
        self.others
            .retain(|_, other| now_ms < other.renewed_ms + AWARENESS_OUTDATED_MS);
        self.others().count() != before
    }

    /// When somebody is to be forgotten next.
    pub(crate) fn expires_ms(&self) -> Option<u64> {
        self.others
            .values()
            .map(|other| other.renewed_ms + AWARENESS_OUTDATED_MS)
            .min()
    }

    /// Forgets everybody else; whether there was anybody.
    pub(crate) fn clear(&mut self) -> bool {
        let present = self.others().next().is_some();
        self.others.clear();
        present
    }

    fn announce(&mut self) -> Bytes {
        self.clock = self.clock.saturating_add(1);
        let state = self.state.as_deref().unwrap_or(REMOVED);
        let entry = Entry {
            client: self.client,
            clock: u64::from(self.clock),
            state,
        };
        yws::awareness(&awareness::encode([entry].into_iter()))
    }

    /// Nobody else speaks for this client: a removal at our clock or later is overruled.
    fn defend(&mut self, entry: Entry<'_>) -> Option<Bytes> {
        let clock = u32::try_from(entry.clock).unwrap_or(u32::MAX);
        if clock < self.clock {
            return None;
        }
        self.clock = clock;
        (entry.is_removed() && self.state.is_some()).then(|| self.announce())
    }

    fn apply_other(&mut self, entry: Entry<'_>, now_ms: u64) -> bool {
        let state = (!entry.is_removed()).then(|| entry.state.to_owned());
        let known = self.others.get(&entry.client);
        let newer = known.is_none_or(|known| {
            entry.clock > known.clock
                || (entry.clock == known.clock && state.is_none() && known.state.is_some())
        });
        let full = known.is_none() && self.others.len() >= AWARENESS_ENTRIES_MAX;
        if !newer || full {
            return false;
        }
        let changed = known.and_then(|known| known.state.as_deref()) != state.as_deref();
        let other = Other {
            clock: entry.clock,
            state,
            renewed_ms: now_ms,
        };
        self.others.insert(entry.client, other);
        changed
    }
}
