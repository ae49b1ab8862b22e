//! The chain of a workspace's records, checked link by link.
//!
//! It starts at the workspace's lineage, and each record holds the hash of the one before. So a
//! record that was changed, left out, doubled or slipped in is found.

use crdt_schema::ownership::{Broken, Hash, Record};

use crate::store::{Damage, Store, StoreError, WorkspaceRecord};

/// Records, or directory entries, read at a time.
const PAGE: usize = 256;

/// Where a chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// How many records it has.
    pub records: u64,
    /// The hash of the last one; of the lineage if there is none.
    pub hash: Hash,
}

/// Why a chain could not be followed to its end.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A record does not follow from those before it.
    #[error("{}: {}", .0.record, .0.problem)]
    Broken(Damage),
    /// A record could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl End {
    /// Where a chain without records ends.
    #[must_use]
    pub fn start(lineage: &str) -> Self {
        Self {
            records: 0,
            hash: Hash::of(lineage.as_bytes()),
        }
    }

    /// Where the chain ends with this record, as it is stored.
    ///
    /// # Errors
    /// When it does not follow.
    pub fn then(self, record: &[u8]) -> Result<Self, Broken> {
        let record = Record::from_json(record)?;
        record.follows(self.records, self.hash)?;
        Ok(Self {
            records: record.no,
            hash: record.hash,
        })
    }
}

/// Follows the chain of a workspace's records from the first to the last.
///
/// # Errors
/// At the first record that does not follow or cannot be read.
pub async fn check(store: &dyn Store, workspace: &WorkspaceRecord) -> Result<End, ChainError> {
    let mut end = End::start(&workspace.lineage);
    loop {
        let page = store.records(&workspace.id, end.records, PAGE).await?;
        if page.is_empty() {
            return Ok(end);
        }
        for (number, record) in page {
            end = end.then(&record).map_err(|broken| {
                ChainError::Broken(Damage {
                    record: format!("record {number} of workspace {}", workspace.id),
                    problem: broken.to_string(),
                })
            })?;
        }
    }
}

/// Names the first record of each workspace that does not follow. One that cannot be read is for
/// [`Store::verify`] to name.
///
/// # Errors
/// When the directory cannot be listed.
pub async fn check_all(store: &dyn Store) -> Result<Vec<Damage>, StoreError> {
    let mut broken = Vec::new();
    let mut last = None;
    loop {
        let page = store.list(last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else {
            return Ok(broken);
        };
        last = Some(end.id.clone());
        for workspace in &page {
            match check(store, workspace).await {
                Err(ChainError::Broken(damage)) => broken.push(damage),
                Ok(_) | Err(ChainError::Store(_)) => {}
            }
        }
    }
}
