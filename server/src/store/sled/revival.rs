//! Opening the database, and opening it anew after it failed.
//!
//! A sled database in which a commit has failed cannot be closed: closing flushes what it holds,
//! which may be half a group, and aborts the process if that fails. So it is abandoned as it is,
//! locks included, and the next generation of the directory is opened in its place: sled's own
//! recovery decides what was durable. Whoever asks for something next causes the try, at most so
//! often.
//!
//! A block that cannot be read fails the database too. Then the index of the journal is still right
//! and is kept, and what asked for the block is remembered (see [`super::suspects`]). Three kinds of
//! damaged blocks are beyond that: a block of the journal when the store starts or a commit fails,
//! and the journal's last block at any time, leave the store closed until it is restored from a
//! backup; a block of the directory makes listing fail, while other calls work.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    SledConfig,
    data_dir::{DataDir, OpenError},
    database::{Database, Tidying},
    faults::{Faults, Moment},
    journal::Journal,
};
use crate::store::StoreError;

/// An abandoned database keeps its files and its cache until the process ends.
const ABANDONED_MAX: u32 = 8;

/// The delay between tries grows up to this many times the first.
const DELAY_FACTOR_MAX: u32 = 100;

pub(super) struct Revival {
    dir: Arc<DataDir>,
    cache_bytes: usize,
    delay: Duration,
    faults: Faults,
    tidying: Tidying,
    /// Databases given up so far.
    abandoned: u32,
    failed_tries: u32,
    last_try: Option<Instant>,
}

impl Revival {
    pub(super) fn new(dir: DataDir, config: &SledConfig) -> Self {
        Self {
            dir: Arc::new(dir),
            cache_bytes: config.cache_bytes,
            delay: config.reopen_delay,
            faults: config.faults.clone(),
            tidying: Tidying::On,
            abandoned: 0,
            failed_tries: 0,
            last_try: None,
        }
    }

    pub(super) fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// Opens the newest generation and forgets older ones.
    pub(super) fn open_newest(&self) -> Result<(Database, Journal), OpenError> {
        let newest = self
            .dir
            .newest_generation()
            .map_err(|cause| OpenError::Unusable {
                dir: self.dir.path().to_owned(),
                cause,
            })?;
        let db = Database::open(&self.dir, newest, self.cache_bytes, self.tidying)?;
        let journal = db.journal().map_err(|error| OpenError::Damaged {
            dir: self.dir.database(newest),
            cause: error.to_string(),
        })?;
        self.dir.keep_generation(newest);
        Ok((db, journal))
    }

    /// Databases are not tidied from now on: a commit failed, perhaps because of a block that it
    /// need not have read.
    pub(super) fn stop_tidying(&mut self) {
        self.tidying = Tidying::Off;
    }

    /// Notes that a database stays behind, unflushed.
    pub(super) fn abandoned_one(&mut self) {
        self.abandoned += 1;
    }

    /// Tries to open the database anew, unless it was tried a moment ago. `accept` sees it first.
    ///
    /// # Errors
    /// `error`, why the database is down, or why it stays so.
    pub(super) fn attempt(
        &mut self,
        error: &StoreError,
        accept: impl FnOnce(&Database) -> io::Result<()>,
    ) -> Result<Database, StoreError> {
        if self.abandoned > ABANDONED_MAX {
            return Err(StoreError::Failed(format!(
                "{error}; too many commits failed, restart the server"
            )));
        }
        let wait = self.delay * self.delay_factor();
        if self.last_try.is_some_and(|last| last.elapsed() < wait) {
            return Err(error.clone());
        }
        self.last_try = Some(Instant::now());
        self.failed_tries += 1;
        self.faults.check(Moment::Reopening)?;
        self.dir.probe()?;
        let generation = self.dir.next_generation()?;
        let db = self.open(generation, accept).inspect_err(|_| {
            self.dir.remove_generation(generation);
        })?;
        self.dir.keep_generation(generation);
        self.failed_tries = 0;
        tracing::info!(generation, "the database is open again");
        Ok(db)
    }

    fn open(
        &self,
        generation: u32,
        accept: impl FnOnce(&Database) -> io::Result<()>,
    ) -> Result<Database, StoreError> {
        let db = Database::open(&self.dir, generation, self.cache_bytes, self.tidying)
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        accept(&db)?;
        Ok(db)
    }

    /// A first try is made at once.
    fn delay_factor(&self) -> u32 {
        match self.failed_tries {
            0 => 0,
            tries => 1u32
                .checked_shl(tries - 1)
                .map_or(DELAY_FACTOR_MAX, |factor| factor.min(DELAY_FACTOR_MAX)),
        }
    }
}
