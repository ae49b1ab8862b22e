//! The database: four trees, and how their records are read.
//!
//! | tree | key | record |
//! |---|---|---|
//! | directory | workspace | [`WorkspaceRecord`] |
//! | log | workspace, position | [`Entry`] |
//! | snapshots | workspace, position, part | [`Header`](super::snapshot::Header), then chunks |
//! | archive | workspace, last position | [`Segment`](super::archive::Segment) |
//!
//! A clone is a handle of its own: sled's handles may move between threads, not be shared.

use std::{
    io, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::Duration,
};

use ::sled::InlineArray;
use crdt_schema::ids::WorkspaceId;
use serde::de::DeserializeOwned;

use super::{
    data_dir::{DataDir, OpenError},
    keys,
    record::{self, Unreadable},
};
use crate::store::{Damage, Entry, Seq, StoreError, WorkspaceRecord};

/// Records in one sled leaf. Each commit rewrites the leaves that it touches, so leaves are small.
const LEAF_FANOUT: usize = 32;

/// Sled's own flush timer is off: only the committer decides what becomes durable together.
/// (Without a timer sled would flush whenever a handle is dropped.)
const FLUSH_EVERY_MS: usize = 1000 * 60 * 60 * 24 * 365;

/// Entries are small and each is compressed again with its neighbours: speed over ratio.
const ZSTD_LEVEL: i32 = 1;

/// How often, and how long apart, a database whose lock is about to go is tried.
const OPEN_TRIES: u32 = 100;
const OPEN_RETRY: Duration = Duration::from_millis(10);

pub(super) type Tree = ::sled::Tree<LEAF_FANOUT>;

#[derive(Clone)]
pub(super) struct Trees {
    pub(super) directory: Tree,
    pub(super) log: Tree,
    pub(super) snapshots: Tree,
    pub(super) archive: Tree,
    // Last, so that the lock outlives the trees.
    dir: Arc<DataDir>,
}

/// Why a record was not read.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The database failed; from then on it refuses everything.
    Database(io::Error),
    /// This record alone is damaged.
    Damaged(Damage),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Database(error)
    }
}

impl From<ReadError> for StoreError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Database(error) => database_failed(&error),
            ReadError::Damaged(damage) => {
                Self::Failed(format!("{}: {}", damage.record, damage.problem))
            }
        }
    }
}

/// What a failure of sled means to the caller.
pub(super) fn database_failed(error: &io::Error) -> StoreError {
    StoreError::Failed(format!("the database stopped: {error}; restart the server"))
}

impl Trees {
    /// Opens the database, recovering it if need be. Blocks.
    pub(super) fn open(dir: DataDir, cache_bytes: usize) -> Result<Self, OpenError> {
        let damaged = |cause| OpenError::Damaged {
            dir: dir.path().to_owned(),
            cause,
        };
        let mut tries = 0;
        let [directory, log, snapshots, archive] = loop {
            match open_database(&dir, cache_bytes) {
                Ok(trees) => break trees,
                // This process has the directory's lock, so sled's own lock is about to go: a
                // child process being started holds copies of open files for a moment.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && tries < OPEN_TRIES => {
                    tries += 1;
                    thread::sleep(OPEN_RETRY);
                }
                Err(error) => return Err(damaged(error.to_string())),
            }
        };
        Ok(Self {
            directory,
            log,
            snapshots,
            archive,
            dir: Arc::new(dir),
        })
    }

    pub(super) fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// The directory's record as stored; `None` when there is no such workspace.
    pub(super) fn raw_record(&self, ws: &WorkspaceId) -> io::Result<Option<InlineArray>> {
        self.directory.get(keys::prefix(ws))
    }

    pub(super) fn record(&self, ws: &WorkspaceId) -> Result<Option<WorkspaceRecord>, ReadError> {
        let key = keys::prefix(ws);
        let Some(raw) = self.directory.get(&key)? else {
            return Ok(None);
        };
        let opened = record::open(&key, &raw);
        opened
            .map(Some)
            .map_err(|problem| damaged(directory_entry(ws), &problem))
    }

    /// The directory's records with ids after `after`, in id order.
    pub(super) fn records_after(
        &self,
        after: Option<&WorkspaceId>,
    ) -> impl Iterator<Item = Result<WorkspaceRecord, ReadError>> + use<> {
        let after = after.map(keys::prefix).unwrap_or_default();
        self.directory
            .range::<Vec<u8>, _>(after.clone()..)
            .filter(move |item| item.as_ref().map_or(true, |(key, _)| **key != *after))
            .map(|item| {
                let (key, raw) = item?;
                let name = || match keys::parse(&key) {
                    Some(key) => directory_entry(&key.ws),
                    None => format!("directory record {key:02x?}"),
                };
                record::open(&key, &raw).map_err(|problem| damaged(name(), &problem))
            })
    }

    /// Makes everything applied so far durable.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.log.flush().map(drop)
    }

    /// Keeps sled from ever flushing what is applied: it does so when its last handle goes.
    pub(super) fn abandon(&self) {
        mem::forget(self.log.clone());
        mem::forget(Arc::clone(&self.dir));
    }

    /// The last position of a workspace's log, trimmed entries counted; 0 before the first.
    pub(super) fn last_seq(&self, ws: &WorkspaceId) -> io::Result<Seq> {
        match last_under(&self.log, ws)? {
            Some(key) => Ok(key.seq.unwrap_or(0)),
            None => Ok(self.newest_snapshot(ws, Seq::MAX)?.unwrap_or(0)),
        }
    }

    /// The position of the newest snapshot at or before `upto`.
    pub(super) fn newest_snapshot(&self, ws: &WorkspaceId, upto: Seq) -> io::Result<Option<Seq>> {
        let end = keys::part(ws, upto, u32::MAX);
        let Some((key, _)) = self.snapshots.get_lt(end)? else {
            return Ok(None);
        };
        Ok(keys::parse(&key)
            .filter(|key| key.ws == *ws)
            .and_then(|key| key.seq))
    }

    /// The log's entries after `from` in key order, holes and damaged ones included.
    pub(super) fn log_after(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> impl Iterator<Item = io::Result<(Seq, Result<Entry, Damage>)>> {
        let name = |seq| log_entry(ws, seq);
        scan(&self.log, ws, keys::at(ws, from.saturating_add(1))).map(move |item| {
            let (key, raw) = item?;
            let seq = keys::parse(&key).and_then(|key| key.seq).unwrap_or(0);
            let entry = record::open(&key, &raw).map_err(|problem| Damage {
                record: name(seq),
                problem: problem.to_string(),
            });
            Ok((seq, entry))
        })
    }
}

impl Drop for Trees {
    /// When its last handle goes, sled flushes, and aborts the process if that fails. So a failed
    /// database keeps one handle, and with it the lock.
    fn drop(&mut self) {
        if self.log.check_error().is_err() {
            self.abandon();
        }
    }
}

fn open_database(dir: &DataDir, cache_bytes: usize) -> io::Result<[Tree; 4]> {
    let config = ::sled::Config::new()
        .path(dir.database())
        .cache_capacity_bytes(cache_bytes)
        .flush_every_ms(Some(FLUSH_EVERY_MS))
        .zstd_compression_level(ZSTD_LEVEL);
    let open = || {
        let db = config.open::<LEAF_FANOUT>()?;
        let trees = [
            db.open_tree("directory")?,
            db.open_tree("log")?,
            db.open_tree("snapshots")?,
            db.open_tree("archive")?,
        ];
        db.flush()?;
        Ok(trees)
    };
    catch_unwind(AssertUnwindSafe(open))
        .unwrap_or_else(|panic| Err(io::Error::other(panic_text(&*panic))))
}

/// Reads the record under `key` of `tree`, named `name` when it is damaged or missing.
pub(super) fn read<T: DeserializeOwned>(
    tree: &Tree,
    key: &[u8],
    name: impl FnOnce() -> String,
) -> Result<T, ReadError> {
    let opened = match tree.get(key)? {
        Some(raw) => record::open(key, &raw),
        None => Err(Unreadable::Missing),
    };
    opened.map_err(|problem| damaged(name(), &problem))
}

/// The workspace's records of `tree` from `start` on. The range has no end bound, because sled
/// reads every later leaf to find the end of a bounded one.
pub(super) fn scan(
    tree: &Tree,
    ws: &WorkspaceId,
    start: Vec<u8>,
) -> impl Iterator<Item = io::Result<(InlineArray, InlineArray)>> + use<> {
    let prefix = keys::prefix(ws);
    tree.range::<Vec<u8>, _>(start..)
        .take_while(move |item| match item {
            Ok((key, _)) => key.starts_with(&prefix),
            Err(_) => true,
        })
}

/// The last of the workspace's keys in `tree`.
pub(super) fn last_under(tree: &Tree, ws: &WorkspaceId) -> io::Result<Option<keys::Key>> {
    let Some((key, _)) = tree.get_lt(keys::part(ws, Seq::MAX, u32::MAX))? else {
        return Ok(None);
    };
    Ok(keys::parse(&key).filter(|key| key.ws == *ws && key.seq.is_some()))
}

pub(super) fn damaged(record: String, problem: &Unreadable) -> ReadError {
    ReadError::Damaged(Damage {
        record,
        problem: problem.to_string(),
    })
}

pub(super) fn directory_entry(ws: &WorkspaceId) -> String {
    format!("directory entry of workspace {ws}")
}

pub(super) fn log_entry(ws: &WorkspaceId, seq: Seq) -> String {
    format!("log entry {seq} of workspace {ws}")
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}
