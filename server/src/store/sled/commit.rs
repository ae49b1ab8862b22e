//! Group commit: one thread takes everything that is queued, applies it in order, flushes once and
//! answers everybody.
//!
//! What sled 1.0.0-alpha.124 guarantees, as read in its source:
//! - A write belongs to the flush epoch that is current when it is made. `flush` ends the epoch,
//!   writes all of its leaves to free slots, syncs those files, then appends one checksummed frame
//!   that names the new slots to the metadata log, and syncs the log and its directory. Recovery
//!   takes whole frames and stops at the first torn one. So an epoch is durable as a whole once
//!   `flush` returns `Ok`, and not at all before its frame is complete.
//! - An epoch ends only in `flush`, and here only this thread writes and flushes (the timer is off).
//!   So everything that a group applies is one epoch: a crash leaves all of it or nothing.
//! - A slot is reused only after the frame that freed it is durable, so a torn last frame never
//!   points at overwritten leaves. (A frame lost earlier in the log would: see [`super::metadata`].)
//! - An error while flushing is final: the frame may or may not have reached the disk, sled refuses
//!   every later call, and a second `flush` would wait for ever. The answer to the group is
//!   "unknown", the database is left alone and opened anew (see [`super::revival`]).
//! - A commit syncs each slab file that it wrote to, the metadata log and its directory. Appends go
//!   to the right-most leaf, so a commit of appends writes to one slab file, or to two when the
//!   leaf splits, whatever the number of workspaces.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::{
    runtime::Runtime,
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    apply::{Answer, Command, Group},
    database::{Database, panic_text},
    faults::{Faults, Moment},
    logs::Logs,
    readers::{Readers, closed},
    renewal::Footprint,
    revival::Revival,
};
use crate::store::StoreError;

/// Commands that wait for a commit; more make their callers wait.
pub(super) const QUEUE_MAX: usize = 4096;

/// A commit that many share waits no longer than this for more to join.
const SPACING_MAX: Duration = Duration::from_millis(10);

/// A renewal waits no longer than this for the reads that are under way.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// A group takes commands until it passes this many bytes.
const GROUP_BYTES: usize = 8 * 1024 * 1024;

pub(super) struct Request {
    pub(super) command: Command,
    pub(super) reply: oneshot::Sender<Answer>,
}

/// How commits are paced and when they are refused.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// The least time between the starts of two commits.
    pub(super) spacing: Duration,
    /// Commits that take space are refused when less than this is left on the disk.
    pub(super) free_bytes_min: u64,
    pub(super) faults: Faults,
}

pub(super) struct Committer {
    /// `None` once it failed, until it is reopened.
    pub(super) db: Option<Database>,
    pub(super) logs: Arc<Logs>,
    pub(super) readers: Arc<Readers>,
    pub(super) queue: mpsc::Receiver<Request>,
    pub(super) pace: Pace,
    pub(super) revival: Revival,
    pub(super) footprint: Footprint,
    /// What the committer waits with.
    pub(super) clock: Runtime,
    pub(super) commits: Arc<AtomicU64>,
}

impl Committer {
    /// Commits until the queue is closed and empty, then lets go of the database.
    pub(super) fn run(mut self) {
        let mut next_start = Instant::now();
        while let Some(first) = self.next() {
            wait_until(next_start);
            let start = Instant::now();
            let group = self.gather(first);
            let shared = group.len() > 1;
            match self.reopen() {
                Ok(()) => self.commit(group),
                Err(error) => refuse(group, &error),
            }
            if self.footprint.is_large() {
                self.renew();
            }
            next_start = start + self.spacing(start.elapsed(), shared);
        }
        self.logs.forget_all();
    }

    /// The next request; `None` when the queue is closed and empty. Uses the time when none comes.
    fn next(&mut self) -> Option<Request> {
        if let Some(quiet) = self.footprint.quiet() {
            let next = async { timeout(quiet, self.queue.recv()).await };
            match self.clock.block_on(next) {
                Ok(request) => return request,
                Err(_) => self.renew(),
            }
        }
        self.queue.blocking_recv()
    }

    /// Opens the same files anew, so that the database gives its memory back. Between reads; when
    /// one takes too long, the next occasion will do.
    fn renew(&mut self) {
        self.footprint.clear();
        let readers = Arc::clone(&self.readers);
        let pause = async { timeout(PAUSE_MAX, readers.pause()).await };
        let Ok(Some(_pause)) = self.clock.block_on(pause) else {
            return;
        };
        if self.readers.failure().is_none() {
            self.readers.fail(renewing());
            if let Err(error) = self.reopen() {
                tracing::error!(%error, "the database did not open anew");
            }
        }
    }

    /// The least time from the start of a commit that took `took` to the next. A slow disk serves
    /// many best when each commit carries more; one writer alone never waits for that.
    fn spacing(&self, took: Duration, shared: bool) -> Duration {
        let longer = if shared {
            (took + took / 2).min(SPACING_MAX)
        } else {
            Duration::ZERO
        };
        self.pace.spacing.max(longer)
    }

    /// Opens the database anew if it has failed.
    fn reopen(&mut self) -> Result<(), StoreError> {
        let Some(error) = self.readers.failure() else {
            return Ok(());
        };
        let was_clean = match self.db.take() {
            Some(failed) if failed.is_dirty() => {
                self.revival.abandoned_one();
                false
            }
            Some(_) => true,
            None => false,
        };
        let logs = &self.logs;
        let db = self.revival.attempt(&error, |db| match was_clean {
            // A read failed between two commits: the index of the journal is right.
            true => Ok(()),
            false => logs.restart(db, db.journal()?),
        })?;
        self.readers.use_database(&db);
        self.db = Some(db);
        Ok(())
    }

    fn gather(&mut self, first: Request) -> Vec<Request> {
        let mut bytes = first.command.bytes();
        let mut group = vec![first];
        while bytes < GROUP_BYTES
            && let Ok(next) = self.queue.try_recv()
        {
            bytes += next.command.bytes();
            group.push(next);
        }
        self.footprint.add(bytes);
        group
    }

    /// Commits one group; after a failure the database is down.
    fn commit(&mut self, group: Vec<Request>) {
        let Some(db) = &self.db else {
            return refuse(group, &closed());
        };
        let group = self.refuse_when_full(group);
        let (commands, replies): (Vec<_>, Vec<_>) = group
            .into_iter()
            .map(|request| (request.command, request.reply))
            .unzip();
        let done = catch_unwind(AssertUnwindSafe(|| self.apply_and_flush(db, commands)));
        let error = match done {
            Ok(Ok(answers)) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    tell(reply, answer);
                }
                return;
            }
            Ok(Err(error)) => error,
            Err(panic) => io::Error::other(panic_text(&*panic)),
        };
        tracing::error!(%error, "the database stopped");
        // Half a group may be applied in memory: it must never be flushed, nor read.
        db.distrust();
        self.revival.stop_tidying();
        let error = StoreError::from(error);
        self.readers.fail(error.clone());
        for reply in replies {
            tell(reply, Err(error.clone()));
        }
    }

    fn apply_and_flush(&self, db: &Database, commands: Vec<Command>) -> io::Result<Vec<Answer>> {
        let mut group = Group::new(db, &self.logs);
        let answers = commands
            .into_iter()
            .map(|command| group.apply(command))
            .collect::<io::Result<_>>()?;
        if group.changed() {
            self.pace.faults.check(Moment::BeforeFlush)?;
            db.flush()?;
            self.pace.faults.check(Moment::AfterFlush)?;
            self.commits.fetch_add(1, Ordering::Relaxed);
        }
        group.publish();
        Ok(answers)
    }

    /// Answers those that would take the last space, and returns the others.
    fn refuse_when_full(&self, group: Vec<Request>) -> Vec<Request> {
        let dir = self.revival.dir();
        let full = match dir.free_bytes() {
            Ok(free) if free < self.pace.free_bytes_min => StoreError::Full(format!(
                "{free} bytes are free in {}, {} are needed",
                dir.path().display(),
                self.pace.free_bytes_min
            )),
            Ok(_) => return group,
            Err(error) => StoreError::Full(format!("its free space is unknown: {error}")),
        };
        let (kept, refused) = group
            .into_iter()
            .partition(|request| !request.command.takes_space());
        refuse(refused, &full);
        kept
    }
}

fn renewing() -> StoreError {
    StoreError::Failed("the database is being opened anew".to_owned())
}

fn wait_until(start: Instant) {
    let wait = start.saturating_duration_since(Instant::now());
    if !wait.is_zero() {
        thread::sleep(wait);
    }
}

fn refuse(group: Vec<Request>, error: &StoreError) {
    for request in group {
        tell(request.reply, Err(error.clone()));
    }
}

/// A caller that went away needs no answer.
fn tell(reply: oneshot::Sender<Answer>, answer: Answer) {
    drop(reply.send(answer));
}
