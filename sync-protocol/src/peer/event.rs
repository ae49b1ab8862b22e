//! What a peer is told.

use bytes::Bytes;

/// What a peer starts from.
#[derive(Debug, Clone)]
pub struct Config {
    /// The client id of the local document.
    pub client: u64,
    /// The history of the local copy; `None` if there is none yet.
    pub lineage: Option<String>,
    /// When the first attempt to connect is made, in the time of [`Now::ms`].
    pub start_ms: u64,
}

/// The moment of an event.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// Time in milliseconds since any fixed moment; never goes back.
    pub ms: u64,
    /// Fresh randomness, for waits that must not coincide with other peers'.
    pub entropy: u64,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The socket is open.
    Connected {
        /// The local document's state vector, v1.
        state_vector: Bytes,
    },
    /// The server sent a frame.
    Frame(Bytes),
    /// The local document changed by a local edit.
    Edited {
        /// The edit as an update, v1.
        update: Bytes,
    },
    /// What [`Effect::Answer`](super::Effect::Answer) asked for.
    Difference {
        /// All that the server misses, as an update, v1.
        update: Bytes,
    },
    /// The local member's presence is to be this JSON; `None` to be absent.
    Presence(Option<String>),
    /// The connection broke, or could not be made.
    Lost,
    /// The server closed the connection.
    Closed {
        /// The close code.
        code: u16,
        /// Why.
        reason: String,
    },
    /// Time passed.
    Tick,
    /// The local member leaves for good.
    Leave,
}
