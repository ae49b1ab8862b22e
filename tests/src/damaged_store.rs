//! A store in which the records of one workspace are damaged, around any other.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::stream::BoxStream;
use penhold_server::store::{
    Contents, Damage, Entry, Loaded, Seq, Shelf, Snapshot, Store, StoreError, WorkspaceRecord,
};

/// A [`Store`] that cannot read all of one workspace.
pub struct DamagedStore {
    /// The store underneath, which is whole.
    pub inner: Arc<dyn Store>,
    /// The damaged workspace.
    pub workspace: WorkspaceId,
    /// How much of it can be read.
    pub readable: Readable,
}

/// How much of a damaged workspace can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readable {
    /// The first entries of its log, so many.
    Entries(usize),
    /// Nothing that would make a document.
    Nothing,
}

impl DamagedStore {
    fn damage(&self) -> Damage {
        Damage {
            record: format!("log of {}", self.workspace),
            problem: "an entry does not match its checksum".to_owned(),
        }
    }
}

#[async_trait]
impl Store for DamagedStore {
    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
        let mut loaded = self.inner.load(ws).await?;
        if *ws == self.workspace {
            match self.readable {
                Readable::Entries(count) => loaded.tail.truncate(count),
                Readable::Nothing => return Err(StoreError::Failed("it is damaged".to_owned())),
            }
            loaded.damage = Some(self.damage());
        }
        Ok(loaded)
    }

    async fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        Ok(vec![self.damage()])
    }

    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError> {
        self.inner.import(record, contents).await
    }

    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError> {
        self.inner.record(ws).await
    }

    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError> {
        self.inner.list(after, limit).await
    }

    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError> {
        self.inner.set_record(record).await
    }

    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.inner.delete(ws).await
    }

    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        self.inner.append(ws, entries, expect).await
    }

    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>> {
        self.inner.follow(ws, from)
    }

    async fn records(
        &self,
        ws: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        self.inner.records(ws, after, limit).await
    }

    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError> {
        self.inner.put_snapshot(ws, snapshot).await
    }

    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        self.inner.archived(ws, from, limit).await
    }

    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError> {
        self.inner.expire_archive(before_ms).await
    }

    async fn put_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        self.inner.put_blob(ws, shelf, name, content).await
    }

    async fn blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Bytes>, StoreError> {
        self.inner.blob(ws, shelf, name).await
    }

    async fn blobs(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        self.inner.blobs(ws, shelf).await
    }

    async fn delete_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<(), StoreError> {
        self.inner.delete_blob(ws, shelf, name).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }
}
