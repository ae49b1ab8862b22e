//! The database: one sled tree, and how its records are read.
//!
//! A clone is a handle of its own: sled's handles may move between threads, not be shared.

use std::{
    any::Any,
    io, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use ::sled::InlineArray;
use crdt_schema::ids::WorkspaceId;
use serde::de::DeserializeOwned;

use super::{
    data_dir::{DataDir, OpenError},
    journal::Journal,
    keys::{self, Key, Kind},
    metadata,
    record::{self, Unreadable},
};
use crate::store::{Damage, Seq, StoreError, WorkspaceRecord};

/// A leaf holds fewer records than this. Each commit rewrites the leaves that it touches, so
/// leaves are small.
const LEAF_FANOUT: usize = 64;

/// Sled's own flush timer is off: only the committer decides what becomes durable together.
/// (Without a timer sled would flush whenever a handle is dropped.)
const FLUSH_EVERY_MS: usize = 1000 * 60 * 60 * 24 * 365 * 100;

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
    generation: u32,
    /// Whether there are writes that no flush made durable.
    dirty: Arc<AtomicBool>,
    // Last, so that the lock outlives the database.
    #[expect(dead_code, reason = "it is held for its lock")]
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

/// Whether flushes also move blocks together, so that files with holes get smaller. Sled reads those
/// blocks, and if one of them is damaged the flush fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tidying {
    On,
    Off,
}

/// What a failure of sled means to the caller.
impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("the database stopped: {error}"))
    }
}

impl Database {
    /// Opens a generation of the database, recovering it if need be. Blocks.
    pub(super) fn open(
        dir: &Arc<DataDir>,
        generation: u32,
        cache_bytes: usize,
        tidying: Tidying,
    ) -> Result<Self, OpenError> {
        let path = dir.database(generation);
        let damaged = |error: io::Error| OpenError::Damaged {
            dir: path.clone(),
            cause: error.to_string(),
        };
        let mut tries = 0;
        let sled = loop {
            match open_sled(&path, cache_bytes, tidying) {
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
            generation,
            dirty: Arc::default(),
            dir: Arc::clone(dir),
        };
        match guarded(|| database.write_spacers()) {
            Ok(()) => Ok(database),
            Err(error) => Err(damaged(error)),
        }
    }

    /// Writes the spacers that are not there. A flush makes sled read blocks at its own choice, and
    /// one of them may be damaged; so nothing is flushed without need.
    fn write_spacers(&self) -> io::Result<()> {
        for kind in Kind::ALL {
            for spacer in keys::spacers(kind, LEAF_FANOUT as u8) {
                let record = record::seal(&spacer, &());
                if self.raw(&spacer)?.is_none_or(|stored| *stored != *record) {
                    self.insert(&spacer, record)?;
                }
            }
        }
        match self.is_dirty() {
            true => self.flush(),
            false => Ok(()),
        }
    }

    /// Reads where the journal's entries are.
    pub(super) fn journal(&self) -> io::Result<Journal> {
        guarded(|| {
            let mut journal = Journal::default();
            for item in self.scan(vec![Kind::Journal as u8], keys::first_of(Kind::Journal)) {
                let (key, _) = item?;
                if let Some(Key::Journal { ws, slot, .. }) = keys::parse(&key) {
                    journal.found(ws, slot);
                }
            }
            Ok(journal)
        })
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// What made sled refuse all further calls, if it does.
    pub(super) fn check(&self) -> io::Result<()> {
        self.sled.check_error()
    }

    /// Whether it holds writes that no flush made durable.
    pub(super) fn is_dirty(&self) -> bool {
        self.dirty.load(Ordering::SeqCst)
    }

    pub(super) fn insert(&self, key: &[u8], record: Vec<u8>) -> io::Result<()> {
        self.dirty.store(true, Ordering::SeqCst);
        self.sled.insert(key, record).map(drop)
    }

    pub(super) fn remove(&self, key: &[u8]) -> io::Result<()> {
        self.dirty.store(true, Ordering::SeqCst);
        self.sled.remove(key).map(drop)
    }

    /// Treats it as dirty from now on: a commit failed, and what it left is not to be relied on.
    pub(super) fn distrust(&self) {
        self.dirty.store(true, Ordering::SeqCst);
    }

    /// Makes everything written so far durable.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.sled.flush()?;
        self.dirty.store(false, Ordering::SeqCst);
        Ok(())
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

    /// The record under `key` as stored, if there is one.
    pub(super) fn raw(&self, key: &[u8]) -> io::Result<Option<InlineArray>> {
        self.sled.get(key)
    }

    /// The directory's record as stored; `None` when there is no such workspace.
    pub(super) fn raw_record(&self, ws: &WorkspaceId) -> io::Result<Option<InlineArray>> {
        self.raw(&keys::prefix(Kind::Directory, ws))
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

    /// The number of the last record that left the log; 0 if none did.
    pub(super) fn last_record(&self, ws: &WorkspaceId) -> io::Result<u64> {
        let last = self.sled.get_lt(keys::record(ws, u64::MAX))?;
        match last.and_then(|(key, _)| keys::parse(&key)) {
            Some(Key::Record(of, number)) if of == *ws => Ok(number),
            _ => Ok(0),
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
}

impl Drop for Database {
    /// When its last handle goes, sled flushes, which must not happen to half a group, and aborts
    /// the process if that fails. So a database with writes that were not flushed keeps a handle,
    /// and with it its files and its cache, until the process ends.
    fn drop(&mut self) {
        if self.is_dirty() {
            mem::forget(self.sled.clone());
        }
    }
}

fn open_sled(path: &Path, cache_bytes: usize, tidying: Tidying) -> io::Result<Sled> {
    let mut config = ::sled::Config::new()
        .path(path)
        .cache_capacity_bytes(cache_bytes)
        .flush_every_ms(Some(FLUSH_EVERY_MS))
        .zstd_compression_level(ZSTD_LEVEL);
    match tidying {
        Tidying::On => {}
        Tidying::Off => config.target_heap_file_fill_ratio = 0.0,
    }
    guarded(|| {
        metadata::check(path)?;
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

/// The damage of an entry that should be in a log.
pub(super) fn missing_entry(ws: &WorkspaceId, seq: Seq) -> Damage {
    Damage {
        record: keys::entry_name(ws, seq),
        problem: Unreadable::Missing.to_string(),
    }
}

/// The damage of a record that should be there.
pub(super) fn missing(key: &[u8]) -> Damage {
    damage(key, &Unreadable::Missing)
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}
