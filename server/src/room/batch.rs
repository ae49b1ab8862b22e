//! What one log entry means to readers: updates, encoded once for all of them.

use bytes::Bytes;
use sync_protocol::yws;

/// The updates of one durable log entry as y-websocket frames, shared by every reader of the room.
#[derive(Debug)]
pub struct Batch {
    frames: Vec<Bytes>,
    starts: Vec<(u64, u32)>,
    bytes: usize,
}

impl Batch {
    /// A batch of `updates` (v1 encoding); `starts` holds (client id, first clock) of every
    /// section in them, so that a reader who missed the batch can be served the difference.
    #[must_use]
    pub fn new<'a>(updates: impl Iterator<Item = &'a Bytes>, starts: Vec<(u64, u32)>) -> Self {
        let frames: Vec<Bytes> = updates.map(|update| yws::update(update)).collect();
        let bytes = frames.iter().map(Bytes::len).sum();
        Self {
            frames,
            starts,
            bytes,
        }
    }

    /// One frame an update, in log order.
    #[must_use]
    pub fn frames(&self) -> &[Bytes] {
        &self.frames
    }

    /// (client id, first clock) of every section.
    #[must_use]
    pub fn starts(&self) -> &[(u64, u32)] {
        &self.starts
    }

    /// Size of all frames.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
