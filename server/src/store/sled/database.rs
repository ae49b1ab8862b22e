//! The database: one sled tree, and how its records are read.
//!
//! A clone is a handle of its own: sled's handles may move between threads, not be shared.

use std::{
    any::Any,
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
    keys::{self, Key, Kind},
    metadata,
    record::{self, Unreadable},
};
use crate::store::{Damage, Entry, Seq, StoreError, WorkspaceRecord};

/// A leaf holds fewer records than this. Each commit rewrites the leaves that it touches, so
/// leaves are small.
const LEAF_FANOUT: usize = 32;

/// Sled's own flush timer is off: only the committer decides what becomes durable together.
/// (Without a timer sled would flush whenever a handle is dropped.)
const FLUSH_EVERY_MS: usize = 1000 * 60 * 60 * 24 * 365;

/// Records are small and each is compressed again with its neighbours: speed over ratio.
const ZSTD_LEVEL: i32 = 1;

/// How often, and how long apart, a database whose lock is about to go is tried.
const OPEN_TRIES: u32 = 100;
const OPEN_RETRY: Duration = Duration::from_millis(10);

type Sled = ::sled::Db<LEAF_FANOUT>;
type Raw = (InlineArray, InlineArray);

#[derive(Clone)]
pub(super) struct Database {
    // The default tree only: sled hangs while opening named ones if their list is damaged.
    sled: Sled,
    // Last, so that the lock outlives the database.
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
            ReadError::Database(error) => error.into(),
            ReadError::Damaged(damage) => {
                Self::Failed(format!("{}: {}", damage.record, damage.problem))
            }
        }
    }
}

/// What a failure of sled means to the caller.
impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("the database stopped: {error}; restart the server"))
    }
}

impl Database {
    /// Opens the database, recovering it if need be. Blocks.
    pub(super) fn open(dir: DataDir, cache_bytes: usize) -> Result<Self, OpenError> {
        let path = dir.path().to_owned();
        let damaged = |error: io::Error| OpenError::Damaged {
            dir: path,
            cause: error.to_string(),
        };
        let mut tries = 0;
        let sled = loop {
            match open_sled(&dir, cache_bytes) {
                // This process has the directory's lock, so sled's own lock is about to go: a
                // child process being started holds copies of open files for a moment.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && tries < OPEN_TRIES => {
                    tries += 1;
                    thread::sleep(OPEN_RETRY);
                }
                Err(error) => return Err(damaged(error)),
                Ok(sled) => break sled,
            }
        };
        let database = Self {
            sled,
            dir: Arc::new(dir),
        };
        match guarded(|| database.write_spacers()) {
            Ok(()) => Ok(database),
            Err(error) => Err(damaged(error)),
        }
    }

    fn write_spacers(&self) -> io::Result<()> {
        for kind in Kind::ALL {
            for spacer in keys::spacers(kind, LEAF_FANOUT as u8) {
                self.insert(&spacer, record::seal(&spacer, &()))?;
            }
        }
        self.flush()
    }

    pub(super) fn dir(&self) -> &DataDir {
        &self.dir
    }

    pub(super) fn insert(&self, key: &[u8], record: Vec<u8>) -> io::Result<()> {
        self.sled.insert(key, record).map(drop)
    }

    pub(super) fn remove(&self, key: &[u8]) -> io::Result<()> {
        self.sled.remove(key).map(drop)
    }

    /// Makes everything written so far durable.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.sled.flush().map(drop)
    }

    /// Keeps sled from ever flushing what is written: it does so when its last handle goes.
    pub(super) fn abandon(&self) {
        mem::forget(self.sled.clone());
        mem::forget(Arc::clone(&self.dir));
    }

    /// Reads the record under `key`.
    pub(super) fn read<T: DeserializeOwned>(&self, key: &[u8]) -> Result<T, ReadError> {
        match self.sled.get(key)? {
            Some(raw) => opened(key, &raw),
            None => Err(damaged(key, &Unreadable::Missing)),
        }
    }

    /// All records in key order.
    pub(super) fn all(&self) -> impl Iterator<Item = io::Result<Raw>> {
        self.sled.iter()
    }

    /// Records whose keys start with `prefix`, from `start` on. The range has no end bound, because
    /// sled reads every later leaf to find the end of a bounded one.
    pub(super) fn scan(
        &self,
        prefix: Vec<u8>,
        start: Vec<u8>,
    ) -> impl Iterator<Item = io::Result<Raw>> + use<> {
        self.sled
            .range::<Vec<u8>, _>(start..)
            .take_while(move |item| match item {
                Ok((key, _)) => key.starts_with(&prefix),
                Err(_) => true,
            })
    }

    /// The directory's record as stored; `None` when there is no such workspace.
    pub(super) fn raw_record(&self, ws: &WorkspaceId) -> io::Result<Option<InlineArray>> {
        self.sled.get(keys::prefix(Kind::Directory, ws))
    }

    pub(super) fn record(&self, ws: &WorkspaceId) -> Result<Option<WorkspaceRecord>, ReadError> {
        let key = keys::prefix(Kind::Directory, ws);
        self.sled
            .get(&key)?
            .map(|raw| opened(&key, &raw))
            .transpose()
    }

    /// The directory's records with ids after `after`, in id order.
    pub(super) fn records_after(
        &self,
        after: Option<&WorkspaceId>,
    ) -> impl Iterator<Item = Result<WorkspaceRecord, ReadError>> + use<> {
        let after = match after {
            Some(ws) => keys::prefix(Kind::Directory, ws),
            None => keys::first_of(Kind::Directory),
        };
        self.scan(vec![Kind::Directory as u8], after.clone())
            .filter(move |item| item.as_ref().map_or(true, |(key, _)| **key != *after))
            .map(|item| {
                let (key, raw) = item?;
                opened(&key, &raw)
            })
    }

    /// The last position of a workspace's log, trimmed entries counted; 0 before the first.
    pub(super) fn last_seq(&self, ws: &WorkspaceId) -> io::Result<Seq> {
        let last = self.sled.get_lt(keys::after(Kind::Log, ws))?;
        match last.and_then(|(key, _)| keys::parse(&key)) {
            Some(Key::Log(of, seq)) if of == *ws => Ok(seq),
            _ => Ok(self.newest_snapshot(ws, Seq::MAX)?.unwrap_or(0)),
        }
    }

    /// The position of the newest snapshot at or before `upto`.
    pub(super) fn newest_snapshot(&self, ws: &WorkspaceId, upto: Seq) -> io::Result<Option<Seq>> {
        let newest = self.sled.get_lt(keys::part(ws, upto, u32::MAX))?;
        match newest.and_then(|(key, _)| keys::parse(&key)) {
            Some(Key::Snapshot(of, upto, _)) if of == *ws => Ok(Some(upto)),
            _ => Ok(None),
        }
    }

    /// The log's entries after `from` in key order, holes and damaged ones included.
    pub(super) fn log_after(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> impl Iterator<Item = io::Result<(Seq, Result<Entry, Damage>)>> + use<> {
        let start = keys::at(Kind::Log, ws, from.saturating_add(1));
        self.scan(keys::prefix(Kind::Log, ws), start).map(|item| {
            let (key, raw) = item?;
            let Some(Key::Log(_, seq)) = keys::parse(&key) else {
                return Err(io::Error::other(keys::name(&key)));
            };
            let entry = record::open(&key, &raw).map_err(|problem| damage(&key, &problem));
            Ok((seq, entry))
        })
    }
}

impl Drop for Database {
    /// When its last handle goes, sled flushes, and aborts the process if that fails. So a failed
    /// database keeps one handle, and with it the lock.
    fn drop(&mut self) {
        if self.sled.check_error().is_err() {
            self.abandon();
        }
    }
}

fn open_sled(dir: &DataDir, cache_bytes: usize) -> io::Result<Sled> {
    let config = ::sled::Config::new()
        .path(dir.database())
        .cache_capacity_bytes(cache_bytes)
        .flush_every_ms(Some(FLUSH_EVERY_MS))
        .zstd_compression_level(ZSTD_LEVEL);
    guarded(|| {
        metadata::check(&dir.database())?;
        config.open()
    })
}

/// Turns a panic of sled into an error.
fn guarded<R>(f: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    catch_unwind(AssertUnwindSafe(f))
        .unwrap_or_else(|panic| Err(io::Error::other(panic_text(&*panic))))
}

/// Checks and decodes a record.
pub(super) fn opened<T: DeserializeOwned>(key: &[u8], raw: &[u8]) -> Result<T, ReadError> {
    record::open(key, raw).map_err(|problem| damaged(key, &problem))
}

pub(super) fn damaged(key: &[u8], problem: &Unreadable) -> ReadError {
    ReadError::Damaged(damage(key, problem))
}

fn damage(key: &[u8], problem: &Unreadable) -> Damage {
    Damage {
        record: keys::name(key),
        problem: problem.to_string(),
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}
