//! What is kept of each person in a workspace, the newest only: what they saw last, and how far they
//! have come in a review.
//!
//! Names in the store never come to mean other content, so each version has a number of its own;
//! older ones go once the new one is durable.

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;

use crate::store::{Store, StoreError};

/// Between what it is and its number; no id holds it.
const NUMBERED: char = '~';

/// Keeps `content` as the newest of `what`.
///
/// # Errors
/// What the store says.
pub async fn keep(
    store: &dyn Store,
    ws: &WorkspaceId,
    what: &str,
    content: Bytes,
) -> Result<(), StoreError> {
    let older = names(store, ws, what).await?;
    let mut number = older.last().map_or(0, |name| number_of(name) + 1);
    loop {
        let name = format!("{what}{NUMBERED}{number:012}");
        match store.put_checkpoint(ws, &name, content.clone()).await {
            // Somebody keeps another one at the same time.
            Err(StoreError::Exists) => number += 1,
            Err(error) => return Err(error),
            Ok(()) => break,
        }
    }
    for name in older {
        store.delete_checkpoint(ws, &name).await?;
    }
    Ok(())
}

/// The newest of `what`, if there is one.
///
/// # Errors
/// What the store says.
pub async fn newest(
    store: &dyn Store,
    ws: &WorkspaceId,
    what: &str,
) -> Result<Option<Bytes>, StoreError> {
    match names(store, ws, what).await?.last() {
        Some(name) => store.checkpoint(ws, name).await,
        None => Ok(None),
    }
}

/// The names of all there are, the oldest first.
async fn names(store: &dyn Store, ws: &WorkspaceId, what: &str) -> Result<Vec<String>, StoreError> {
    let mut names = store.checkpoints(ws).await?;
    names.retain(|name| name.rsplit_once(NUMBERED).is_some_and(|(of, _)| of == what));
    Ok(names)
}

fn number_of(name: &str) -> u64 {
    let number = name.rsplit_once(NUMBERED).map(|(_, number)| number.parse());
    number.and_then(Result::ok).unwrap_or(0)
}
