//! The durable store on one machine, on sled.
//!
//! Invariant: a call answers `Ok` only after its write is on disk, and reads show only what is.
//! One thread writes ([`commit`]), bounded readers read; what sled guarantees, and what this
//! relies on, is written there. All workspaces share one [`journal`], so that a commit costs the
//! same however many of them it serves. When the database fails, it is opened anew ([`revival`]); so it is
//! from time to time to give memory back ([`renewal`]).
//! This module knows nothing about documents.

mod apply;
mod archive;
mod blobs;
mod chunks;
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
mod port;
mod readers;
mod record;
mod records;
mod renewal;
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

use crdt_schema::ids::WorkspaceId;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use self::{
    apply::Command,
    commit::{Committer, Pace, QUEUE_MAX, Request},
    data_dir::DataDir,
    database::Database,
    logs::Logs,
    readers::{Readers, closed},
    renewal::Footprint,
    revival::Revival,
    suspects::Suspects,
};
pub use self::{
    data_dir::OpenError,
    faults::{Faults, Moment},
    renewal::Renewal,
};
use super::StoreError;

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
    /// When the database gives back the memory of what it wrote.
    pub renewal: Renewal,
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
            renewal: Renewal::default(),
            reopen_delay: Duration::from_millis(100),
            faults: Faults::default(),
        }
    }
}

/// A [`Store`](super::Store) in a directory that it alone has open.
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
        let unusable = |cause| OpenError::Unusable {
            dir: config.dir.clone(),
            cause,
        };
        let clock = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
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
            clock: clock.map_err(unusable)?,
            footprint: Footprint::new(config.renewal.clone()),
            commits: Arc::clone(&commits),
        };
        let committer = thread::Builder::new()
            .name("store-commit".to_owned())
            .spawn(move || committer.run())
            .map_err(unusable)?;
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
