//! Where each log ends durably.
//!
//! Sled shows writes before they are on disk; nobody may see an edit that a crash could take
//! back. So reads stop at the head kept here, which moves only after a flush, and a workspace
//! that is still being created does not exist yet.

use std::{
    collections::{HashMap, HashSet},
    io,
};

use crdt_schema::ids::WorkspaceId;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::database::Database;
use crate::store::Seq;

#[derive(Default)]
pub(super) struct Heads {
    // Held while a head is first read from the database, so that the committer cannot write
    // entries between that read and the head's registration. Never across an await.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    durable: HashMap<WorkspaceId, watch::Sender<Seq>>,
    creating: HashSet<WorkspaceId>,
}

impl Heads {
    /// The last durable position; `None` when there is no such workspace.
    pub(super) fn of(&self, db: &Database, ws: &WorkspaceId) -> io::Result<Option<Seq>> {
        self.with(db, ws, |head| *head.borrow())
    }

    /// The last durable position, now and later; closed when the workspace is deleted.
    pub(super) fn watch(
        &self,
        db: &Database,
        ws: &WorkspaceId,
    ) -> io::Result<Option<watch::Receiver<Seq>>> {
        self.with(db, ws, watch::Sender::subscribe)
    }

    /// Whether `ws` is written but not durable yet.
    pub(super) fn is_creating(&self, ws: &WorkspaceId) -> bool {
        self.state.lock().creating.contains(ws)
    }

    /// Hides `ws` until its first head is published.
    pub(super) fn hide(&self, ws: &WorkspaceId) {
        self.state.lock().creating.insert(ws.clone());
    }

    /// Moves the head of a log that is durable up to `seq`.
    pub(super) fn publish(&self, ws: WorkspaceId, seq: Seq) {
        let mut state = self.state.lock();
        state.creating.remove(&ws);
        state.durable.entry(ws).or_default().send_replace(seq);
    }

    /// Forgets a workspace whose deletion is durable, and ends its followers.
    pub(super) fn forget(&self, ws: &WorkspaceId) {
        let mut state = self.state.lock();
        state.creating.remove(ws);
        state.durable.remove(ws);
    }

    /// Ends all followers.
    pub(super) fn forget_all(&self) {
        self.state.lock().durable.clear();
    }

    fn with<R>(
        &self,
        db: &Database,
        ws: &WorkspaceId,
        read: impl FnOnce(&watch::Sender<Seq>) -> R,
    ) -> io::Result<Option<R>> {
        let mut state = self.state.lock();
        if let Some(head) = state.durable.get(ws) {
            return Ok(Some(read(head)));
        }
        if state.creating.contains(ws) || db.raw_record(ws)?.is_none() {
            return Ok(None);
        }
        let head = watch::Sender::new(db.last_seq(ws)?);
        let seen = read(&head);
        state.durable.insert(ws.clone(), head);
        Ok(Some(seen))
    }
}
