//! Where a peer tells what happens: its status, who else is here, and what changes.

use std::{mem::discriminant, sync::Arc};

use sync_protocol::peer::{Peer as Protocol, Phase};
use tokio::sync::{broadcast, watch};

use crate::{Change, Link, Present, Status, changes::CHANGES_MAX};

/// Where a peer tells what happens.
pub(crate) struct Outlets {
    pub(crate) status: watch::Sender<Status>,
    pub(crate) others: watch::Sender<Arc<[Present]>>,
    pub(crate) changes: broadcast::Sender<Change>,
}

impl Outlets {
    pub(crate) fn new() -> Self {
        Self {
            status: watch::Sender::new(Status {
                link: Link::Connecting,
                has_copy: false,
                read_only: None,
                unsaved: 0,
                welcome: None,
            }),
            others: watch::Sender::new(Arc::from([])),
            changes: broadcast::Sender::new(CHANGES_MAX),
        }
    }

    pub(crate) fn has_copy(&self) -> bool {
        self.status.borrow().has_copy
    }

    /// Changes the status without looking at it.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Status)) {
        self.status.send_modify(change);
    }

    /// Brings the status up to date with the protocol, and wakes its readers if it was not.
    pub(crate) fn follow(&self, protocol: &Protocol) {
        let unsaved = protocol.edits() - protocol.saved();
        let link = match protocol.phase() {
            Phase::Connecting => Some(Link::Connecting),
            Phase::Syncing => Some(Link::Syncing),
            Phase::Live => Some(Link::Live),
            // These are told with their cause, when they begin.
            Phase::Disconnected | Phase::Stopped => None,
        };
        self.status.send_if_modified(|status| {
            let link = link.filter(|link| discriminant(link) != discriminant(&status.link));
            let changed = link.is_some() || status.unsaved != unsaved;
            status.unsaved = unsaved;
            if let Some(link) = link {
                status.link = link;
            }
            changed
        });
    }

    /// Tells whoever reads changes; nobody need.
    pub(crate) fn tell(&self, change: Change) {
        drop(self.changes.send(change));
    }
}
