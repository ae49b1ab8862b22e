//! Word of what changes in the document.

use std::{collections::BTreeSet, sync::Arc};

use crdt_schema::path::DocPath;
use tokio::sync::broadcast;

use crate::Denied;

/// What happened to the document.
#[derive(Debug, Clone)]
pub enum Change {
    /// Somebody edited it.
    Edited(Edit),
    /// Anything may have changed: the copy is fresh, or changes came faster than they were read
    /// here. Read what you need again.
    Resync,
    /// An edit of this peer was refused. The copy is dropped, and a fresh one is on its way.
    Denied(Arc<Denied>),
}

/// One edit, or several that arrived as one.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Who made it.
    pub by: Writer,
    /// The texts that changed, and the map entries that were set or removed.
    pub paths: Arc<BTreeSet<DocPath>>,
}

/// Who made an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// This peer.
    Me,
    /// Anybody else.
    Others,
}

/// A reader of [`Change`]s, from the moment it was made. What it does not read in time is
/// replaced by one [`Change::Resync`].
#[derive(Debug)]
pub struct ChangeStream(pub(crate) broadcast::Receiver<Change>);

impl ChangeStream {
    /// The next change; `None` once the peer is closed. Cancel safe.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Resync),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// Changes that a reader may be behind.
pub(crate) const CHANGES_MAX: usize = 1024;
