//! Blocking reads, a bounded number at a time, away from the async threads.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::database::Database;
use crate::store::StoreError;

/// Reads that run at once; more wait their turn.
const READERS_MAX: u32 = 8;

pub(super) struct Readers {
    permits: Arc<Semaphore>,
    // One handle per permit: who holds a permit finds a handle. Never held across an await.
    idle: Arc<Mutex<Vec<Database>>>,
    failed: Arc<Failed>,
}

/// Why the database stopped, once it has: what is in its memory may then be half of a group.
pub(super) type Failed = OnceLock<StoreError>;

impl Readers {
    pub(super) fn new(db: &Database, failed: Arc<Failed>) -> Self {
        let idle = (0..READERS_MAX).map(|_| db.clone()).collect();
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
        f: impl FnOnce(&Database) -> Result<R, StoreError> + Send + 'static,
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
            let db = idle.lock().pop();
            let lent = Lent { db, idle };
            match &lent.db {
                Some(db) => f(db),
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
    db: Option<Database>,
    idle: Arc<Mutex<Vec<Database>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.idle.lock().extend(self.db.take());
    }
}

/// The answer of a closed store.
pub(super) fn closed() -> StoreError {
    StoreError::Failed("the store is closed".to_owned())
}
