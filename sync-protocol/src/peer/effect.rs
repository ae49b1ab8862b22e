//! What a peer asks for and reports.

use bytes::Bytes;

use crate::FrameError;

/// What the shell must do, or may tell others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket; report [`Event::Connected`](super::Event::Connected), [`Event::Lost`](super::Event::Lost) or [`Event::Closed`](super::Event::Closed).
    Connect,
    /// Drop the socket, if there is one, and any attempt to open one. Report nothing.
    Disconnect,
    /// Send this frame.
    Send(Bytes),
    /// Integrate this remote update into the local document.
    Apply(Bytes),
    /// Compute what the local document has beyond this state vector (v1) and feed it back at
    /// once as [`Event::Difference`](super::Event::Difference).
    Answer {
        /// The server's state vector, v1. Not validated.
        state_vector: Bytes,
    },
    /// The server says what it serves, and to whom.
    Welcome {
        /// The document's history.
        lineage: String,
        /// The member that the server takes us for.
        member: String,
        /// The member's role.
        role: String,
    },
    /// The local document has all that the server had when it was asked.
    Synced,
    /// The first `edits` local edits are durable on the server.
    Saved {
        /// A count since the peer was made.
        edits: u64,
    },
    /// Somebody else's presence changed; see [`Peer::presence`](super::Peer::presence).
    PresenceChanged,
    /// The server takes no edits just now; they wait here.
    ReadOnly {
        /// Why, for a person.
        reason: String,
    },
    /// The server takes edits again.
    Writable,
    /// The connection is gone; the next attempt is made at `retry_ms`.
    Disconnected {
        /// Why.
        cause: Cause,
        /// When the next attempt is made.
        retry_ms: u64,
    },
    /// An edit was refused. The local document holds what the server will never have: make a
    /// fresh document with a fresh client id, and a fresh peer for it.
    Denied {
        /// The client id that is refused from now on, if one is.
        client: Option<u64>,
        /// Where the edit would have written; empty if it is not about one place.
        path: String,
        /// What to do about it, for a person.
        reason: String,
    },
    /// The server closed for good, or the member left.
    Stopped {
        /// The close code; 1000 if the member left.
        code: u16,
        /// Why.
        reason: String,
    },
}

/// Why a connection ended that is tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// It broke, or could not be made.
    #[error("the connection is lost")]
    Lost,
    /// It could not be made in time.
    #[error("the server did not answer in time")]
    ConnectTimeout,
    /// The server said nothing for too long.
    #[error("the server fell silent")]
    Silent,
    /// The server closed it.
    #[error("the server closed the connection ({code}): {reason}")]
    Closed {
        /// The close code.
        code: u16,
        /// Why.
        reason: String,
    },
    /// The server sent what is not a frame.
    #[error("the server sent a malformed frame: {0}")]
    Malformed(FrameError),
    /// The server acknowledged more than was sent, or sent more than can wait.
    #[error("the server broke the protocol: {0}")]
    Protocol(&'static str),
    /// Storage recovered; what was sent before may be lost and is sent again.
    #[error("the server takes edits again")]
    StorageRecovered,
}

/// Where a peer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the next attempt.
    Disconnected,
    /// An attempt is under way.
    Connecting,
    /// Connected; the server's state is still to come.
    Syncing,
    /// Connected, and up to date.
    Live,
    /// Ended for good.
    Stopped,
}
