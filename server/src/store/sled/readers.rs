//! Blocking reads, a bounded number at a time, away from the async threads.

use std::{io, mem, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{
    apply::Command,
    commit::Request,
    database::{Database, panic_text},
};
use crate::store::StoreError;

/// Reads that run at once; more wait their turn.
const READERS_MAX: u32 = 8;

pub(super) struct Readers {
    permits: Arc<Semaphore>,
    // Held for one synchronous step at a time, never across an await.
    state: Arc<Mutex<State>>,
    /// Where a store that failed is asked to come back.
    queue: mpsc::WeakSender<Request>,
}

/// What else may be read at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Others,
    Nobody,
}

/// Whether the database still works after a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handle {
    Works,
    Failed,
}

/// A read that did not succeed.
pub(super) struct Broken {
    pub(super) handle: Handle,
    pub(super) error: StoreError,
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self {
            handle: Handle::Works,
            error,
        }
    }
}

enum State {
    /// One handle per permit: who holds a permit finds a handle.
    Up {
        generation: u32,
        idle: Vec<Database>,
    },
    Down(StoreError),
}

impl Readers {
    pub(super) fn new(db: &Database, queue: mpsc::WeakSender<Request>) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(READERS_MAX as usize)),
            state: Arc::new(Mutex::new(State::up(db))),
            queue,
        }
    }

    /// Runs `f` on a blocking thread. A store that failed is reopened first if it can be.
    ///
    /// # Errors
    /// What `f` answers, and [`StoreError::Failed`] when the store is closed or has failed, or when
    /// `f` panics.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        f: impl FnOnce(&Database) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let read = self.run_beside(Beside::Others, f).await;
        read.map_err(|Broken { error, .. }| error)
    }

    /// Runs `f` as [`Self::run`] does, alone if so wanted, and tells whether the database failed.
    pub(super) async fn run_beside<R: Send + 'static>(
        &self,
        beside: Beside,
        f: impl FnOnce(&Database) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, Broken> {
        let permits = match beside {
            Beside::Others => 1,
            Beside::Nobody => READERS_MAX,
        };
        let permit = Arc::clone(&self.permits)
            .acquire_many_owned(permits)
            .await
            .map_err(|_| closed())?;
        if self.failure().is_some() {
            self.ask_for_reopening().await?;
        }
        let state = Arc::clone(&self.state);
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut lent = Lent::take(state)?;
            let answer = lent.db.as_ref().map_or_else(|| Err(closed()), f);
            let handle = lent.give_back()?;
            answer.map_err(|error| Broken { handle, error })
        });
        read.await.unwrap_or_else(|error| {
            let text = match error.try_into_panic() {
                Ok(panic) => panic_text(&*panic),
                Err(error) => error.to_string(),
            };
            let error = StoreError::Failed(format!("a read of the database failed: {text}"));
            Err(error.into())
        })
    }

    /// Why the database is down, if it is.
    pub(super) fn failure(&self) -> Option<StoreError> {
        match &*self.state.lock() {
            State::Up { .. } => None,
            State::Down(error) => Some(error.clone()),
        }
    }

    /// Refuses reads from now on.
    pub(super) fn fail(&self, error: StoreError) {
        drop(mem::replace(&mut *self.state.lock(), State::Down(error)));
    }

    /// Reads from `db` from now on.
    pub(super) fn use_database(&self, db: &Database) {
        drop(mem::replace(&mut *self.state.lock(), State::up(db)));
    }

    /// Waits for the reads under way, refuses later ones and lets go of the database.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(READERS_MAX).await {
            self.permits.close();
            drop(all);
        }
        let state = mem::replace(&mut *self.state.lock(), State::Down(closed()));
        drop(tokio::task::spawn_blocking(move || drop(state)).await);
    }

    /// Waits for the reads under way; others wait while what is returned is held. `None` when the
    /// store is closed.
    pub(super) async fn pause(&self) -> Option<OwnedSemaphorePermit> {
        let all = Arc::clone(&self.permits).acquire_many_owned(READERS_MAX);
        all.await.ok()
    }

    async fn ask_for_reopening(&self) -> Result<(), StoreError> {
        let queue = self.queue.upgrade().ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        let command = Command::Nothing;
        queue
            .send(Request { command, reply })
            .await
            .map_err(|_| closed())?;
        drop(queue);
        answer.await.unwrap_or_else(|_| Err(closed())).map(drop)
    }
}

impl State {
    fn up(db: &Database) -> Self {
        Self::Up {
            generation: db.generation(),
            idle: (0..READERS_MAX).map(|_| db.clone()).collect(),
        }
    }
}

/// A handle that goes back when the read ends, also by a panic.
struct Lent {
    db: Option<Database>,
    state: Arc<Mutex<State>>,
}

impl Lent {
    fn take(state: Arc<Mutex<State>>) -> Result<Self, StoreError> {
        let db = match &mut *state.lock() {
            State::Up { idle, .. } => idle.pop(),
            State::Down(error) => return Err(error.clone()),
        };
        Ok(Self { db, state })
    }

    /// Returns the handle, and marks the database as failed if it did.
    ///
    /// # Errors
    /// When the database was replaced meanwhile: what was read may never have become durable.
    fn give_back(&mut self) -> Result<Handle, StoreError> {
        let Some(db) = self.db.take() else {
            return Ok(Handle::Works);
        };
        let check = db.check();
        let handle = match check {
            Ok(()) => Handle::Works,
            Err(_) => Handle::Failed,
        };
        let mut state = self.state.lock();
        match (&mut *state, check) {
            (State::Up { generation, .. }, _) if *generation != db.generation() => {
                Err(io::Error::other("it was reopened during a read").into())
            }
            (State::Up { idle, .. }, Ok(())) => {
                idle.push(db);
                Ok(handle)
            }
            (State::Up { .. }, Err(error)) => {
                *state = State::Down(error.into());
                Ok(handle)
            }
            (State::Down(_), _) => Ok(handle),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // After a panic nobody is there to be told.
        drop(self.give_back());
    }
}

/// The answer of a closed store.
pub(super) fn closed() -> StoreError {
    StoreError::Failed("the store is closed".to_owned())
}
