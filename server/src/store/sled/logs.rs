//! Where each log ends durably, and where its entries are.
//!
//! Sled shows writes before they are on disk; nobody may see an edit that a crash could take
//! back. So reads stop at the head kept here, which moves only after a flush, and a workspace
//! that is still being created does not exist yet.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    io,
};

use crdt_schema::ids::WorkspaceId;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::{
    database::Database,
    journal::{End, Journal, Placed, Slot},
    snapshot,
};
use crate::store::Seq;

pub(super) struct Logs {
    // Held while a head is first read from the database, so that the committer cannot write
    // entries between that read and the head's registration. Never across an await.
    state: Mutex<State>,
}

struct State {
    journal: Journal,
    /// Records that are covered and not yet removed, found while heads were read.
    covered: Vec<Placed>,
    durable: HashMap<WorkspaceId, Head>,
    creating: HashSet<WorkspaceId>,
    /// Keys of checkpoints and artifacts that are written or removed but not durably so.
    unsettled: HashSet<Vec<u8>>,
}

/// Where a log ends durably, and who follows it. Most logs are followed by nobody, and a channel
/// is far larger than an end.
struct Head {
    end: End,
    followers: Option<watch::Sender<Seq>>,
}

impl Head {
    fn new(end: End) -> Self {
        Self {
            end,
            followers: None,
        }
    }

    fn follow(&mut self) -> watch::Receiver<Seq> {
        self.followers
            .get_or_insert_with(|| watch::Sender::new(self.end.seq))
            .subscribe()
    }

    /// Tells followers too.
    fn advance(&mut self, end: End) {
        self.end = end;
        if let Some(followers) = &self.followers
            && followers.send(end.seq).is_err()
        {
            self.followers = None;
        }
    }
}

impl Logs {
    pub(super) fn new(journal: Journal) -> Self {
        Self {
            state: Mutex::new(State {
                journal,
                covered: Vec::new(),
                durable: HashMap::new(),
                creating: HashSet::new(),
                unsettled: HashSet::new(),
            }),
        }
    }

    /// Starts again from what a reopened database holds. Followers go on.
    pub(super) fn restart(&self, db: &Database, journal: Journal) -> io::Result<()> {
        let mut state = self.state.lock();
        let mut deleted = Vec::new();
        for ws in state.durable.keys() {
            if db.raw_record(ws)?.is_none() {
                deleted.push(ws.clone());
            }
        }
        for ws in deleted {
            state.durable.remove(&ws);
        }
        for (ws, head) in &mut state.durable {
            // What was durable still is.
            if let Some(end) = journal.end(ws).filter(|end| end.seq > head.end.seq) {
                head.advance(end);
            }
        }
        state.journal = journal;
        state.covered.clear();
        state.creating.clear();
        state.unsettled.clear();
        Ok(())
    }

    /// Where the log ends durably; `None` when there is no such workspace.
    pub(super) fn end(&self, db: &Database, ws: &WorkspaceId) -> io::Result<Option<End>> {
        self.with(db, ws, |head| head.end)
    }

    /// The last durable position, now and later; closed when the workspace is deleted.
    pub(super) fn watch(
        &self,
        db: &Database,
        ws: &WorkspaceId,
    ) -> io::Result<Option<watch::Receiver<Seq>>> {
        self.with(db, ws, Head::follow)
    }

    /// Up to `limit` places of entries after `from`, durable or not, in log order.
    pub(super) fn after(&self, ws: &WorkspaceId, from: Seq, limit: usize) -> Vec<Slot> {
        self.state.lock().journal.after(ws, from, limit)
    }

    /// Up to `limit` places of entries with records after number `after`, durable or not.
    pub(super) fn recording(&self, ws: &WorkspaceId, after: u64, limit: usize) -> Vec<Slot> {
        self.state.lock().journal.recording(ws, after, limit)
    }

    /// Gives a new entry, with which the log ends at `end`, its place in the journal.
    pub(super) fn add(&self, ws: &WorkspaceId, end: End, parts: u32) -> Slot {
        self.state.lock().journal.add(ws, end, parts)
    }

    /// Takes the entries that a snapshot covers out of the log; returns the records to remove.
    pub(super) fn cover(&self, ws: &WorkspaceId, upto: Seq) -> Vec<Placed> {
        let mut state = self.state.lock();
        let mut covered = state.journal.cover(ws, upto);
        covered.append(&mut state.covered);
        covered
    }

    /// Takes a whole log out of the journal; returns the records to remove.
    pub(super) fn remove(&self, ws: &WorkspaceId) -> Vec<Placed> {
        let mut state = self.state.lock();
        let mut removed = state.journal.remove(ws);
        removed.append(&mut state.covered);
        removed
    }

    /// Whether `ws` is written but not durable yet.
    pub(super) fn is_creating(&self, ws: &WorkspaceId) -> bool {
        self.state.lock().creating.contains(ws)
    }

    /// Hides `ws` until its first head is published.
    pub(super) fn hide(&self, ws: &WorkspaceId) {
        self.state.lock().creating.insert(ws.clone());
    }

    /// Hides the checkpoint or artifact under `key` until it is settled.
    pub(super) fn unsettle(&self, key: Vec<u8>) {
        self.state.lock().unsettled.insert(key);
    }

    /// What is under `key` now is durable.
    pub(super) fn settle(&self, key: &[u8]) {
        self.state.lock().unsettled.remove(key);
    }

    /// Whether what is under `key` is being written or removed.
    pub(super) fn is_unsettled(&self, key: &[u8]) -> bool {
        self.state.lock().unsettled.contains(key)
    }

    /// Moves the head of a log that is durable up to `end`.
    pub(super) fn publish(&self, ws: WorkspaceId, end: End) {
        let mut state = self.state.lock();
        state.creating.remove(&ws);
        match state.durable.entry(ws) {
            Entry::Occupied(head) => head.into_mut().advance(end),
            Entry::Vacant(place) => {
                place.insert(Head::new(end));
            }
        }
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
        read: impl FnOnce(&mut Head) -> R,
    ) -> io::Result<Option<R>> {
        let mut state = self.state.lock();
        if let Some(head) = state.durable.get_mut(ws) {
            return Ok(Some(read(head)));
        }
        if state.creating.contains(ws) || db.raw_record(ws)?.is_none() {
            return Ok(None);
        }
        let newest = db.newest_snapshot(ws, Seq::MAX)?;
        let snapshot = newest.unwrap_or(0);
        let end = match state.journal.end(ws) {
            Some(end) if end.seq > snapshot => end,
            Some(_) | None => End {
                seq: snapshot,
                records: snapshot::records_upto(db, ws, newest)?,
            },
        };
        // The database opens without looking at snapshots: one may be damaged.
        let covered = state.journal.cover(ws, snapshot);
        state.covered.extend(covered);
        let mut head = Head::new(end);
        let seen = read(&mut head);
        state.durable.insert(ws.clone(), head);
        Ok(Some(seen))
    }
}
