//! What is known of a kept version besides its content: a few words beside it, so that a list of
//! versions need not read them.

use crdt_schema::ids::{MemberId, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::store::{Store, StoreError};

/// When, by whom and under what title a version was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Who made it, or did what it was kept at; `None` when time did.
    pub by: Option<MemberId>,
    /// What it is called; may be empty.
    pub title: String,
}

/// Writes it down for the version `id`.
///
/// # Errors
/// What the store says.
pub(super) async fn keep(
    store: &dyn Store,
    ws: &WorkspaceId,
    id: &str,
    about: &About,
) -> Result<(), StoreError> {
    let json = serde_json::to_vec(about).expect("plain data");
    store.put_checkpoint(ws, &name(id), json.into()).await
}

/// What is known of the version `id`; `None` when nothing is.
///
/// # Errors
/// What the store says.
pub async fn of(
    store: &dyn Store,
    ws: &WorkspaceId,
    id: &str,
) -> Result<Option<About>, StoreError> {
    let json = store.checkpoint(ws, &name(id)).await?;
    Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
}

/// Forgets it.
///
/// # Errors
/// What the store says.
pub(super) async fn forget(
    store: &dyn Store,
    ws: &WorkspaceId,
    id: &str,
) -> Result<(), StoreError> {
    store.delete_checkpoint(ws, &name(id)).await
}

fn name(id: &str) -> String {
    format!("about-{id}")
}
