//! Why a peer could not do what it was asked to.

use std::{fmt, sync::Arc};

use crdt_schema::path::DocPath;

/// Why a peer could not do what it was asked to.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PeerError {
    /// The server refused an edit. The peer has dropped its copy and joins again by itself; what
    /// was not saved is in here.
    #[error("{0}")]
    Denied(Arc<Denied>),
    /// The server closed for good; the peer does not try again.
    #[error("{0}")]
    Stopped(Arc<Stopped>),
    /// The peer was closed.
    #[error("the peer is closed")]
    Closed,
}

/// A refusal of an edit by the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied {
    /// Where the edit would have written, such as `plan/steps/ab12/body`; empty if the refusal is
    /// not about one place.
    pub path: String,
    /// What to do about it, for a person.
    pub reason: String,
    /// What this peer had written and the server did not have yet.
    pub unsent: Vec<Unsent>,
}

/// The end of a peer by the server's word.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    /// The close code, see [`sync_protocol::close`].
    pub code: u16,
    /// Why, for a person.
    pub reason: String,
    /// What this peer had written and the server did not have yet.
    pub unsent: Vec<Unsent>,
}

/// A place of the document that this peer had changed, as it read in the peer's own copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsent {
    /// The place.
    pub path: DocPath,
    /// What stood there: a string for a text, an object for an element, null if it was removed.
    pub content: serde_json::Value,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "the server refused an edit: {}", self.reason),
            path => write!(f, "the server refused an edit of {path}: {}", self.reason),
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server closed for good ({}): {}",
            self.code, self.reason
        )
    }
}
