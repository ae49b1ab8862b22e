//! Blocking reads, a bounded number at a time, away from the async threads.

use std::{
    io,
    sync::{Arc, OnceLock},
};

use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::trees::Trees;
use crate::store::StoreError;

/// Reads that run at once; more wait their turn.
const READERS_MAX: u32 = 8;

pub(super) struct Readers {
    permits: Arc<Semaphore>,
    // One handle per permit: who holds a permit finds a handle. Never held across an await.
    idle: Arc<Mutex<Vec<Trees>>>,
    failed: Arc<Failed>,
}

/// Why the database stopped, once it has: what is in its memory may then be half of a group.
pub(super) type Failed = OnceLock<StoreError>;

impl Readers {
    pub(super) fn new(trees: &Trees, failed: Arc<Failed>) -> Self {
        let idle = (0..READERS_MAX).map(|_| trees.clone()).collect();
        Self {
            permits: Arc::new(Semaphore::new(READERS_MAX as usize)),
            idle: Arc::new(Mutex::new(idle)),
            failed,
        }
    }

    /// Runs `f` on a blocking thread.
    ///
    /// # Errors
    /// What `f` answers, and [`StoreError::Failed`] when the store is closed or has failed, or when
    /// `f` panics.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        f: impl FnOnce(&Trees) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| closed())?;
        if let Some(error) = self.failed.get() {
            return Err(error.clone());
        }
        let idle = Arc::clone(&self.idle);
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let trees = idle.lock().pop();
            let lent = Lent { trees, idle };
            match &lent.trees {
                Some(trees) => f(trees),
                None => Err(closed()),
            }
        });
        read.await.unwrap_or_else(|panic| {
            Err(StoreError::Failed(format!(
                "a read of the database failed: {panic}"
            )))
        })
    }

    /// Waits for the reads under way, refuses later ones and lets go of the database.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(READERS_MAX).await {
            self.permits.close();
            drop(all);
        }
        let idle = std::mem::take(&mut *self.idle.lock());
        drop(tokio::task::spawn_blocking(move || drop(idle)).await);
    }
}

/// A handle that goes back when the read ends, also by a panic.
struct Lent {
    trees: Option<Trees>,
    idle: Arc<Mutex<Vec<Trees>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.idle.lock().extend(self.trees.take());
    }
}

/// The answer of a closed store.
pub(super) fn closed() -> StoreError {
    StoreError::Failed("the store is closed".to_owned())
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        super::trees::database_failed(&error)
    }
}
