//! The store port: one append-only log, snapshots and a directory entry per workspace.
//!
//! Invariant: when [`Store::append`] returns `Ok`, the entries survive a crash of the process and
//! of the machine, and every later [`Store::load`] returns them in log order. A store never
//! invents an empty workspace: what cannot be read is reported as damage.
//! The port knows nothing about documents: entries, records, snapshots, checkpoints and artifacts
//! are opaque bytes.

mod blob;
mod follow;
pub mod memory;
pub mod sled;

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::{MemberId, WorkspaceId};
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

pub use self::blob::{Contents, Shelf, artifact_hash};

/// Position of an entry in a workspace's log; the first entry has 1, 0 is "before all".
pub type Seq = u64;

/// One log entry: what a room made durable in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When the room took it in, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The edits, in the order in which they are applied.
    pub edits: Vec<Edit>,
    /// Records that belong to the edits, oldest first; see [`Store::records`].
    pub records: Vec<Bytes>,
}

/// One document update and the member who is answerable for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The writer; `None` for the server itself.
    pub by: Option<MemberId>,
    /// The update, in Yjs v1 encoding, already admitted by the gate.
    pub update: Bytes,
}

/// The document as of a log position, as one v1 update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last entry that the snapshot contains.
    pub upto: Seq,
    /// The state, in Yjs v1 encoding.
    pub state: Bytes,
    /// What the caller wants kept with it; may be empty.
    pub side: Bytes,
}

/// Everything needed to rebuild a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The newest readable snapshot.
    pub snapshot: Option<Snapshot>,
    /// The entries after it, in log order, without holes.
    pub tail: Vec<(Seq, Entry)>,
    /// What could not be read; a room with damage opens read-only at the last good state.
    pub damage: Option<Damage>,
}

/// A record that failed its checksum or is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Which record, in words an operator can act on.
    pub record: String,
    /// What is wrong with it.
    pub problem: String,
}

/// The directory's entry of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceRecord {
    /// Its id.
    pub id: WorkspaceId,
    /// Its title when last saved to the directory.
    pub title: String,
    /// Random id of this document's history, made once.
    pub lineage: String,
    /// Milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// Milliseconds since the Unix epoch of the last recorded change.
    pub updated_ms: u64,
    /// Who made it.
    pub created_by: MemberId,
    /// Hidden from lists and read-only.
    pub archived: bool,
}

/// Why the store did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// No such workspace.
    #[error("no such workspace")]
    NotFound,
    /// The workspace exists already.
    #[error("the workspace exists already")]
    Exists,
    /// Compare-and-set lost: the log is at `at`, not where the caller expected.
    #[error("the log is at {at}, not where it was expected")]
    Conflict {
        /// The log's position.
        at: Seq,
    },
    /// The disk is full; nothing was written.
    #[error("the disk is full: {0}")]
    Full(String),
    /// One record is larger than a store takes; nothing was written.
    #[error("{bytes} bytes in one record, the limit is {limit}")]
    TooLarge {
        /// The record's size in bytes.
        bytes: usize,
        /// The largest size in bytes that the store takes.
        limit: usize,
    },
    /// A name, or what is to be stored under it, is not as it must be; nothing was written.
    #[error("{0}")]
    Unfit(String),
    /// Anything else; it is unknown whether the write survives, so the caller must reload.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Where logs, snapshots and the directory live. Every adapter passes one contract suite.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Adds a workspace to the directory, with the first entries of its log, atomically.
    async fn create(&self, record: WorkspaceRecord, first: Vec<Entry>) -> Result<(), StoreError> {
        let contents = Contents {
            entries: first,
            ..Contents::default()
        };
        self.import(record, contents).await
    }
    /// Adds a workspace to the directory, with all that it starts with, atomically.
    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError>;
    /// The directory's entry of `ws`.
    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError>;
    /// Up to `limit` directory entries with ids after `after`, in id order.
    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError>;
    /// Replaces the directory's entry.
    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError>;
    /// Removes the workspace and everything that is kept for it.
    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError>;

    /// Appends `entries` durably, all or none, and returns the position of the last one.
    /// With `expect`, only if the log's last position is `expect`.
    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError>;
    /// The newest readable snapshot and the entries after it.
    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError>;
    /// Entries after `from`, first those stored and then those appended from now on.
    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>>;
    /// Up to `limit` records after number `after`. All records that entries ever brought are kept,
    /// numbered from 1 in log order without holes. Fewer come back before one that cannot be read.
    async fn records(
        &self,
        ws: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError>;
    /// Stores a snapshot that the caller has verified, moves the entries it covers to the archive
    /// and drops them from the log, atomically.
    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError>;
    /// Archived entries after `from`, oldest first, as far back as retention reaches.
    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError>;
    /// Drops archive segments that ended before `before_ms` (milliseconds since the Unix epoch).
    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError>;

    /// Stores `content` under `name`, once: the same content again changes nothing, other content
    /// is refused with [`StoreError::Exists`].
    ///
    /// # Errors
    /// [`StoreError::Unfit`] when the shelf takes no such name, or not for this content.
    async fn put_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
        content: Bytes,
    ) -> Result<(), StoreError>;
    /// What is stored under `name`.
    async fn blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Bytes>, StoreError>;
    /// All names on the shelf, in order, each with its content's size in bytes.
    async fn blobs(&self, ws: &WorkspaceId, shelf: Shelf)
    -> Result<Vec<(String, u64)>, StoreError>;
    /// Removes what is stored under `name`, if anything is.
    async fn delete_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<(), StoreError>;

    /// Stores a checkpoint; see [`Self::put_blob`].
    async fn put_checkpoint(
        &self,
        ws: &WorkspaceId,
        id: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        self.put_blob(ws, Shelf::Checkpoint, id, content).await
    }
    /// The checkpoint `id`.
    async fn checkpoint(&self, ws: &WorkspaceId, id: &str) -> Result<Option<Bytes>, StoreError> {
        self.blob(ws, Shelf::Checkpoint, id).await
    }
    /// The ids of all checkpoints, in order.
    async fn checkpoints(&self, ws: &WorkspaceId) -> Result<Vec<String>, StoreError> {
        let blobs = self.blobs(ws, Shelf::Checkpoint).await?;
        Ok(blobs.into_iter().map(|(id, _)| id).collect())
    }
    /// Removes a checkpoint, if it is there.
    async fn delete_checkpoint(&self, ws: &WorkspaceId, id: &str) -> Result<(), StoreError> {
        self.delete_blob(ws, Shelf::Checkpoint, id).await
    }
    /// Stores an artifact under its [`artifact_hash`]; see [`Self::put_blob`].
    async fn put_artifact(
        &self,
        ws: &WorkspaceId,
        hash: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        self.put_blob(ws, Shelf::Artifact, hash, content).await
    }
    /// The artifact with this hash.
    async fn artifact(&self, ws: &WorkspaceId, hash: &str) -> Result<Option<Bytes>, StoreError> {
        self.blob(ws, Shelf::Artifact, hash).await
    }
    /// The hashes of all artifacts, in order, each with its size in bytes.
    async fn artifacts(&self, ws: &WorkspaceId) -> Result<Vec<(String, u64)>, StoreError> {
        self.blobs(ws, Shelf::Artifact).await
    }
    /// Removes an artifact, if it is there.
    async fn delete_artifact(&self, ws: &WorkspaceId, hash: &str) -> Result<(), StoreError> {
        self.delete_blob(ws, Shelf::Artifact, hash).await
    }

    /// Checks every record and names the damaged ones.
    async fn verify(&self) -> Result<Vec<Damage>, StoreError>;
    /// Makes everything durable and releases the files.
    async fn close(&self) -> Result<(), StoreError>;
}
