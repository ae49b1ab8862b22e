//! Hearing that a workspace has changed.
//!
//! Invariant: whoever watches is told at least once after the last change, and not more often than
//! every [`PAUSE`]. A workspace that nobody is in is watched without being opened.

use std::{sync::Arc, time::Duration};

use crdt_schema::ids::WorkspaceId;
use futures_util::{StreamExt as _, stream::BoxStream};

use crate::store::{Entry, Seq, Store, StoreError};

/// Changes that come within so long are told together.
const PAUSE: Duration = Duration::from_millis(500);

/// Follows one workspace.
pub(super) struct Watch {
    store: Arc<dyn Store>,
    workspace: WorkspaceId,
    entries: BoxStream<'static, Result<(Seq, Entry), StoreError>>,
}

impl Watch {
    /// Watches from now on.
    ///
    /// # Errors
    /// When there is no such workspace, or it cannot be read.
    pub(super) async fn new(
        store: Arc<dyn Store>,
        workspace: WorkspaceId,
    ) -> Result<Self, StoreError> {
        let entries = from_now(&store, &workspace).await?;
        Ok(Self {
            store,
            workspace,
            entries,
        })
    }

    /// Returns after the next change, or `None` when the workspace is gone.
    pub(super) async fn changed(&mut self) -> Option<()> {
        let entry = self.entries.next().await;
        self.follow(entry).await?;
        let pause = tokio::time::sleep(PAUSE);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return Some(()),
                entry = self.entries.next() => self.follow(entry).await?,
            }
        }
    }

    /// Goes on after `entry`; after a gap from now, which counts as a change.
    async fn follow(&mut self, entry: Option<Result<(Seq, Entry), StoreError>>) -> Option<()> {
        if let Some(Ok(_)) = entry {
            return Some(());
        }
        self.entries = from_now(&self.store, &self.workspace).await.ok()?;
        Some(())
    }
}

/// Entries that come after those that are there.
async fn from_now(
    store: &Arc<dyn Store>,
    workspace: &WorkspaceId,
) -> Result<BoxStream<'static, Result<(Seq, Entry), StoreError>>, StoreError> {
    let loaded = store.load(workspace).await?;
    let stored = loaded.snapshot.map_or(0, |snapshot| snapshot.upto);
    let last = loaded.tail.last().map_or(stored, |(seq, _)| *seq);
    Ok(store.follow(workspace, last))
}
