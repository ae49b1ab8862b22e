//! The store in memory: for tests, simulations and trying things out.
//!
//! Invariant: it answers as a durable store does, and forgets everything when it is dropped.

use std::{
    collections::{BTreeMap, btree_map},
    ops::Bound,
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::stream::BoxStream;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::{
    Contents, Damage, Entry, Loaded, Seq, Shelf, Snapshot, Store, StoreError, WorkspaceRecord,
    follow::{self, FOLLOW_PAGE},
};

/// A [`Store`] that lives as long as the process. Cheap to clone; clones share their content.
#[derive(Clone, Default)]
pub struct MemoryStore {
    // Held for one synchronous step at a time, never across an await.
    workspaces: Arc<Mutex<BTreeMap<WorkspaceId, Workspace>>>,
}

struct Workspace {
    record: WorkspaceRecord,
    log: BTreeMap<Seq, Entry>,
    /// What each snapshot moved out of the log, oldest first.
    archive: Vec<Vec<(Seq, Entry)>>,
    snapshot: Option<Snapshot>,
    /// All records ever, the first at index 0.
    records: Vec<Bytes>,
    blobs: BTreeMap<(Shelf, String), Bytes>,
    head: watch::Sender<Seq>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with<R>(
        &self,
        ws: &WorkspaceId,
        f: impl FnOnce(&mut Workspace) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        f(self
            .workspaces
            .lock()
            .get_mut(ws)
            .ok_or(StoreError::NotFound)?)
    }
}

impl Workspace {
    fn new(record: WorkspaceRecord) -> Self {
        Self {
            record,
            log: BTreeMap::new(),
            archive: Vec::new(),
            snapshot: None,
            records: Vec::new(),
            blobs: BTreeMap::new(),
            head: watch::Sender::new(0),
        }
    }

    fn append(&mut self, entries: Vec<Entry>) -> Seq {
        let first = *self.head.borrow() + 1;
        let records = entries.iter().flat_map(|entry| &entry.records);
        self.records.extend(records.cloned());
        self.log.extend((first..).zip(entries));
        let last = self
            .log
            .last_key_value()
            .map_or(first - 1, |(seq, _)| *seq)
            .max(first - 1);
        self.head.send_replace(last);
        last
    }

    fn snapshot_upto(&self) -> Seq {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.upto)
    }

    fn put_snapshot(&mut self, snapshot: Snapshot) -> Result<(), StoreError> {
        let head = *self.head.borrow();
        if snapshot.upto > head {
            return Err(StoreError::Conflict { at: head });
        }
        if snapshot.upto < self.snapshot_upto() {
            return Err(StoreError::Conflict {
                at: self.snapshot_upto(),
            });
        }
        let kept = self.log.split_off(&(snapshot.upto + 1));
        let covered = std::mem::replace(&mut self.log, kept);
        if !covered.is_empty() {
            self.archive.push(covered.into_iter().collect());
        }
        self.snapshot = Some(snapshot);
        Ok(())
    }

    fn put_blob(&mut self, shelf: Shelf, name: &str, content: &Bytes) -> Result<(), StoreError> {
        shelf.check(name, content)?;
        match self.blobs.entry((shelf, name.to_owned())) {
            btree_map::Entry::Occupied(there) if there.get() != content => Err(StoreError::Exists),
            btree_map::Entry::Occupied(_) => Ok(()),
            btree_map::Entry::Vacant(place) => {
                place.insert(content.clone());
                Ok(())
            }
        }
    }

    fn archived_after(&self, from: Seq) -> impl Iterator<Item = (Seq, Entry)> {
        self.archive
            .iter()
            .flatten()
            .filter(move |(seq, _)| *seq > from)
            .cloned()
    }

    fn logged_after(&self, from: Seq) -> impl Iterator<Item = (Seq, Entry)> {
        let later = (Bound::Excluded(from), Bound::Unbounded);
        self.log
            .range(later)
            .map(|(seq, entry)| (*seq, entry.clone()))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError> {
        match self.workspaces.lock().entry(record.id.clone()) {
            btree_map::Entry::Occupied(_) => Err(StoreError::Exists),
            btree_map::Entry::Vacant(place) => {
                let mut workspace = Workspace::new(record);
                for (shelf, name, content) in contents.blobs() {
                    workspace.put_blob(shelf, name, content)?;
                }
                workspace.append(contents.entries);
                place.insert(workspace);
                Ok(())
            }
        }
    }

    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError> {
        self.with(ws, |workspace| Ok(workspace.record.clone()))
    }

    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let workspaces = self.workspaces.lock();
        let records = workspaces.range((from, Bound::Unbounded)).take(limit);
        Ok(records
            .map(|(_, workspace)| workspace.record.clone())
            .collect())
    }

    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError> {
        self.with(&record.id.clone(), |workspace| {
            workspace.record = record;
            Ok(())
        })
    }

    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.workspaces
            .lock()
            .remove(ws)
            .map(drop)
            .ok_or(StoreError::NotFound)
    }

    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        self.with(ws, |workspace| {
            let at = *workspace.head.borrow();
            if expect.is_some_and(|expect| expect != at) {
                return Err(StoreError::Conflict { at });
            }
            Ok(workspace.append(entries))
        })
    }

    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
        self.with(ws, |workspace| {
            Ok(Loaded {
                snapshot: workspace.snapshot.clone(),
                tail: workspace.logged_after(0).collect(),
                damage: None,
            })
        })
    }

    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>> {
        let head = match self.with(ws, |workspace| Ok(workspace.head.subscribe())) {
            Ok(head) => head,
            Err(error) => return follow::failed(error),
        };
        let (store, ws) = (self.clone(), ws.clone());
        follow::stream(from, head, move |after| {
            std::future::ready(store.with(&ws, |workspace| {
                let entries = workspace
                    .archived_after(after)
                    .chain(workspace.logged_after(after));
                Ok(entries.take(FOLLOW_PAGE).collect())
            }))
        })
    }

    async fn records(
        &self,
        ws: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        self.with(ws, |workspace| {
            let later = (1..)
                .zip(&workspace.records)
                .filter(|(number, _)| *number > after);
            let later = later.take(limit);
            Ok(later
                .map(|(number, record)| (number, record.clone()))
                .collect())
        })
    }

    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError> {
        self.with(ws, |workspace| workspace.put_snapshot(snapshot))
    }

    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        self.with(ws, |workspace| {
            Ok(workspace.archived_after(from).take(limit).collect())
        })
    }

    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError> {
        let mut dropped = 0;
        for workspace in self.workspaces.lock().values_mut() {
            let before = workspace.archive.len();
            workspace
                .archive
                .retain(|segment| ended_ms(segment) >= before_ms);
            dropped += (before - workspace.archive.len()) as u64;
        }
        Ok(dropped)
    }

    async fn put_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        self.with(ws, |workspace| workspace.put_blob(shelf, name, &content))
    }

    async fn blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Bytes>, StoreError> {
        self.with(ws, |workspace| {
            Ok(workspace.blobs.get(&(shelf, name.to_owned())).cloned())
        })
    }

    async fn blobs(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        self.with(ws, |workspace| {
            let all = workspace.blobs.iter().filter(|((on, _), _)| *on == shelf);
            Ok(all
                .map(|((_, name), content)| (name.clone(), content.len() as u64))
                .collect())
        })
    }

    async fn delete_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<(), StoreError> {
        self.with(ws, |workspace| {
            workspace.blobs.remove(&(shelf, name.to_owned()));
            Ok(())
        })
    }

    async fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        Ok(Vec::new())
    }

    async fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn ended_ms(segment: &[(Seq, Entry)]) -> u64 {
    segment
        .iter()
        .map(|(_, entry)| entry.at_ms)
        .max()
        .unwrap_or(0)
}
