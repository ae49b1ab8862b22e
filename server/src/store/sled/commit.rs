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
//!   every later call, and a second `flush` would wait for ever. Such a database is left alone
//!   until the process restarts; the answer to the group is "unknown".

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};

use super::{
    apply::{Answer, Command, Group},
    database::{Database, panic_text},
    heads::Heads,
    readers::Failed,
};
use crate::store::StoreError;

/// Commands that wait for a commit; more make their callers wait.
pub(super) const QUEUE_MAX: usize = 4096;

/// A group takes commands until it passes this many bytes.
const GROUP_BYTES: usize = 8 * 1024 * 1024;

pub(super) struct Request {
    pub(super) command: Command,
    pub(super) reply: oneshot::Sender<Answer>,
}

/// How commits are paced and when they are refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The least time between the starts of two commits.
    pub(super) spacing: Duration,
    /// Commits that take space are refused when less than this is left on the disk.
    pub(super) free_bytes_min: u64,
}

pub(super) struct Committer {
    pub(super) db: Database,
    pub(super) heads: Arc<Heads>,
    pub(super) queue: mpsc::Receiver<Request>,
    pub(super) pace: Pace,
    pub(super) failed: Arc<Failed>,
}

impl Committer {
    /// Commits until the queue is closed and empty, then lets go of the database.
    pub(super) fn run(mut self) {
        let mut last_start = None;
        while let Some(first) = self.queue.blocking_recv() {
            if let Some(last_start) = last_start {
                wait_until(last_start + self.pace.spacing);
            }
            last_start = Some(Instant::now());
            let group = self.gather(first);
            match self.failed.get() {
                Some(error) => refuse(group, error),
                None => self.commit(group),
            }
        }
        self.heads.forget_all();
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
        group
    }

    /// Commits one group; a failure is final.
    fn commit(&self, group: Vec<Request>) {
        let group = self.refuse_when_full(group);
        let (commands, replies): (Vec<_>, Vec<_>) = group
            .into_iter()
            .map(|request| (request.command, request.reply))
            .unzip();
        let done = catch_unwind(AssertUnwindSafe(|| self.apply_and_flush(commands)));
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
        tracing::error!(%error, "the database stopped; nothing is written until a restart");
        // Half a group may be applied in memory: it must never be flushed.
        self.db.abandon();
        let error = self.failed.get_or_init(|| error.into());
        for reply in replies {
            tell(reply, Err(error.clone()));
        }
    }

    fn apply_and_flush(&self, commands: Vec<Command>) -> io::Result<Vec<Answer>> {
        let mut group = Group::new(&self.db, &self.heads);
        let answers = commands
            .into_iter()
            .map(|command| group.apply(command))
            .collect::<io::Result<_>>()?;
        if group.changed() {
            self.db.flush()?;
        }
        group.publish();
        Ok(answers)
    }

    /// Answers those that would take the last space, and returns the others.
    fn refuse_when_full(&self, group: Vec<Request>) -> Vec<Request> {
        let full = match self.db.dir().free_bytes() {
            Ok(free) if free < self.pace.free_bytes_min => StoreError::Full(format!(
                "{free} bytes are free in {}, {} are needed",
                self.db.dir().path().display(),
                self.pace.free_bytes_min
            )),
            Ok(_) => return group,
            Err(error) => StoreError::Full(format!("its free space is unknown: {error}")),
        };
        let (kept, refused) = group
            .into_iter()
            .partition(|request| request.command.frees_space());
        refuse(refused, &full);
        kept
    }
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
