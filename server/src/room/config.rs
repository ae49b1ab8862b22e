//! Named limits and times of rooms.

use std::time::Duration;

use crdt_schema::gate::Limits;

/// How rooms behave; every queue has its bound here.
#[derive(Debug, Clone)]
pub struct RoomConfig {
    /// Limits on a single update.
    pub gate: Limits,
    /// Commands that may wait in a room's inbox; senders wait beyond it.
    pub inbox_commands_max: usize,
    /// Update frames that one session may have waiting in a room; its socket is not read beyond it.
    pub session_frames_max: usize,
    /// Client ids that one session may write under.
    pub session_clients_max: usize,
    /// Bytes queued for one reader before its updates are dropped and it is resynchronised.
    pub outbox_bytes_max: usize,
    /// Updates in one log entry.
    pub batch_updates_max: usize,
    /// Bytes of updates in one log entry.
    pub batch_bytes_max: usize,
    /// Estimated size of one document, in bytes of its encoded state, beyond which it takes no
    /// more edits.
    pub document_bytes_max: usize,
    /// Bytes of log after a snapshot that make a new one due, at least.
    pub compact_bytes_min: usize,
    /// Entries of log after a snapshot that make a new one due.
    pub compact_entries_max: usize,
    /// How long a room without sessions stays open.
    pub idle: Duration,
    /// Estimated bytes that idle rooms may hold together.
    pub idle_bytes_max: usize,
    /// Open rooms at most.
    pub rooms_max: usize,
    /// Sessions in one room at most.
    pub sessions_max: usize,
    /// First and longest wait before a failing store is tried again.
    pub store_retry: (Duration, Duration),
    /// How long a command waits for the edits that its author had seen.
    pub seen_wait: Duration,
    /// Shortest time between two presence broadcasts of one room with many sessions.
    pub presence_pace: Duration,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            gate: Limits::default(),
            inbox_commands_max: 1024,
            session_frames_max: 512,
            session_clients_max: 16,
            outbox_bytes_max: 4 << 20,
            batch_updates_max: 4096,
            batch_bytes_max: 4 << 20,
            document_bytes_max: 64 << 20,
            compact_bytes_min: 2 << 20,
            compact_entries_max: 4096,
            idle: Duration::from_secs(30),
            idle_bytes_max: 256 << 20,
            rooms_max: 100_000,
            sessions_max: 10_000,
            store_retry: (Duration::from_millis(250), Duration::from_secs(5)),
            seen_wait: Duration::from_secs(5),
            presence_pace: Duration::from_millis(50),
        }
    }
}
