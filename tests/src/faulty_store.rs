//! A store that fails on command, around any other.
//!
//! Faults are scripted, never timed: an append waits until the test lets it go. Clones share the
//! script.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use penhold_server::store::{
    Contents, Damage, Entry, Loaded, Seq, Shelf, Snapshot, Store, StoreError, WorkspaceRecord,
};
use tokio::sync::watch;

/// What became of an append that was reported as failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was not written.
    Lost,
    /// It was written, but its caller is told otherwise.
    Written,
}

/// A [`Store`] with scripted faults.
#[derive(Clone)]
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    script: Arc<watch::Sender<Script>>,
}

#[derive(Debug, Clone, Default)]
struct Script {
    failing: Option<Outcome>,
    holding: bool,
    held: usize,
    full: bool,
    crashed: bool,
}

impl FaultyStore {
    /// Wraps `inner`; without a fault it answers as `inner` does.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            script: Arc::new(watch::Sender::default()),
        }
    }

    /// The next append is reported as failed, with this outcome.
    pub fn fail_next_append(&self, outcome: Outcome) {
        self.script
            .send_modify(|script| script.failing = Some(outcome));
    }

    /// Appends wait from now on, before they reach the store.
    pub fn hold_appends(&self) {
        self.script.send_modify(|script| script.holding = true);
    }

    /// Lets go of the held appends and holds no more.
    pub fn release_appends(&self) {
        self.script.send_modify(|script| script.holding = false);
    }

    /// Returns once `count` appends are held.
    pub async fn until_held(&self, count: usize) {
        self.until(|script| script.held >= count).await;
    }

    /// Writes are refused as [`StoreError::Full`] from now on.
    pub fn fill_disk(&self) {
        self.script.send_modify(|script| script.full = true);
    }

    /// Writes are taken again.
    pub fn free_disk(&self) {
        self.script.send_modify(|script| script.full = false);
    }

    /// The process dies: held appends are lost, every call fails and followers end.
    pub fn crash(&self) {
        self.script.send_modify(|script| script.crashed = true);
    }

    /// The store after a crash, as the next process finds it, without faults.
    #[must_use]
    pub fn restarted(&self) -> Self {
        Self::new(Arc::clone(&self.inner))
    }

    async fn until(&self, done: impl FnMut(&Script) -> bool) {
        let mut script = self.script.subscribe();
        let reached = script.wait_for(done).await;
        drop(reached.expect("self keeps the script's sender"));
    }

    /// What stands in the way of a read.
    fn alive(&self) -> Result<(), StoreError> {
        match self.script.borrow().crashed {
            true => Err(crashed()),
            false => Ok(()),
        }
    }

    /// What stands in the way of a write.
    fn writable(&self) -> Result<(), StoreError> {
        self.alive()?;
        match self.script.borrow().full {
            true => Err(StoreError::Full("scripted".to_owned())),
            false => Ok(()),
        }
    }

    async fn pass_gate(&self) {
        if !self.script.borrow().holding {
            return;
        }
        self.script.send_modify(|script| script.held += 1);
        self.until(|script| !script.holding || script.crashed).await;
        self.script.send_modify(|script| script.held -= 1);
    }

    fn take_failure(&self) -> Option<Outcome> {
        let mut failing = None;
        self.script.send_if_modified(|script| {
            failing = script.failing.take();
            failing.is_some()
        });
        failing
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.import(record, contents).await
    }

    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError> {
        self.alive()?;
        self.inner.record(ws).await
    }

    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError> {
        self.alive()?;
        self.inner.list(after, limit).await
    }

    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.set_record(record).await
    }

    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.alive()?;
        self.inner.delete(ws).await
    }

    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        self.pass_gate().await;
        self.writable()?;
        match self.take_failure() {
            None => self.inner.append(ws, entries, expect).await,
            Some(Outcome::Lost) => Err(scripted()),
            Some(Outcome::Written) => {
                self.inner.append(ws, entries, expect).await?;
                Err(scripted())
            }
        }
    }

    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
        self.alive()?;
        self.inner.load(ws).await
    }

    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>> {
        let store = self.clone();
        let crash = async move { store.until(|script| script.crashed).await };
        let crash_report = stream::once(async { Err(crashed()) });
        self.inner
            .follow(ws, from)
            .take_until(crash)
            .chain(crash_report)
            .boxed()
    }

    async fn records(
        &self,
        ws: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        self.alive()?;
        self.inner.records(ws, after, limit).await
    }

    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.put_snapshot(ws, snapshot).await
    }

    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        self.alive()?;
        self.inner.archived(ws, from, limit).await
    }

    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError> {
        self.alive()?;
        self.inner.expire_archive(before_ms).await
    }

    async fn put_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.put_blob(ws, shelf, name, content).await
    }

    async fn blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Bytes>, StoreError> {
        self.alive()?;
        self.inner.blob(ws, shelf, name).await
    }

    async fn blobs(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        self.alive()?;
        self.inner.blobs(ws, shelf).await
    }

    async fn delete_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<(), StoreError> {
        self.alive()?;
        self.inner.delete_blob(ws, shelf, name).await
    }

    async fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        self.alive()?;
        self.inner.verify().await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }
}

fn crashed() -> StoreError {
    StoreError::Failed("the process crashed (scripted)".to_owned())
}

fn scripted() -> StoreError {
    StoreError::Failed("scripted".to_owned())
}
