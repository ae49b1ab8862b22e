//! The durable store on one machine, on sled.
//!
//! Invariant: a call answers `Ok` only after its write is on disk, and reads show only what is.
//! One thread writes ([`commit`]), bounded readers read; what sled guarantees, and what this
//! relies on, is written there. All workspaces share one [`journal`], so that a commit costs the
//! same however many of them it serves. When the database fails, it is opened anew ([`revival`]).
//! This module knows nothing about documents.

mod apply;
mod archive;
mod commit;
mod data_dir;
mod database;
mod entry;
mod faults;
mod journal;
mod keys;
mod load;
mod logs;
mod metadata;
mod readers;
mod record;
mod revival;
mod snapshot;
mod suspects;
mod verify;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use self::{
    apply::Command,
    commit::{Committer, Pace, QUEUE_MAX, Request},
    data_dir::DataDir,
    database::{Database, ReadError},
    entry::entry_bytes,
    logs::Logs,
    readers::{Readers, closed},
    revival::Revival,
    suspects::Suspects,
};
pub use self::{
    data_dir::OpenError,
    faults::{Faults, Moment},
};
use super::{
    Contents, Damage, Entry, Loaded, Seq, Shelf, Snapshot, Store, StoreError, WorkspaceRecord,
    follow::{self, FOLLOW_PAGE},
};

/// The largest entry that is stored, in bytes.
pub const ENTRY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Where the store is and how it commits.
#[derive(Debug, Clone)]
pub struct SledConfig {
    /// The store's own directory; made if it does not exist.
    pub dir: PathBuf,
    /// The least time between the starts of two commits. An idle store commits at once; a busy one
    /// gathers writes for so long, or longer while commits are slow. Default 2 ms.
    pub commit_spacing: Duration,
    /// Writes are refused as [`StoreError::Full`] when fewer bytes are free on the disk, so that
    /// the database never meets a full one. Default 64 MiB.
    pub free_bytes_min: u64,
    /// Memory for the database's cache, in bytes. Default 16 MiB.
    pub cache_bytes: usize,
    /// How long a failed database is left alone after a try to reopen it that failed; doubles with
    /// each, up to a hundredfold. Default 100 ms.
    pub reopen_delay: Duration,
    /// Failures on demand, for tests. Default none.
    pub faults: Faults,
}

impl SledConfig {
    /// The defaults, for a store in `dir`.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            commit_spacing: Duration::from_millis(2),
            free_bytes_min: 64 * 1024 * 1024,
            cache_bytes: 16 * 1024 * 1024,
            reopen_delay: Duration::from_millis(100),
            faults: Faults::default(),
        }
    }
}

/// A [`Store`] in a directory that it alone has open.
pub struct SledStore {
    readers: Arc<Readers>,
    logs: Arc<Logs>,
    suspects: Suspects,
    commits: Arc<AtomicU64>,
    // Both are taken by `close`; neither lock is held across an await.
    queue: Mutex<Option<mpsc::Sender<Request>>>,
    committer: Mutex<Option<thread::JoinHandle<()>>>,
}

impl SledStore {
    /// Opens or makes the store. Blocks while the database recovers.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(config: &SledConfig) -> Result<Self, OpenError> {
        let revival = Revival::new(DataDir::open(&config.dir)?, config);
        let (db, journal) = revival.open_newest()?;
        let (queue, requests) = mpsc::channel(QUEUE_MAX);
        let readers = Arc::new(Readers::new(&db, queue.downgrade()));
        let logs = Arc::new(Logs::new(journal));
        let commits = Arc::default();
        let committer = Committer {
            db: Some(db),
            logs: Arc::clone(&logs),
            readers: Arc::clone(&readers),
            queue: requests,
            pace: Pace {
                spacing: config.commit_spacing,
                free_bytes_min: config.free_bytes_min,
                faults: config.faults.clone(),
            },
            revival,
            commits: Arc::clone(&commits),
        };
        let committer = thread::Builder::new()
            .name("store-commit".to_owned())
            .spawn(move || committer.run())
            .map_err(|cause| OpenError::Unusable {
                dir: config.dir.clone(),
                cause,
            })?;
        Ok(Self {
            readers,
            logs,
            suspects: Suspects::default(),
            commits,
            queue: Mutex::new(Some(queue)),
            committer: Mutex::new(Some(committer)),
        })
    }

    /// How many commits reached the disk since the store was opened.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    async fn commit(&self, command: Command) -> Result<u64, StoreError> {
        if let Some(ws) = command.workspace() {
            self.suspects.beside(ws)?;
        }
        let queue = self.queue.lock().clone().ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        queue
            .send(Request { command, reply })
            .await
            .map_err(|_| closed())?;
        drop(queue);
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    async fn read<R: Send + 'static>(
        &self,
        ws: &WorkspaceId,
        f: impl FnOnce(&Database, &Logs, &WorkspaceId) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let beside = self.suspects.beside(ws)?;
        let (logs, name) = (Arc::clone(&self.logs), ws.clone());
        let read = self
            .readers
            .run_beside(beside, move |db| f(db, &logs, &name))
            .await;
        self.suspects.judge(ws, beside, read)
    }
}

#[async_trait]
impl Store for SledStore {
    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError> {
        check_sizes(&contents.entries)?;
        let first = contents.entries;
        self.commit(Command::Create { record, first })
            .await
            .map(drop)
    }

    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError> {
        self.read(ws, |db, logs, ws| {
            let record = db.record(ws)?.filter(|_| !logs.is_creating(ws));
            record.ok_or(StoreError::NotFound)
        })
        .await
    }

    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError> {
        let (logs, after) = (Arc::clone(&self.logs), after.cloned());
        self.readers
            .run(move |db| {
                let records = db.records_after(after.as_ref());
                let readable = records.filter_map(|record| match record {
                    Ok(record) => (!logs.is_creating(&record.id)).then_some(Ok(record)),
                    Err(ReadError::Damaged(Damage { record, problem })) => {
                        tracing::error!(record, problem, "left out of the list");
                        None
                    }
                    Err(error) => Some(Err(error.into())),
                });
                readable.take(limit).collect()
            })
            .await
    }

    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError> {
        self.commit(Command::SetRecord(record)).await.map(drop)
    }

    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.commit(Command::Delete(ws.clone())).await.map(drop)
    }

    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        check_sizes(&entries)?;
        self.commit(Command::Append {
            ws: ws.clone(),
            entries,
            expect,
        })
        .await
    }

    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
        self.read(ws, load::load).await
    }

    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>> {
        let (readers, logs, ws) = (
            Arc::clone(&self.readers),
            Arc::clone(&self.logs),
            ws.clone(),
        );
        let open = async move {
            let (seen, name) = (Arc::clone(&logs), ws.clone());
            let head = readers
                .run(move |db| seen.watch(db, &name)?.ok_or(StoreError::NotFound))
                .await;
            let head = match head {
                Ok(head) => head,
                Err(error) => return follow::failed(error),
            };
            follow::stream(from, head, move |after| {
                let (readers, logs, ws) = (Arc::clone(&readers), Arc::clone(&logs), ws.clone());
                async move {
                    let read = move |db: &Database| {
                        load::entries_after(db, &logs, &ws, after, FOLLOW_PAGE)
                    };
                    readers.run(read).await
                }
            })
        };
        stream::once(open).flatten().boxed()
    }

    async fn records(
        &self,
        _: &WorkspaceId,
        _: u64,
        _: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        Err(soon())
    }

    async fn put_blob(
        &self,
        _: &WorkspaceId,
        _: Shelf,
        _: &str,
        _: Bytes,
    ) -> Result<(), StoreError> {
        Err(soon())
    }

    async fn blob(&self, _: &WorkspaceId, _: Shelf, _: &str) -> Result<Option<Bytes>, StoreError> {
        Err(soon())
    }

    async fn blobs(&self, _: &WorkspaceId, _: Shelf) -> Result<Vec<(String, u64)>, StoreError> {
        Err(soon())
    }

    async fn delete_blob(&self, _: &WorkspaceId, _: Shelf, _: &str) -> Result<(), StoreError> {
        Err(soon())
    }

    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError> {
        let prepared = self
            .read(ws, move |db, logs, ws| {
                load::prepare_snapshot(db, logs, ws, &snapshot)
            })
            .await?;
        self.commit(Command::PutSnapshot(Box::new(prepared)))
            .await
            .map(drop)
    }

    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        self.read(ws, move |db, logs, ws| {
            logs.head(db, ws)?.ok_or(StoreError::NotFound)?;
            Ok(archive::after(db, ws, from, limit)?)
        })
        .await
    }

    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError> {
        let keys = self
            .readers
            .run(move |db| Ok(archive::expired(db, before_ms)?))
            .await?;
        if keys.is_empty() {
            return Ok(0);
        }
        self.commit(Command::ExpireArchive { before_ms, keys })
            .await
    }

    async fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        let logs = Arc::clone(&self.logs);
        self.readers.run(move |db| verify::verify(db, &logs)).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        drop(self.queue.lock().take());
        let committer = self.committer.lock().take();
        if let Some(committer) = committer {
            let joined = tokio::task::spawn_blocking(move || committer.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                return Err(StoreError::Failed(
                    "the committer did not end cleanly".to_owned(),
                ));
            }
        }
        self.readers.close().await;
        Ok(())
    }
}

fn soon() -> StoreError {
    StoreError::Failed("this store keeps no records yet".to_owned())
}

fn check_sizes(entries: &[Entry]) -> Result<(), StoreError> {
    let largest = entries.iter().map(entry_bytes).max().unwrap_or(0);
    if largest > ENTRY_BYTES_MAX {
        return Err(StoreError::TooLarge {
            bytes: largest,
            limit: ENTRY_BYTES_MAX,
        });
    }
    Ok(())
}
