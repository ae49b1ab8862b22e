//! Opening the database, and opening it anew after it failed.
//!
//! A sled database that has failed cannot be closed: closing flushes what it holds, which may be
//! half a group, and aborts the process if that fails. So it is abandoned as it is, locks included,
//! and the next generation of the directory is opened in its place: sled's own recovery decides
//! what was durable. Whoever asks for something next causes the try, at most so often.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    SledConfig,
    data_dir::{DataDir, OpenError},
    database::Database,
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
            abandoned: 0,
            failed_tries: 0,
            last_try: None,
        }
    }

    pub(super) fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// Opens the newest generation and forgets older ones.
    pub(super) fn open_newest(&mut self) -> Result<(Database, Journal), OpenError> {
        let unusable = |cause| OpenError::Unusable {
            dir: self.dir.path().to_owned(),
            cause,
        };
        let newest = self.dir.newest_generation().map_err(unusable)?;
        let opened = self.open(newest)?;
        self.dir.keep_generation(newest);
        Ok(opened)
    }

    /// Tries to open the database anew, unless it was tried a moment ago.
    ///
    /// # Errors
    /// `error`, why the database is down, or why it stays so.
    pub(super) fn attempt(
        &mut self,
        error: &StoreError,
    ) -> Result<(Database, Journal), StoreError> {
        if self.abandoned >= ABANDONED_MAX {
            return Err(StoreError::Failed(format!(
                "{error}; it failed {ABANDONED_MAX} times, restart the server"
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
        let opened = match self.open(generation) {
            Ok(opened) => opened,
            Err(error) => {
                self.dir.remove_generation(generation);
                return Err(StoreError::Failed(error.to_string()));
            }
        };
        self.dir.keep_generation(generation);
        self.failed_tries = 0;
        self.abandoned += 1;
        tracing::warn!(generation, "the database is open again");
        Ok(opened)
    }

    fn open(&mut self, generation: u32) -> Result<(Database, Journal), OpenError> {
        let db = Database::open(&self.dir, generation, self.cache_bytes)?;
        match db.journal() {
            Ok(journal) => Ok((db, journal)),
            Err(error) => {
                db.abandon();
                self.abandoned += 1;
                Err(OpenError::Damaged {
                    dir: self.dir.database(generation),
                    cause: error.to_string(),
                })
            }
        }
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
