//! Virtual time: what happens when, in an order that the seed decides.

use std::{collections::BTreeMap, ops::RangeInclusive};

use bytes::Bytes;

use super::rng::Rng;

/// What is going to happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// The peer edits.
    Act(usize),
    /// The peer's own clock is due.
    Wake(usize),
    /// The connection is made.
    Opened(usize),
    /// The client's frame arrives.
    ToServer(usize, Bytes),
    /// The server's frame arrives.
    ToClient(usize, Bytes),
    /// The client notices that the connection is gone.
    Lost(usize),
    /// The server notices that the connection is gone.
    Left(usize),
    /// The session sends what waits for its reader.
    Drain(usize),
    /// The session says that it is alive.
    Beat(usize),
    /// The room looks at its inbox.
    RoomTurn,
    /// The append reaches the disk.
    Write(u64),
    /// The room hears what became of the append.
    Report(u64),
    /// The room of this process tries its store again.
    Retry(u64),
    /// The server starts again.
    Restart,
    /// Something goes wrong.
    Trouble,
}

impl Event {
    /// Whether it would happen in a world where nothing is left to do, too.
    fn is_routine(&self) -> bool {
        matches!(self, Self::Wake(_) | Self::Beat(_))
    }
}

/// The clock, the seed's randomness and everything that is going to happen.
pub(crate) struct Time {
    pub(crate) now_ms: u64,
    pub(crate) rng: Rng,
    queue: BTreeMap<(u64, u64), Event>,
    scheduled: u64,
    busy: usize,
}

impl Time {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            now_ms: 1_000,
            rng: Rng::new(seed),
            queue: BTreeMap::new(),
            scheduled: 0,
            busy: 0,
        }
    }

    pub(crate) fn at(&mut self, ms: u64, event: Event) {
        self.busy += usize::from(!event.is_routine());
        self.scheduled += 1;
        self.queue
            .insert((ms.max(self.now_ms), self.scheduled), event);
    }

    /// Schedules `event` after a time drawn from `range`, in milliseconds.
    pub(crate) fn after(&mut self, range: RangeInclusive<u64>, event: Event) {
        let ms = self.now_ms + self.rng.within(range);
        self.at(ms, event);
    }

    pub(crate) fn next(&mut self) -> Option<Event> {
        let ((ms, _), event) = self.queue.pop_first()?;
        self.now_ms = ms;
        self.busy -= usize::from(!event.is_routine());
        Some(event)
    }

    /// Whether only routine is left.
    pub(crate) fn is_quiet(&self) -> bool {
        self.busy == 0
    }
}
