//! How the connection is.

use std::sync::Arc;

use sync_protocol::peer::Cause;

use crate::Stopped;

/// How the connection is.
#[derive(Debug, Clone)]
pub struct Status {
    /// Whether there is one.
    pub link: Link,
    /// Whether the copy has ever been complete. Until then reads and edits wait.
    pub has_copy: bool,
    /// Why the server takes no edits just now, if it does not. They are kept here.
    pub read_only: Option<String>,
    /// Local edits that are not known to be durable on the server.
    pub unsaved: u64,
    /// Whom the server takes this peer for, once it said so.
    pub welcome: Option<Welcome>,
}

/// Whether there is a connection.
#[derive(Debug, Clone)]
pub enum Link {
    /// An attempt is under way, or about to be.
    Connecting,
    /// Connected; what the server has is on its way.
    Syncing,
    /// Connected and up to date.
    Live,
    /// Not connected; another attempt follows by itself.
    Offline(Cause),
    /// Over for good.
    Stopped(Arc<Stopped>),
}

/// Whom the server takes a peer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The member.
    pub member: String,
    /// The member's role.
    pub role: String,
    /// The document's history.
    pub lineage: String,
}
